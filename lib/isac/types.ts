/**
 * What passes between model, estimators, bounds and metrics. One source is one rank-one term: gain times the outer
 * product over the dimensions d of [exp(i mu_d n)], n = 0 ... N_d - 1.
 */

/** A source (path, target echo) of the multilinear harmonic model. */
export interface Source {
  /** Harmonic frequency of each dimension, radians a sample. */
  readonly mu: readonly number[];
  /** Interleaved complex: its gain in each snapshot. */
  readonly gains: Float64Array;
}

/** A source as estimated: frequencies in [-pi, pi), gains by least squares. */
export type Estimate = Source;

/** What every estimator returns. */
export interface Estimates {
  /**
   * True when the sources found pass every check of the estimator; then they are all the sources of the scene as far as
   * the data can tell. False: `sources` is only what came out, perhaps nothing, and is not to be trusted.
   */
  readonly resolved: boolean;
  /** Why not, one line; present exactly when `resolved` is false. */
  readonly reason?: string;
  readonly sources: readonly Estimate[];
}

/** Samples of the model in noise. */
export interface Observation {
  /** N_1 ... N_D */
  readonly shape: readonly number[];
  /** T: repetitions with the same frequencies and other gains. */
  readonly snapshots: number;
  /** Interleaved complex, snapshots x N_1 x ... x N_D, the last index fastest. */
  readonly data: Float64Array;
}
