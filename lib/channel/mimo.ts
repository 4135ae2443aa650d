import { requireChoice, requireInteger, requireRange } from '../base/index.js';
import type { ComplexMatrix, Rng } from '../math/index.js';
import { drawNoise, requireShape } from './additive.js';
import { correlateAntennas, correlationRoots } from './correlation.js';
import { type MimoChannel, mimoRealisationOf } from './mimo-realisation.js';

/** Of a flat channel between two arrays. */
export interface MimoOptions {
  /** Mean Es/N0 in dB of one transmit antenna at one receive antenna, -50 to 100. */
  snrDb: number;
  /** Antennas, 1 to 256. */
  receive: number;
  transmit: number;
  /** Correlation matrices, as `exponentialCorrelation` makes them; independent antennas when left out. */
  receiveCorrelation?: ComplexMatrix;
  transmitCorrelation?: ComplexMatrix;
  /** One matrix a codeword ('block', the default) or a use ('fast'). */
  fading?: 'block' | 'fast';
}

/**
 * Flat Rayleigh fading between arrays with Kronecker correlation: H = L_R G L_T^T with G of independent complex
 * Gaussians of unit variance and L L^H = R at each end, so that E H[i, j] conj(H[k, l]) = R_R[i, k] R_T[j, l]
 * (Kermoal et al. 2002).
 * @throws InputError when an option is out of range or a matrix is no correlation matrix of its array.
 */
export function mimoRayleigh(options: MimoOptions): MimoChannel {
  const receive = requireInteger('receive', options.receive, 1, 256);
  const transmit = requireInteger('transmit', options.transmit, 1, 256);
  const snrDb = requireRange('snrDb', options.snrDb, -50, 100, 'dB');
  const fading = requireChoice('fading', options.fading ?? 'block', ['block', 'fast'] as const);
  const roots = correlationRoots(options);
  return {
    name: `mimo-${receive}x${transmit}-${fading}`,
    receive,
    transmit,
    snrDb,
    sample(rng, { codewords, uses }) {
      requireShape({ codewords, uses: uses * Math.max(receive, transmit) });
      const noise = mimoNoise(rng, snrDb, codewords, uses * receive);
      const matrices = fading === 'fast' ? codewords * uses : codewords;
      const gains = rng.fillComplexNormal(new Float32Array(2 * matrices * receive * transmit), 1);
      correlateAntennas(gains, { receive, transmit, inner: 1 }, roots);
      return mimoRealisationOf({ shape: { codewords, uses, receive, transmit }, fading, gains, ...noise });
    },
  };
}

/** Noise of one SNR for all, `numbers` complex ones a codeword. */
export function mimoNoise(rng: Rng, snrDb: number, codewords: number, numbers: number) {
  const noiseVariance = 10 ** (-snrDb / 10);
  const variances = new Float32Array(codewords).fill(noiseVariance);
  return { noiseVariance, noise: drawNoise(rng, { codewords, uses: numbers }, variances) };
}
