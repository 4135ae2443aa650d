import { requireRange } from '../../base/index.js';
import { mean } from '../../math/index.js';
import { precisionRecall } from './average-precision.js';
import { type JudgedFrame, matchByCentre } from './matching.js';

/** Distances over which the benchmark averages, metres. */
export const CENTRE_LIMITS: readonly number[] = [0.5, 1, 2, 4];

/**
 * Average precision by distance of centres (nuScenes, Caesar et al. 2020; what Griffin reports): precision at 101 recalls,
 * of which those up to 0.1 are left out and 0.1 of precision is taken off, rescaled to 0 to 1. Never to be compared with one
 * by overlap.
 * @param maxMeters a hit is nearer than this, above 0
 * @throws InputError for a distance out of range.
 */
export function centreAveragePrecision(frames: readonly JudgedFrame[], maxMeters: number): number {
  const matches = frames.map((frame) => matchByCentre(frame, maxMeters));
  const { precision, recall } = precisionRecall(matches);
  const least = 0.1;
  const levels = Array.from({ length: 90 }, (_, step) => (step + 11) / 100);
  return mean(levels.map((level) => Math.max(0, at(level, recall, precision) - least))) / (1 - least);
}

/**
 * Mean of `centreAveragePrecision` over limits, by default 0.5, 1, 2 and 4 m.
 * @throws InputError for a limit out of range, or none.
 */
export function meanCentreAveragePrecision(
  frames: readonly JudgedFrame[],
  limits: readonly number[] = CENTRE_LIMITS,
): number {
  requireRange('number of limits', limits.length, 1, 1000);
  return mean(limits.map((limit) => centreAveragePrecision(frames, limit)));
}

/** Precision at a recall: linear between points, the last of points of equal recall, 0 beyond the last. */
function at(level: number, recall: Float64Array, precision: Float64Array): number {
  let [low, high] = [0, recall.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recall[middle]! <= level) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [low - 1, low];
  if (before < 0) return precision[0] ?? 0;
  if (after === recall.length) return recall[before] === level ? precision[before]! : 0;
  const share = (level - recall[before]!) / (recall[after]! - recall[before]!);
  return precision[before]! + share * (precision[after]! - precision[before]!);
}
