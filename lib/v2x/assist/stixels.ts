import type { RigidMatrix } from '../geometry/index.js';
import { focalOf } from '../lidar/index.js';
import type { DepthView } from '../types.js';

/** A part of an image column that shows one upright surface (stixel: Badino et al. 2009). */
export interface Stixel {
  readonly column: number;
  /** Pixels it is the mean of. */
  readonly rows: number;
  /** focalPixels baselineMeters / distance level ahead of the camera; the mean has noisePixels / sqrt(rows) of noise. */
  disparity: number;
  /** To the left, for each metre ahead. */
  readonly aside: number;
  /** Above the ground, metres. */
  readonly top: number;
}

/** Where a camera stands in an agent's ground frame, and how much nearer than measured things are. */
export interface Standpoint {
  /** From the camera's frame to the agent's levelled one. */
  readonly matrix: RigidMatrix;
  /** Height of the ground z = a x + b y + c there. */
  readonly ground: readonly [a: number, b: number, c: number];
  /** True depth over measured. */
  readonly scale: number;
}

/** Lower is ground, metres; as the LiDAR's points. */
const LEAST_HEIGHT = 0.3;
const LEAST_ROWS = 2;
/** A pixel of another surface differs by this many deviations. */
const DEVIATIONS = 4;
const SLACK_PIXELS = 0.2;

/** A stixel in the making. */
interface Run {
  rows: number;
  disparity: number;
  aside: number;
  top: number;
}

/** The upright surfaces of a depth image, column by column from the left, each column from the bottom up. */
export function stixelsOf(view: DepthView, standpoint: Standpoint): Stixel[] {
  const stixels: Stixel[] = [];
  for (let column = 0; column < view.width; column++) {
    for (const run of runsOf(view, standpoint, column))
      if (run.rows >= LEAST_ROWS) stixels.push({ column, ...run });
  }
  return stixels;
}

function runsOf(view: DepthView, { matrix: m, ground, scale }: Standpoint, column: number): Run[] {
  const { width, height, depth, fovDeg, pair } = view;
  const focal = focalOf(width, fovDeg);
  const left = (width / 2 - column - 0.5) / focal;
  const [ahead, across] = headingOf(m);
  const reach = pair.focalPixels * pair.baselineMeters;
  const runs: Run[] = [];
  let open: Run | undefined;
  for (let row = height - 1; row >= 0; row--) {
    const metres = scale * depth[row * width + column]!;
    if (metres === 0) continue;
    const up = (height / 2 - row - 0.5) / focal;
    const x = m[3]! + metres * (m[0]! + m[1]! * left + m[2]! * up);
    const y = m[7]! + metres * (m[4]! + m[5]! * left + m[6]! * up);
    const z = m[11]! + metres * (m[8]! + m[9]! * left + m[10]! * up);
    const top = z - ground[0] * x - ground[1] * y - ground[2];
    if (top < LEAST_HEIGHT) continue;
    const [u, v] = [x - m[3]!, y - m[7]!];
    const far = ahead * u + across * v;
    const disparity = reach / far;
    const gate = DEVIATIONS * pair.noisePixels + SLACK_PIXELS;
    if (!open || Math.abs(disparity - open.disparity) > gate) {
      open = { rows: 0, disparity: 0, aside: 0, top };
      runs.push(open);
    }
    open.rows++;
    open.disparity += (disparity - open.disparity) / open.rows;
    open.aside += ((ahead * v - across * u) / far - open.aside) / open.rows;
    open.top = Math.max(open.top, top);
  }
  return runs;
}

/** The camera's viewing axis on the ground, of length 1. */
export function headingOf(m: RigidMatrix): readonly [x: number, y: number] {
  const length = Math.hypot(m[0]!, m[4]!);
  return [m[0]! / length, m[4]! / length];
}
