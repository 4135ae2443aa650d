import { InputError } from '../../base/index.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  conjugateTranspose,
  gramMatrix,
  invertHermitian,
  matrixMultiply,
} from '../../math/index.js';
import { asColumn, type Noise, whiten } from './whiten.js';

/** A linear detector of one channel matrix. */
export interface LinearDetector {
  /**
   * Variance of what is left beside each stream's symbol, interference included, at unit gain: what a
   * demapper takes as N0.
   */
  readonly noiseVariance: Float64Array;
  /**
   * Estimates of unit gain of the streams' symbols.
   * @param received interleaved complex, one an antenna
   * @returns interleaved complex, one a stream
   * @throws InputError when the length does not fit.
   */
  detect(received: Float64Array): Float64Array;
}

/** Makes the detector of a channel y = H x + n, H being receive x streams, x of unit energy a stream. */
export type LinearDetection = (h: ComplexMatrix, noise: Noise) => LinearDetector;

/**
 * Zero forcing, x = (H^H S^-1 H)^-1 H^H S^-1 y for noise of covariance S: no interference is left; the variances
 * are the diagonal of (H^H S^-1 H)^-1. Over i.i.d. Rayleigh fading a stream behaves as with maximum ratio
 * combining of receive - streams + 1 antennas (Winters, Salz, Gitlin 1994).
 * @throws InputError when there are more streams than antennas, H is of deficient rank, or the noise does not fit.
 */
export const zeroForcing: LinearDetection = (h, noise) => {
  if (h.columns > h.rows) {
    throw new InputError(
      `zero forcing of ${h.columns} streams at ${h.rows} antennas; allowed: no more streams`,
    );
  }
  const { channel, apply } = whiten(h, noise);
  const inverse = invertHermitian(gramMatrix(channel));
  const filter = matrixMultiply(inverse, conjugateTranspose(channel));
  return detector(filter, diagonalOf(inverse), apply);
};

/**
 * Linear minimum mean square error detection, scaled to unit gain: A = (H^H S^-1 H + I)^-1 H^H S^-1 H,
 * x_k = (A-filter y)_k / a_kk, of variance 1/a_kk - 1 (Verdu 1998, chapter 6). The scaled filter has the largest
 * signal-to-interference-and-noise ratio of all linear ones.
 * @throws InputError when the noise is not above 0 or does not fit.
 */
export const lmmse: LinearDetection = (h, noise) => {
  const { channel, apply } = whiten(h, noise);
  // A = I - (G + I)^-1 in exact arithmetic; the filter times the channel keeps the digits of small gains.
  const inverse = invertHermitian(addToDiagonal(gramMatrix(channel), 1));
  const filter = matrixMultiply(inverse, conjugateTranspose(channel));
  const gains = diagonalOf(matrixMultiply(filter, channel));
  const remaining = diagonalOf(inverse);
  scaleRows(filter, gains);
  return detector(
    filter,
    gains.map((gain, k) => remaining[k]! / gain),
    apply,
  );
};

/**
 * Matched filter, x_k = h_k^H S^-1 y / |h_k|^2: the most of a stream's own energy, all of the others'
 * interference, which the variances count as noise.
 * @throws InputError when the noise is not above 0 or does not fit.
 */
export const matchedFilter: LinearDetection = (h, noise) => {
  const { channel, apply } = whiten(h, noise);
  const gram = gramMatrix(channel);
  const energies = diagonalOf(gram);
  const filter = conjugateTranspose(channel);
  scaleRows(filter, energies);
  return detector(
    filter,
    energies.map((energy, k) => (rowPower(gram, k) - energy ** 2 + energy) / energy ** 2),
    apply,
  );
};

/**
 * Maximum ratio combining of one stream over several antennas, the matched filter without interference: the
 * signal-to-noise ratios of the antennas add up (Brennan 1959).
 * @throws InputError when H has more than one column, or the noise does not fit.
 */
export const maximumRatioCombining: LinearDetection = (h, noise) => {
  if (h.columns !== 1) throw new InputError(`maximum ratio combining of ${h.columns} streams; allowed: 1`);
  return matchedFilter(h, noise);
};

function detector(
  filter: ComplexMatrix,
  noiseVariance: Float64Array,
  apply: (received: ComplexMatrix) => ComplexMatrix,
): LinearDetector {
  return { noiseVariance, detect: (received) => matrixMultiply(filter, apply(asColumn(received))).data };
}

function diagonalOf({ columns, data }: ComplexMatrix): Float64Array {
  const out = new Float64Array(columns);
  for (let k = 0; k < columns; k++) out[k] = data[2 * k * (columns + 1)]!;
  return out;
}

/** Divides row k by `divisors[k]`. */
function scaleRows({ rows, columns, data }: ComplexMatrix, divisors: Float64Array): void {
  for (let k = 0; k < rows; k++) {
    for (let at = 2 * k * columns; at < 2 * (k + 1) * columns; at++) data[at]! /= divisors[k]!;
  }
}

function rowPower({ columns, data }: ComplexMatrix, k: number): number {
  let sum = 0;
  for (let at = 2 * k * columns; at < 2 * (k + 1) * columns; at++) sum += data[at]! * data[at]!;
  return sum;
}
