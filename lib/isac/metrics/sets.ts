import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { optimalAssignment } from '../../math/index.js';
import { wrapped } from '../model/index.js';

/** A point of a set: frequencies, or positions and velocities in units that make its coordinates comparable. */
export type Coordinates = readonly number[];

/** Distance of two points. */
export type Distance = (a: Coordinates, b: Coordinates) => number;

/** @throws InputError when the points differ in their number of coordinates. */
export function euclidean(a: Coordinates, b: Coordinates): number {
  requireEqual(a, b);
  return Math.hypot(...a.map((value, d) => value - b[d]!));
}

/** As `euclidean`, the coordinates being angles of period 2 pi. @throws InputError as `euclidean` does. */
export function circular(a: Coordinates, b: Coordinates): number {
  requireEqual(a, b);
  return Math.hypot(...a.map((value, d) => wrapped(value - b[d]!)));
}

function requireEqual(a: Coordinates, b: Coordinates): void {
  if (a.length !== b.length)
    throw new InputError(`points of ${a.length} and ${b.length} coordinates; allowed: equally many`);
}

/** Squared errors of the estimates assigned to each truth. */
export interface AssignedErrors {
  /** `squared[l][d]` of truth l in dimension d; as they come, angles wrapped. */
  squared: number[][];
  /** Index of the estimate that each truth was given. */
  estimates: number[];
}

/**
 * Estimates paired with truths so that the sum of squared weighted distances is least, and their errors by dimension.
 * @param scales divides each dimension's error in the pairing (a bound's deviation, say), default 1
 * @throws InputError unless both sets have the same number of points, of equally many coordinates.
 */
export function assignedErrors(
  truths: readonly Coordinates[],
  estimates: readonly Coordinates[],
  scales?: readonly number[],
): AssignedErrors {
  if (truths.length !== estimates.length)
    throw new InputError(
      `${estimates.length} estimates of ${truths.length} sources; allowed: equally many (GOSPA compares others)`,
    );
  const error = (a: Coordinates, b: Coordinates) => {
    requireEqual(a, b);
    return a.map((value, d) => wrapped(value - b[d]!));
  };
  const costs = truths.map((truth) =>
    estimates.map((one) => error(truth, one).reduce((sum, e, d) => sum + (e / (scales?.[d] ?? 1)) ** 2, 0)),
  );
  const chosen = Array.from(optimalAssignment(costs).columns);
  return {
    estimates: chosen,
    squared: truths.map((truth, l) => error(truth, estimates[chosen[l]!]!).map((e) => e * e)),
  };
}

/** Root mean square errors of frequencies by dimension, over sources and trials. @throws InputError for no trial. */
export function rmse(trials: readonly AssignedErrors[]): number[] {
  const rows = trials.flatMap(({ squared }) => squared);
  if (rows.length === 0) throw new InputError('RMSE of 0 sources; allowed: 1 or more');
  return rows[0]!.map((_, d) => Math.sqrt(rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length));
}

export interface SetMetricOptions {
  /** c: what a miss costs at most, above 0, in the unit of the distance. */
  cutoff: number;
  /** p, 1 (default 2) to 100. */
  order?: number;
  /** Default `euclidean`. */
  distance?: Distance;
}

/**
 * Optimal sub-pattern assignment metric of two sets (Schuhmacher, Vo and Vo 2008): the mean over the larger set of cut-off
 * distances, a surplus point costing the cutoff. 0 of two empty sets.
 * @throws InputError for an option out of range.
 */
export function ospa(
  truths: readonly Coordinates[],
  estimates: readonly Coordinates[],
  options: SetMetricOptions,
): number {
  const { cutoff, order, distance } = requireOptions(options);
  const most = Math.max(truths.length, estimates.length);
  if (most === 0) return 0;
  const costs = cutCosts(truths, estimates, cutoff, order, distance);
  const surplus = Math.abs(truths.length - estimates.length);
  const paired = costs.length === 0 ? 0 : optimalAssignment(costs).cost;
  return ((paired + surplus * cutoff ** order) / most) ** (1 / order);
}

/** GOSPA and its parts, each the p-th power of a distance: total^p = localisation + missed + false. */
export interface Gospa {
  total: number;
  localisation: number;
  missed: number;
  false: number;
  /** Truths without an estimate within the cutoff, and estimates without a truth. */
  missedCount: number;
  falseCount: number;
}

/**
 * Generalised OSPA with alpha = 2 (Rahmathullah, Garcia-Fernandez and Svensson 2017): the p-th root of the sum of d^p over
 * assigned pairs and of c^p / 2 for each truth missed and each false estimate. Not divided by the number of points.
 * @throws InputError for an option out of range.
 */
export function gospa(
  truths: readonly Coordinates[],
  estimates: readonly Coordinates[],
  options: SetMetricOptions,
): Gospa {
  const { cutoff, order, distance } = requireOptions(options);
  const costs = cutCosts(truths, estimates, cutoff, order, distance);
  // With alpha = 2 a pair at the cutoff costs what leaving both alone costs, so the pairing of cut-off costs is optimal.
  const columns = costs.length === 0 ? [] : Array.from(optimalAssignment(costs).columns);
  const paired = columns.flatMap((column, row) => (column < 0 ? [] : [costs[row]![column]!]));
  const near = paired.filter((cost) => cost < cutoff ** order);
  const localisation = near.reduce((sum, cost) => sum + cost, 0);
  const missedCount = truths.length - near.length;
  const falseCount = estimates.length - near.length;
  const [missed, wrong] = [(missedCount * cutoff ** order) / 2, (falseCount * cutoff ** order) / 2];
  const total = (localisation + missed + wrong) ** (1 / order);
  return { total, localisation, missed, false: wrong, missedCount, falseCount };
}

function requireOptions({ cutoff, order = 2, distance = euclidean }: SetMetricOptions) {
  requireRange('cutoff', cutoff, Number.MIN_VALUE, 1e100);
  requireRange('order', order, 1, 100);
  return { cutoff, order, distance };
}

function cutCosts(
  truths: readonly Coordinates[],
  estimates: readonly Coordinates[],
  cutoff: number,
  order: number,
  distance: Distance,
): number[][] {
  requireInteger('points', Math.max(truths.length, estimates.length), 0, 10_000);
  if (estimates.length === 0) return [];
  return truths.map((truth) => estimates.map((one) => Math.min(cutoff, distance(truth, one)) ** order));
}
