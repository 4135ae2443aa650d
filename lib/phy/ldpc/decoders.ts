import { requireChoice, requireInteger } from '../../base/index.js';
import type { LiftedGraph } from './base-graph.js';
import { FloodingSumProduct } from './flooding.js';
import { LayeredMinSum } from './layered.js';
import { SimdMinSum } from './simd.js';
import type { StopRule, WordDecoder } from './word-decoder.js';

/**
 * `min-sum`: layered normalised min-sum in floats. `min-sum-int8`: the same in 8-bit integers and SIMD, several ten
 * times as fast. `sum-product`: flooding, exact in double precision, the oracle.
 */
export type LdpcDecoder = 'min-sum' | 'sum-product' | 'min-sum-int8';

export interface DecoderOptions {
  /** Default `min-sum`. */
  decoder?: LdpcDecoder;
  /** Most iterations, 1 to 1000; default 20. */
  iterations?: number;
  /** Stop as soon as all checks hold; default true. */
  earlyStop?: boolean;
}

const decoders: Record<LdpcDecoder, new (graph: LiftedGraph, stop: StopRule) => WordDecoder> = {
  'min-sum': LayeredMinSum,
  'sum-product': FloodingSumProduct,
  'min-sum-int8': SimdMinSum,
};

/** @throws InputError for an unknown decoder or iterations out of range. */
export function wordDecoder(graph: LiftedGraph, options: DecoderOptions): WordDecoder {
  const { decoder = 'min-sum', iterations = 20, earlyStop = true } = options;
  requireChoice('decoder', decoder, Object.keys(decoders) as LdpcDecoder[]);
  requireInteger('iterations', iterations, 1, 1000);
  return new decoders[decoder](graph, { iterations, earlyStop });
}
