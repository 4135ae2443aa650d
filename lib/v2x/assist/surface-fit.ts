/** A disparity that a surface should have at a column. */
export interface Observation {
  readonly column: number;
  readonly disparity: number;
  readonly variance: number;
  /** Whether the surface's common error is in it: of the cameras, not of the LiDAR. */
  readonly biased: boolean;
}

/** What is known of a surface: its true disparity at a column, and how sure. */
export interface SurfaceFit {
  disparity(column: number): number;
  variance(column: number): number;
}

/** Start, slope, bend and common error. */
const SIZE = 4;
/** Variances before anything is seen, of the first three: pixels, pixels a column, and that again. */
const PRIOR = [1e4, 1, 1] as const;
/** Most columns tried for the bend. */
const BENDS = 16;

interface Estimate extends SurfaceFit {
  /** Minus twice the logarithm of the evidence. */
  readonly cost: number;
  readonly bend: number;
}

/**
 * The upright plane that explains the observations of a surface, or the two that meet where it is nearest, as sides of a
 * box do: an upright plane's disparity is linear in the column. What all camera pixels of the surface share is estimated along,
 * with the prior of its variance, so a few unbiased observations move all others. Linear Gaussian estimation by one observation after
 * the other; of straight and bent the one of the greater evidence.
 * @param observations at least one
 * @param biasVariance of the common error, pixels squared
 */
export function fitSurface(observations: readonly Observation[], biasVariance: number): SurfaceFit {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { column } of observations) [first, last] = [Math.min(first, column), Math.max(last, column)];
  let best = estimate(observations, biasVariance, first);
  const step = Math.max(1, Math.ceil((last - first) / BENDS));
  for (let bend = first + 2; bend <= last - 2; bend += step) {
    const bent = estimate(observations, biasVariance, first, bend);
    if (bent.bend < 0 && bent.cost < best.cost) best = bent;
  }
  return best;
}

function estimate(
  observations: readonly Observation[],
  biasVariance: number,
  first: number,
  bend = Number.POSITIVE_INFINITY,
): Estimate {
  const mean = new Float64Array(SIZE);
  const covariance = new Float64Array(SIZE * SIZE);
  for (const [at, variance] of [...PRIOR, biasVariance].entries()) covariance[(SIZE + 1) * at] = variance;
  const [basis, towards] = [new Float64Array(SIZE), new Float64Array(SIZE)];
  const turnTo = (column: number, biased: boolean) => {
    basis[0] = 1;
    basis[1] = column - first;
    basis[2] = Math.max(0, column - bend);
    basis[3] = biased ? 1 : 0;
    timesVector(covariance, basis, towards);
  };
  let cost = 0;
  for (const { column, disparity, variance, biased } of observations) {
    turnTo(column, biased);
    cost += observe(mean, covariance, basis, towards, disparity, variance);
  }
  return {
    ...{ cost, bend: mean[2]! },
    disparity(column) {
      turnTo(column, false);
      return dot(mean, basis);
    },
    variance(column) {
      turnTo(column, false);
      return dot(towards, basis);
    },
  };
}

/** Takes one observation in; minus twice the logarithm of how likely it was, but for a constant. */
function observe(
  mean: Float64Array,
  covariance: Float64Array,
  basis: Float64Array,
  towards: Float64Array,
  value: number,
  variance: number,
): number {
  const spread = dot(towards, basis) + variance;
  const surprise = value - dot(mean, basis);
  for (let i = 0; i < SIZE; i++) {
    const gain = towards[i]! / spread;
    mean[i]! += gain * surprise;
    for (let j = 0; j < SIZE; j++) covariance[SIZE * i + j]! -= gain * towards[j]!;
  }
  return surprise ** 2 / spread + Math.log(spread);
}

function timesVector(matrix: Float64Array, vector: Float64Array, product: Float64Array): void {
  for (let i = 0, at = 0; i < SIZE; i++) {
    let sum = 0;
    for (let j = 0; j < SIZE; j++, at++) sum += matrix[at]! * vector[j]!;
    product[i] = sum;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < SIZE; i++) sum += a[i]! * b[i]!;
  return sum;
}
