import { complexMatrix, matrixMultiply, solveHermitian, symmetricEigen } from '../../math/index.js';
import type { Pilot } from './pilot.js';
import { tapCount } from './scene.js';

/** Taps as a mean and a few real coefficients: the person moves them in few directions only. */
export interface TapSubspace {
  mean: Float64Array;
  /** Orthonormal real directions over interleaved taps. */
  directions: Float64Array[];
}

/** Principal components of aligned taps around their mean. */
export function tapSubspace(all: readonly Float64Array[], mean: Float64Array, count: number): TapSubspace {
  const n = 2 * tapCount;
  const covariance = new Float64Array(n * n);
  for (const taps of all)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) covariance[i * n + j]! += (taps[i]! - mean[i]!) * (taps[j]! - mean[j]!);
  const largest = Math.max(...covariance);
  const { vectors } = symmetricEigen(
    covariance.map((value) => value / largest),
    n,
  );
  return { mean, directions: Array.from({ length: count }, (_, k) => vectors.slice(k * n, (k + 1) * n)) };
}

/** Coefficients of taps in a subspace. */
export function coefficients({ mean, directions }: TapSubspace, taps: Float64Array): Float64Array {
  return Float64Array.from(directions, (direction) =>
    direction.reduce((sum, value, i) => sum + value * (taps[i]! - mean[i]!), 0),
  );
}

/** Taps of coefficients. */
export function tapsFrom({ mean, directions }: TapSubspace, values: Float64Array): Float64Array {
  return mean.map((value, i) => directions.reduce((sum, d, k) => sum + values[k]! * d[i]!, value));
}

/** Reads coefficients from preambles. */
export interface CoefficientReader {
  /** Least-squares coefficients of a preamble (X^H y) whose phase was taken away. */
  read(statistic: Float64Array): Float64Array;
  /** Variance of each coefficient for noise of variance 1 per complex sample. */
  variances: Float64Array;
}

/** Least squares restricted to a subspace. */
export function coefficientReader({ gram }: Pilot, { mean, directions }: TapSubspace): CoefficientReader {
  const through = (taps: Float64Array) => matrixMultiply(gram, complexMatrix(tapCount, 1, taps)).data;
  const count = directions.length;
  const normal = complexMatrix(count, count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      normal.data[2 * (i * count + j)] = dot(directions[i]!, through(directions[j]!));
  const solve = (right: Float64Array) => {
    const column = complexMatrix(count, 1);
    for (const [i, value] of right.entries()) column.data[2 * i] = value;
    const { data } = solveHermitian(normal, column);
    return Float64Array.from({ length: count }, (_, i) => data[2 * i]!);
  };
  const ofMean = through(mean);
  return {
    read(statistic) {
      const rest = statistic.map((value, i) => value - ofMean[i]!);
      return solve(Float64Array.from(directions, (direction) => dot(direction, rest)));
    },
    variances: Float64Array.from({ length: count }, (_, k) => {
      const unit = new Float64Array(count);
      unit[k] = 1;
      return solve(unit)[k]! / 2;
    }),
  };
}

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
