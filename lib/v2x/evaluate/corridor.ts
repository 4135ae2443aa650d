import { requireRange } from '../../base/index.js';
import { type JudgedFrame, matchByIou } from './matching.js';
import type { Position } from './moda.js';

/** Points (x, y) of a path in the order they are driven. */
export type Route = readonly (readonly [x: number, y: number])[];

/** Distance of a position from the nearest point of a path, metres; infinite for a path of no point. */
export function distanceToRoute({ x, y }: Position, route: Route): number {
  let least = Number.POSITIVE_INFINITY;
  for (let leg = 0; leg < route.length; leg++) {
    const [ax, ay] = route[leg]!;
    const [bx, by] = route[Math.min(leg + 1, route.length - 1)]!;
    const square = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = square > 0 ? ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square : 0;
    const share = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)));
  }
  return least;
}

/** A frame with the path whose surroundings count, in the coordinates of its boxes. */
export interface RouteFrame extends JudgedFrame {
  readonly route: Route;
}

/** How many of the truths near the path were found. */
export interface CorridorRecall {
  /** found / truths; 0 where none was there. */
  recall: number;
  found: number;
  truths: number;
}

/**
 * Recall among the truths whose centre lies in a corridor about the path. Detections are matched with all truths, so one
 * beside the corridor is not taken for one in it.
 * @param options least overlap of a hit; full width of the corridor in metres (default 6); least score that counts (default 0)
 * @throws InputError for an option out of range.
 */
export function corridorRecall(
  frames: readonly RouteFrame[],
  options: { minIou: number; widthMeters?: number; minScore?: number },
): CorridorRecall {
  const { minIou, widthMeters = 6, minScore = 0 } = options;
  requireRange('widthMeters', widthMeters, Number.MIN_VALUE, 1e6, 'm');
  requireRange('minScore', minScore, 0, 1);
  let [found, truths] = [0, 0];
  for (const frame of frames) {
    const inside = frame.truths.map((truth) => distanceToRoute(truth, frame.route) <= widthMeters / 2);
    const detections = frame.detections.filter(({ score }) => score >= minScore);
    const { truths: hits } = matchByIou({ detections, truths: frame.truths }, minIou);
    truths += inside.filter(Boolean).length;
    found += hits.filter((truth) => truth >= 0 && inside[truth]).length;
  }
  return { recall: truths > 0 ? found / truths : 0, found, truths };
}
