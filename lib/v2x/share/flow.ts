import { type BevCells, type Placement, placed, relativePlacement } from '../bev/index.js';
import type { Detection } from '../types.js';
import { cellsIn } from './moved.js';
import type { MotionView } from './perception.js';

/** A sweep some time ago. */
interface Sweep {
  readonly timeSec: number;
  readonly frame: Placement;
  readonly cells: BevCells;
}

/** Sweeps are kept for this long; the oldest of them is compared with the present. */
const MEMORY_SEC = 0.3;
const FASTEST = 16;
const STEP = 0.25;
/** How near a point must come to one of the earlier sweep to count, standard deviation. */
const NEAR_METERS = 0.25;
/** Of the points, so much must meet the earlier sweep. */
const LEAST_AGREEMENT = 0.4;

/**
 * Velocity of each box as the mean flow of the points in it (cells stand for points): the speed along its heading at which they,
 * moved back in time, meet best what the earlier sweep had there. Slower than the error of that is taken as standing.
 */
export function flowVelocities() {
  let sweeps: Sweep[] = [];
  return (timeSec: number, { frame, cells, detections }: MotionView): readonly Detection[] => {
    if (sweeps.some((sweep) => sweep.timeSec > timeSec)) sweeps = [];
    sweeps = sweeps.filter((sweep) => timeSec - sweep.timeSec <= MEMORY_SEC + 1e-6);
    const before = sweeps.find((sweep) => sweep.timeSec < timeSec - 1e-6);
    if (!sweeps.some((sweep) => sweep.timeSec === timeSec)) sweeps.push({ timeSec, frame, cells });
    if (!before) return detections;
    const earlier = nearby(before.cells, relativePlacement(before.frame, frame));
    const elapsed = timeSec - before.timeSec;
    return detections.map((box) => {
      const velocity = flowOf(box, cells, earlier, elapsed);
      return velocity ? { ...box, velocity } : box;
    });
  };
}

/** Squared distance to the nearest earlier place within a metre; infinite beyond. */
type Nearby = (x: number, y: number) => number;

function nearby(cells: BevCells, frame: Placement): Nearby {
  const buckets = new Map<number, { x: number; y: number }[]>();
  const key = (x: number, y: number) => (Math.floor(x) + 5000) * 10_000 + Math.floor(y) + 5000;
  for (let cell = 0; cell < cells.size; cell++) {
    const place = placed(frame, { x: cells.x[cell]!, y: cells.y[cell]!, yaw: 0 });
    const bucket = buckets.get(key(place.x, place.y));
    if (bucket) bucket.push(place);
    else buckets.set(key(place.x, place.y), [place]);
  }
  return (x, y) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = -1; i <= 1; i++)
      for (let j = -1; j <= 1; j++)
        for (const place of buckets.get(key(x + i, y + j)) ?? [])
          least = Math.min(least, (place.x - x) ** 2 + (place.y - y) ** 2);
    return least;
  };
}

function flowOf(
  box: Detection,
  cells: BevCells,
  earlier: Nearby,
  elapsed: number,
): [number, number] | undefined {
  const inside = cellsIn(box, cells);
  const [c, s] = [Math.cos(box.yaw), Math.sin(box.yaw)];
  const agreement = (speed: number) => {
    let sum = 0;
    for (const cell of inside) {
      const square = earlier(cells.x[cell]! - c * speed * elapsed, cells.y[cell]! - s * speed * elapsed);
      sum += Math.exp(-square / (2 * NEAR_METERS ** 2));
    }
    return sum;
  };
  let best = 0;
  // Standing is more likely than any one speed.
  let most = agreement(0) * 1.1;
  for (let speed = -FASTEST; speed <= FASTEST; speed += STEP) {
    const value = agreement(speed);
    if (value > most) [best, most] = [speed, value];
  }
  return most >= LEAST_AGREEMENT * inside.length ? [best * c, best * s] : undefined;
}
