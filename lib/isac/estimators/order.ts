import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import type { Numbers } from '../../math/index.js';

/** Akaike's criterion, which rather finds too many, or minimum description length, which rather misses weak ones. */
export type OrderCriterion = 'aic' | 'mdl';

/** A known number of sources, or the criterion that chooses it. */
export type SourceCount = number | OrderCriterion;

/**
 * Number of sources by the eigenvalues of a sample covariance (Wax and Kailath 1985): the k that makes
 * K (N - k) ln(mean / geometric mean of the smallest N - k) plus a penalty least; the penalty is k (2N - k), halved and times
 * ln K for MDL.
 * @param eigenvalues of the covariance in descending order, N of them
 * @param samples K: independent snapshots behind it; forward-backward averaging does not double them
 * @returns 0 to N - 1
 * @throws InputError for no eigenvalue or fewer than 1 sample.
 */
export function sourceCount(eigenvalues: Numbers, samples: number, criterion: OrderCriterion): number {
  requireChoice('order criterion', criterion, ['aic', 'mdl']);
  requireInteger('samples', samples, 1);
  const size = eigenvalues.length;
  if (size === 0) throw new InputError('0 eigenvalues; allowed: 1 or more');
  const weight = criterion === 'aic' ? 1 : Math.log(samples) / 2;
  const least = floorOf(eigenvalues);
  let [best, cost, sum, logs] = [0, Number.POSITIVE_INFINITY, 0, 0];
  for (let k = size - 1; k >= 0; k--) {
    const value = Math.max(least, eigenvalues[k]!);
    sum += value;
    logs += Math.log(value);
    const noise = size - k;
    const fit = samples * (noise * Math.log(sum / noise) - logs);
    const total = fit + weight * k * (2 * size - k);
    if (total <= cost) [best, cost] = [k, total];
  }
  return best;
}

/** Eigenvalues below the rounding error of the largest are all alike: without it, noiseless data would look like N sources. */
function floorOf(eigenvalues: Numbers): number {
  return Math.max(Number.MIN_VALUE, 1e-13 * eigenvalues.length * eigenvalues[0]!);
}
