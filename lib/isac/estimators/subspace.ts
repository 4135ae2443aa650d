import { InputError, requireInteger } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  complexTensor,
  conjugateTranspose,
  hermitianEigen,
  matrixMultiply,
  rowGramMatrix,
  unfold,
} from '../../math/index.js';
import { requireObservation } from '../model/harmonic.js';
import type { Observation } from '../types.js';
import { smoothed } from './covariance.js';
import { type SourceCount, sourceCount } from './order.js';

/** What all subspace estimators take. */
export interface SubspaceOptions {
  /** How many, or the criterion that says it. */
  sources: SourceCount;
  /**
   * Size of the sub-tensors of spatial smoothing; the observation's own means no smoothing. Default: no smoothing of several
   * snapshots, two thirds or more of each dimension of a single one.
   */
  subarray?: readonly number[];
  /** Forward-backward averaging, default true. */
  backward?: boolean;
}

/** The signal subspace, or why there is none. */
export type Subspace =
  | { basis: Observation; samples: Observation; reason?: undefined }
  | { reason: string; basis?: undefined };

/** Eigenvalues below this part of the largest are rounding errors. */
const ROUNDING = 1e-13;
/** Sub-tensors of a single snapshot at most, before forward-backward averaging. */
const MAX_WINDOWS = 64;

/**
 * The strongest left singular vectors of the samples, as an observation: one vector a snapshot.
 * @throws InputError for a bad observation or an option out of range.
 */
export function signalSubspace(observation: Observation, options: SubspaceOptions): Subspace {
  requireObservation(observation);
  const samples = smoothedBy(observation, options);
  const rows = complexMatrix(samples.snapshots, samples.data.length / 2 / samples.snapshots, samples.data);
  const wide = rows.rows > rows.columns;
  const { values, vectors } = hermitianEigen(rowGramMatrix(wide ? conjugateTranspose(rows) : rows));
  const independent = (options.backward ?? true) ? Math.max(1, rows.rows / 2) : rows.rows;
  const count = countOf(options.sources, values, Math.floor(independent));
  if (count === 0) return { reason: 'empty scene: no eigenvalue stands out of the noise' };
  if (count >= rows.columns)
    return { reason: `${count} sources in ${rows.columns} samples; needs more samples` };
  const rank = values.filter((value) => value > ROUNDING * rows.columns * values[0]!).length;
  if (rank < count)
    return { reason: `signal space of rank ${rank} for ${count} sources: coherent, or too few snapshots` };
  const chosen = conjugateTranspose(firstColumns(vectors, count));
  const basis = wide ? chosen : unitRows(matrixMultiply(chosen, rows));
  return { basis: { shape: samples.shape, snapshots: count, data: basis.data }, samples };
}

function countOf(sources: SourceCount, values: Float64Array, samples: number): number {
  if (typeof sources === 'number') return requireInteger('sources', sources, 1, 1000);
  return sourceCount(values, samples, sources);
}

function smoothedBy(observation: Observation, options: SubspaceOptions): Observation {
  const { shape, snapshots } = observation;
  const subarray = options.subarray ?? (snapshots > 1 ? shape : defaultSubarray(shape));
  const backward = options.backward ?? true;
  if (!backward && subarray.every((size, d) => size === shape[d])) return observation;
  return smoothed(observation, subarray, backward);
}

/** Two thirds of each dimension, or more where that makes over 64 sub-tensors. */
export function defaultSubarray(shape: readonly number[]): number[] {
  const windows = shape.map((size) => 1 + Math.floor(size / 3));
  while (windows.reduce((a, b) => a * b, 1) > MAX_WINDOWS) {
    const widest = windows.indexOf(Math.max(...windows));
    windows[widest] = Math.ceil(windows[widest]! / 2);
  }
  return shape.map((size, d) => size - windows[d]! + 1);
}

export function firstColumns(a: ComplexMatrix, count: number): ComplexMatrix {
  const out = complexMatrix(a.rows, count);
  for (let i = 0; i < a.rows; i++)
    out.data.set(a.data.subarray(2 * i * a.columns, 2 * (i * a.columns + count)), 2 * i * count);
  return out;
}

function unitRows(a: ComplexMatrix): ComplexMatrix {
  for (let i = 0; i < a.rows; i++) {
    const row = a.data.subarray(2 * i * a.columns, 2 * (i + 1) * a.columns);
    const size = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let at = 0; at < row.length; at++) row[at]! /= size;
  }
  return a;
}

/** A^T, without conjugation. */
export function transposed({ rows, columns, data }: ComplexMatrix): ComplexMatrix {
  return unfold(complexTensor([rows, columns], data), 1);
}

/** @throws InputError unless the observation has one dimension. */
export function requireLine({ shape }: Observation, what: string): number {
  if (shape.length !== 1)
    throw new InputError(`${what} of an observation of ${shape.length} dimensions; allowed: 1`);
  return shape[0]!;
}
