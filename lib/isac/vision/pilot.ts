import {
  addToDiagonal,
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  gramMatrix,
  matrixMultiply,
  solveHermitian,
} from '../../math/index.js';
import { preamble, preambleSamples } from './packet.js';
import { correlate, turned } from './phase.js';
import { originTap, tapCount } from './scene.js';

/** The preamble as a matrix X: what arrives of it is X times the taps. */
export interface Pilot {
  /** X^H, [taps, samples]. */
  adjoint: ComplexMatrix;
  /** X^H X. */
  gram: ComplexMatrix;
}

/** The preamble of a packet, over the samples that depend on nothing but it. */
export function pilotOf(): Pilot {
  const sent = preamble();
  const matrix = complexMatrix(preambleSamples, tapCount);
  for (let row = 0; row < preambleSamples; row++) {
    for (let tap = 0; tap < tapCount; tap++) {
      const from = 2 * (row + tapCount - 1 - tap);
      matrix.data.set(sent.subarray(from, from + 2), 2 * (row * tapCount + tap));
    }
  }
  return { adjoint: conjugateTranspose(matrix), gram: gramMatrix(matrix) };
}

/** X^H y: all that a received packet's preamble says of the taps. */
export function pilotStatistic({ adjoint }: Pilot, received: Float64Array): Float64Array {
  const first = tapCount - 1 - originTap;
  const part = received.slice(2 * first, 2 * (first + preambleSamples));
  return matrixMultiply(adjoint, complexMatrix(preambleSamples, 1, part)).data;
}

/**
 * Least-squares taps of a preamble, with the ridge noise / prior, where `prior` is the mean power of a tap: without it
 * the eleven taps of a signal that fills a third of its band would hardly be determined.
 */
export function leastSquaresTaps(
  { gram }: Pilot,
  statistic: Float64Array,
  { noise, prior }: { noise: number; prior: number },
): Float64Array {
  return solveHermitian(addToDiagonal(gram, noise / prior), complexMatrix(tapCount, 1, statistic)).data;
}

/** Taps turned by the phase that best explains a preamble. */
export function withPilotPhase(statistic: Float64Array, taps: Float64Array): Float64Array {
  const { re, im } = correlate(statistic, taps);
  const size = Math.hypot(re, im);
  return size === 0 ? taps : turned(taps, re / size, im / size);
}
