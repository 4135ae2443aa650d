import type { Footprint } from '../evaluate/index.js';
import { OUTLINE_METERS, type Patch, type Spread, spreadAlong } from './patch.js';

/** A size of a car, metres. */
export type SizeRange = readonly [least: number, usual: number, most: number];

/** What is looked for. */
export interface CarPrior {
  readonly length: SizeRange;
  readonly width: SizeRange;
  /** What is taller is no car, metres above the ground. */
  readonly tallest: number;
}

/** A car laid on a patch of cells, and how it fits. */
export interface CarFit extends Footprint {
  /** Spread of the cells along and across the heading, metres. */
  readonly along: number;
  readonly across: number;
  /** Mean distance of the cells from the sides that face a sensor, metres. */
  readonly residual: number;
  /** Share of what the sensors should have seen of such a car that holds no cell, 0 to 1. */
  readonly missing: number;
  /** What the fit minimises. */
  readonly cost: number;
}

const DEGREE = Math.PI / 180;
/** Headings first tried, and the steps by which the best is refined. */
const COARSE_DEG = 6;
const REFINE_DEG = [3, 1.5, 0.75] as const;
/** A car may seem larger by range noise and by its slanted corners. */
const SLACK_METERS = 0.35;
/** Ends that face the sensors by less give no hint at what lies behind. */
const FACING = 0.25;
const BOTH_ENDS = 0.15;
const VISIBLE = 0.05;
const FARTHEST_METERS = 0.5;
/** A side that is missing altogether weighs as much as cells this far off. */
const MISSING_METERS = 0.2;

/**
 * The car that explains a patch best: for each heading the rectangle about its cells, completed away from the sensors to
 * a car's size, judged by the closeness of the cells to the sides that face a sensor (L-shape fitting, Zhang et al. 2017)
 * and by how much is missing of these.
 * @returns nothing where the cells reach farther than a car
 */
export function fitCar(patch: Patch, prior: CarPrior): CarFit | undefined {
  let best: CarFit | undefined;
  const attempt = (yaw: number) => {
    const fit = carAt(patch, prior, yaw);
    if (fit && (!best || fit.cost < best.cost)) best = fit;
  };
  for (let degrees = 0; degrees < 180; degrees += COARSE_DEG) attempt(degrees * DEGREE);
  for (const step of REFINE_DEG) {
    const yaw = best?.yaw;
    if (yaw === undefined) return;
    attempt(yaw - step * DEGREE);
    attempt(yaw + step * DEGREE);
  }
  return best;
}

function carAt(patch: Patch, prior: CarPrior, yaw: number): CarFit | undefined {
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  const long = spreadAlong(patch, c, s);
  const along = long.high - long.low;
  if (along > prior.length[2] + SLACK_METERS) return;
  const wide = spreadAlong(patch, -s, c);
  const across = wide.high - wide.low;
  if (across > prior.width[2] + SLACK_METERS) return;
  const ahead = completed(long, prior.length);
  const aside = completed(wide, prior.width);
  const residual = meanDistance(patch, c, s, ahead, aside);
  const missing = missingShare(patch, long, wide, along / ahead.size, across / aside.size);
  return {
    x: c * ahead.centre - s * aside.centre,
    y: s * ahead.centre + c * aside.centre,
    ...{ yaw, length: ahead.size, width: aside.size, along, across, residual, missing },
    cost: residual + MISSING_METERS * missing,
  };
}

/** What a car covers along an axis, and which of its ends face a sensor. */
interface Extent {
  readonly centre: number;
  readonly size: number;
  readonly highSeen: boolean;
  readonly lowSeen: boolean;
}

/** What is not seen lies behind what is. */
function completed({ low, high, fromHigh, fromLow }: Spread, [least, usual, most]: SizeRange): Extent {
  const seen = high - low;
  const whole = Math.min(fromHigh, fromLow) > BOTH_ENDS || seen > least - 0.3;
  const size = Math.min(most, Math.max(seen, whole ? least : usual));
  const lean = Math.max(-1, Math.min(1, (fromHigh - fromLow) / FACING));
  return {
    centre: (low + high) / 2 - (lean * (size - seen)) / 2,
    size,
    highSeen: fromHigh > VISIBLE,
    lowSeen: fromLow > VISIBLE,
  };
}

/** Distance to the nearest side seen; what a sensor saw from above may lie anywhere in the rectangle. */
function meanDistance(
  { size, x, y, viewX, viewY }: Patch,
  c: number,
  s: number,
  ahead: Extent,
  aside: Extent,
) {
  const length = ahead.size / 2 - OUTLINE_METERS;
  const width = aside.size / 2 - OUTLINE_METERS;
  let sum = 0;
  for (let cell = 0; cell < size; cell++) {
    const u = c * x[cell]! + s * y[cell]! - ahead.centre;
    const v = c * y[cell]! - s * x[cell]! - aside.centre;
    let nearest = FARTHEST_METERS;
    if (ahead.highSeen) nearest = Math.min(nearest, Math.abs(length - u));
    if (ahead.lowSeen) nearest = Math.min(nearest, Math.abs(length + u));
    if (aside.highSeen) nearest = Math.min(nearest, Math.abs(width - v));
    if (aside.lowSeen) nearest = Math.min(nearest, Math.abs(width + v));
    sum += nearest * Math.sqrt(viewX[cell]! ** 2 + viewY[cell]! ** 2);
  }
  return sum / size;
}

/**
 * Of front or back, of the sides and of the top, each weighted by how much it faces the sensors: the share that no cell
 * covers. Sensors on opposite sides leave no view in sum, and like one above should have seen the whole.
 */
function missingShare(
  { size, viewX, viewY }: Patch,
  long: Spread,
  wide: Spread,
  along: number,
  across: number,
): number {
  let level = 0;
  for (let cell = 0; cell < size; cell++) level += Math.sqrt(viewX[cell]! ** 2 + viewY[cell]! ** 2) / size;
  const front = Math.max(long.fromHigh, long.fromLow);
  const side = Math.max(wide.fromHigh, wide.fromLow);
  const above = Math.max(0, 1 - level);
  const [a, b] = [Math.min(1, along), Math.min(1, across)];
  return (side * (1 - a) + front * (1 - b) + above * (1 - a * b)) / Math.max(1e-9, front + side + above);
}
