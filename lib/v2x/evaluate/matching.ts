import { requireRange } from '../../base/index.js';
import type { Box, Detection } from '../types.js';
import { bevIou } from './iou.js';
import { byScore } from './nms.js';

/** What was found and what was there in one frame, both in the same coordinates. */
export interface JudgedFrame {
  readonly detections: readonly Detection[];
  readonly truths: readonly Box[];
}

/** One frame's detections, score descending, each with the truth it found. */
export interface Matches {
  readonly scores: Float64Array;
  /** Place in the frame's truths; -1 of a false alarm. */
  readonly truths: Int32Array;
  readonly truthCount: number;
}

/**
 * Pairs detections with truths greedily, score descending: each takes the truth not yet taken that it overlaps most, if by
 * `minIou` or more.
 * @param minIou above 0, to 1
 * @throws InputError for an overlap out of range.
 */
export function matchByIou(frame: JudgedFrame, minIou: number): Matches {
  requireRange('minIou', minIou, Number.MIN_VALUE, 1);
  return match(frame, minIou, bevIou);
}

/**
 * As `matchByIou`, but each detection takes the nearest truth by centre, if nearer than `maxMeters` (nuScenes detection
 * benchmark, Caesar et al. 2020).
 * @throws InputError for a distance out of range.
 */
export function matchByCentre(frame: JudgedFrame, maxMeters: number): Matches {
  requireRange('maxMeters', maxMeters, Number.MIN_VALUE, 1e6, 'm');
  const nearness = (a: Box, b: Box) => -Math.hypot(a.x - b.x, a.y - b.y);
  // The benchmark asks for a distance below the limit, not at it.
  const least = -maxMeters * (1 - Number.EPSILON);
  return match(frame, least, nearness);
}

function match(
  { detections, truths }: JudgedFrame,
  least: number,
  affinity: (a: Box, b: Box) => number,
): Matches {
  const sorted = byScore(detections);
  const taken = new Uint8Array(truths.length);
  const found = new Int32Array(sorted.length).fill(-1);
  for (const [place, detection] of sorted.entries()) {
    let [best, most] = [-1, Number.NEGATIVE_INFINITY];
    for (const [index, truth] of truths.entries()) {
      if (taken[index]) continue;
      const value = affinity(detection, truth);
      if (value > most) [best, most] = [index, value];
    }
    if (best < 0 || most < least) continue;
    taken[best] = 1;
    found[place] = best;
  }
  return {
    scores: Float64Array.from(sorted, ({ score }) => score),
    truths: found,
    truthCount: truths.length,
  };
}
