import type { ComplexMatrix } from '../../math/index.js';
import type { Constellation, DemapMethod } from '../constellation/index.js';
import type { Noise } from './whiten.js';

/** The points that all streams choose from, and their labels. */
export type LabelledPoints = Pick<Constellation, 'points' | 'bitsPerSymbol'>;

/** What a detector that searches says of one received vector. */
export interface VectorDecision {
  /** The label of each stream's symbol in the most likely vector found. */
  readonly labels: Uint32Array;
  /** LLRs log p(0) - log p(1), `bitsPerSymbol` a stream, stream after stream. */
  readonly llrs: Float32Array;
}

/** A detector of one channel matrix that decides on all streams together. */
export interface VectorDetector {
  /**
   * @param received interleaved complex, one an antenna
   * @throws InputError when the length does not fit.
   */
  detect(received: Float64Array): VectorDecision;
}

/** Makes the detector of a channel y = H x + n, H being receive x streams. */
export type VectorDetection = (h: ComplexMatrix, noise: Noise) => VectorDetector;

/** How LLRs come from the vectors considered. */
export interface SoftOptions {
  /** `app` (default): exact over the vectors considered; `max-log`: the likeliest of either bit value. */
  method?: DemapMethod;
}
