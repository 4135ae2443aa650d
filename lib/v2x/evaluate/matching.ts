import { requireRange } from '../../base/index.js';
import type { Box, Detection } from '../types.js';
import { bevIou } from './iou.js';
import { byScore } from './nms.js';

/** What was found and what was there in one frame, both in the same coordinates. */
export interface JudgedFrame {
  readonly detections: readonly Detection[];
  readonly truths: readonly Box[];
  /** What is neither to be found nor a false alarm, such as the agents' own vehicles. */
  readonly ignored?: readonly Box[];
}

/** A detection that overlaps an ignored box so much, and finds no truth, is about that. */
const IGNORED_IOU = 0.1;

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
  { detections, truths, ignored = [] }: JudgedFrame,
  least: number,
  affinity: (a: Box, b: Box) => number,
): Matches {
  const taken = new Uint8Array(truths.length);
  const claims = byScore(detections).map((detection) => {
    let [best, most] = [-1, Number.NEGATIVE_INFINITY];
    for (const [index, truth] of truths.entries()) {
      if (taken[index]) continue;
      const value = affinity(detection, truth);
      if (value > most) [best, most] = [index, value];
    }
    const hit = best >= 0 && most >= least;
    if (hit) taken[best] = 1;
    return { detection, truth: hit ? best : -1 };
  });
  const counted = claims.filter(
    ({ detection, truth }) => truth >= 0 || ignored.every((box) => bevIou(detection, box) < IGNORED_IOU),
  );
  return {
    scores: Float64Array.from(counted, ({ detection }) => detection.score),
    truths: Int32Array.from(counted, ({ truth }) => truth),
    truthCount: truths.length,
  };
}
