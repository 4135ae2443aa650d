import { InputError } from '../../base/index.js';
import { hermitianEigen } from '../../math/index.js';
import { averagedCovariance, dimensionCovariance } from '../estimators/covariance.js';
import { type SourceCount, sourceCount } from '../estimators/order.js';
import { musicRootsOf } from '../estimators/root-music.js';
import { wrapped } from '../model/harmonic.js';
import type { Observation } from '../types.js';

/** Frequencies found in one dimension. */
export interface Candidates {
  /** Distinct frequencies, radians a sample of the compressed observation, at least one. */
  readonly mu: readonly number[];
  /** Sources by the criterion, or as given. */
  readonly count: number;
}

export interface CandidateOptions {
  readonly order: SourceCount;
  /** Independent values that the observation is made of. */
  readonly values: number;
  /** Forward-backward averaging of the covariance. */
  readonly backward: boolean;
}

/** Frequencies closer than this part of a Fourier bin are one. */
const SAME = 1e-3;

/**
 * The second stage of PLAIN, for one dimension by itself: the covariance with all other dimensions as snapshots, its
 * signal subspace, and root-MUSIC on it.
 * @throws InputError when the unfolding has one column only: its covariance has rank 1 whatever the scene.
 */
export function candidatesOf(
  observation: Observation,
  dimension: number,
  options: CandidateOptions,
): Candidates {
  const covarianceOf = options.backward ? averagedCovariance : dimensionCovariance;
  const { covariance, samples: columns } = covarianceOf(observation, dimension);
  // Blocks that overlap share their noise.
  const samples = Math.min(columns, Math.floor(options.values / covariance.rows));
  if (columns < 2) {
    throw new InputError(
      `dimension ${dimension} has 1 snapshot; allowed: 2 or more, made of one by smoothing or other dimensions`,
    );
  }
  const eigen = hermitianEigen(covariance);
  const size = covariance.rows;
  const count = countOf(eigen.values, samples, options);
  const found = Math.min(Math.max(1, count), size - 1, options.backward ? 2 * columns : columns);
  const mu = musicRootsOf(eigen, found).map((root) => root.mu);
  return { mu: distinct(mu, (SAME * 2 * Math.PI) / size), count };
}

/** Of fewer samples than sensors, the eigenvalues that are not 0 are those of the samples' Gram matrix: roles change. */
function countOf(eigenvalues: Float64Array, samples: number, { order, backward }: CandidateOptions): number {
  if (typeof order === 'number') return order;
  const rank = Math.min(eigenvalues.length, backward ? 2 * samples : samples);
  return sourceCount(eigenvalues.subarray(0, rank), Math.max(samples, eigenvalues.length), order);
}

function distinct(mu: readonly number[], gap: number): number[] {
  const kept: number[] = [];
  for (const value of mu) {
    if (kept.every((other) => Math.abs(wrapped(value - other)) > gap)) kept.push(value);
  }
  return kept;
}
