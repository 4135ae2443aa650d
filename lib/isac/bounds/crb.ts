import { InputError, requireInteger, requireRange } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  invertHermitian,
  matrixMultiply,
} from '../../math/index.js';
import { requireSource } from '../model/harmonic.js';
import type { Axis } from '../model/index.js';
import type { Source } from '../types.js';
import { centredGains, frequencyInformation, steeringProducts } from './products.js';

/** A frequency that several sources are known to share. */
export interface Tie {
  dimension: number;
  /** Indices of two or more sources. */
  sources: readonly number[];
}

/** What a bound is computed for. */
export interface BoundOptions {
  shape: readonly number[];
  /** sigma^2 of a complex sample, above 0. */
  noiseVariance: number;
  /** Default none. */
  tied?: readonly Tie[];
}

/** Lower bound on the covariance of unbiased estimates of all frequencies. */
export interface Bound {
  /** Of mu in dimension d of source l: `variances[l][d]`, squared radians a sample. */
  variances: number[][];
  /** Of all frequencies, source by source: row and column l D + d; imaginary parts are 0. */
  covariance: ComplexMatrix;
}

/**
 * Joint deterministic Cramer-Rao bound of the multilinear harmonic model: all frequencies and all gains unknown, the gains
 * profiled out, (sigma^2 / 2) [sum_t Re(D_t^H (I - A A^+) D_t)]^-1 (Stoica and Nehorai 1989, for D dimensions).
 *
 * An estimator that knows that sources share a frequency (or forces them to, as one root for both does) can go below it:
 * `tied` gives the bound for that knowledge, S (S^T J S)^-1 S^T with the ties' selection S (Gorman and Hero 1990).
 * @throws InputError for sources that do not fit the shape, coinciding sources, or a parameter out of range.
 */
export function cramerRaoBound(sources: readonly Source[], options: BoundOptions): Bound {
  const { shape, noiseVariance, tied = [] } = options;
  requireRange('noiseVariance', noiseVariance, Number.MIN_VALUE, Number.MAX_VALUE);
  if (sources.length === 0) throw new InputError('bound of 0 sources; allowed: 1 or more');
  const snapshots = sources[0]!.gains.length / 2;
  for (const source of sources) requireSource(source, shape, snapshots);
  const { projected } = steeringProducts(
    sources.map(({ mu }) => mu),
    shape,
  );
  const information = frequencyInformation(
    projected,
    sources.map((source) => centredGains(source, shape)),
  );
  const select = selection(sources.length, shape.length, tied);
  const reduced = matrixMultiply(conjugateTranspose(select), matrixMultiply(information, select));
  const inverse = matrixMultiply(
    select,
    matrixMultiply(invertHermitian(reduced), conjugateTranspose(select)),
  );
  const covariance = complexMatrix(
    inverse.rows,
    inverse.rows,
    inverse.data.map((value) => (value * noiseVariance) / 2),
  );
  return { covariance, variances: diagonalOf(covariance, shape.length) };
}

function diagonalOf({ rows, data }: ComplexMatrix, dims: number): number[][] {
  return Array.from({ length: rows / dims }, (_, l) =>
    Array.from({ length: dims }, (_, d) => data[2 * (l * dims + d) * (rows + 1)]!),
  );
}

/** Columns are the free frequencies; a row has a 1 in the column of its frequency. */
function selection(sources: number, dims: number, tied: readonly Tie[]): ComplexMatrix {
  const owner = Array.from({ length: sources * dims }, (_, row) => row);
  for (const tie of tied) {
    requireInteger('tied dimension', tie.dimension, 0, dims - 1);
    const rows = tie.sources.map(
      (l) => requireInteger('tied source', l, 0, sources - 1) * dims + tie.dimension,
    );
    const first = owner[rows[0] ?? 0]!;
    const joined = rows.map((row) => owner[row]!);
    for (const [row, free] of owner.entries()) if (joined.includes(free)) owner[row] = first;
  }
  const columns = [...new Set(owner)];
  const out = complexMatrix(owner.length, columns.length);
  for (const [row, free] of owner.entries()) out.data[2 * (row * columns.length + columns.indexOf(free))] = 1;
  return out;
}

/** One source: its power over the noise variance, in each sample. */
export interface SingleSource {
  shape: readonly number[];
  dimension: number;
  /** |b|^2 / sigma^2, above 0; linear, not dB. */
  snr: number;
  /** Default 1. */
  snapshots?: number;
}

/**
 * Bound on the frequency of a single source, 6 / (T rho N_tot (N_d^2 - 1)), squared radians (Rife and Boorstyn 1974). Infinite
 * in a dimension of one sample.
 * @throws InputError for a parameter out of range.
 */
export function singleSourceBound({ shape, dimension, snr, snapshots = 1 }: SingleSource): number {
  requireInteger('dimension', dimension, 0, shape.length - 1);
  requireRange('snr', snr, Number.MIN_VALUE, Number.MAX_VALUE);
  requireInteger('snapshots', snapshots, 1);
  const total = shape.reduce((a, b) => a * b, snapshots);
  return 6 / (snr * total * (shape[dimension]! ** 2 - 1));
}

/** Standard deviation of an axis's value, in its unit, for a variance of its frequency: to first order. */
export function axisDeviation(axis: Axis, value: number, variance: number): number {
  return Math.sqrt(variance) / Math.abs(axis.slope(value));
}
