import { focalOf } from '../lidar/index.js';
import type { DepthView } from '../types.js';
import type { Standpoint } from './standpoint.js';

/** A part of an image column that shows one upright surface (stixel: Badino et al. 2009). */
export interface Stixel {
  readonly column: number;
  /** Pixels it is the mean of. */
  readonly rows: number;
  /** Of the distance level ahead of the camera, pixels; its variance is that of a pixel over `rows`. */
  readonly disparity: number;
  /** How far to the left, for each metre ahead. */
  readonly aside: number;
  /** Highest pixel above the ground, metres. */
  readonly top: number;
}

type Run = { -readonly [key in keyof Stixel]: Stixel[key] };

const LEAST_ROWS = 2;
/** A pixel of another surface differs by as many deviations and a bit. */
const DEVIATIONS = 4;
const SLACK_PIXELS = 0.2;

/**
 * The upright surfaces of a depth image, column by column from the left, each column from the bottom up.
 * @param scale true depth over measured
 */
export function stixelsOf(view: DepthView, standpoint: Standpoint, scale: number): Stixel[] {
  const stixels: Stixel[] = [];
  for (let column = 0; column < view.width; column++) {
    for (const run of runsOf(view, standpoint, scale, column)) if (run.rows >= LEAST_ROWS) stixels.push(run);
  }
  return stixels;
}

function runsOf(view: DepthView, standpoint: Standpoint, scale: number, column: number): Run[] {
  const { width, height, depth, fovDeg, pair } = view;
  const { matrix: m, reach, heading, levelOf, leastHeight } = standpoint;
  const focal = focalOf(width, fovDeg);
  const left = (width / 2 - column - 0.5) / focal;
  const gate = DEVIATIONS * pair.noisePixels + SLACK_PIXELS;
  const runs: Run[] = [];
  let open: Run | undefined;
  for (let row = height - 1; row >= 0; row--) {
    const metres = scale * depth[row * width + column]!;
    if (metres === 0) continue;
    const up = (height / 2 - row - 0.5) / focal;
    // Where the pixel looks, for each metre of depth.
    const dx = m[0]! + m[1]! * left + m[2]! * up;
    const dy = m[4]! + m[5]! * left + m[6]! * up;
    const dz = m[8]! + m[9]! * left + m[10]! * up;
    const top = m[11]! + metres * dz - levelOf(m[3]! + metres * dx, m[7]! + metres * dy);
    if (top < leastHeight) continue;
    const ahead = heading[0] * dx + heading[1] * dy;
    const disparity = reach / (metres * ahead);
    if (!open || Math.abs(disparity - open.disparity) > gate) {
      open = { column, rows: 0, disparity: 0, aside: 0, top };
      runs.push(open);
    }
    open.rows++;
    open.disparity += (disparity - open.disparity) / open.rows;
    open.aside += ((heading[0] * dy - heading[1] * dx) / ahead - open.aside) / open.rows;
    open.top = Math.max(open.top, top);
  }
  return runs;
}

/** Stixels of one surface lie so near to each other, metres and the deviations of their difference, and in columns so near. */
const LINK = { meters: 0.7, deviations: 2, columns: 2 };

/** Stixels that show one surface: neighbours in column and in distance. */
export function surfacesOf(stixels: readonly Stixel[], { pair }: DepthView, reach: number): Stixel[][] {
  const error = ({ disparity, rows }: Stixel) =>
    (reach / disparity ** 2) * (pair.noisePixels / Math.sqrt(rows));
  const near = (a: Stixel, b: Stixel) =>
    Math.abs(reach / a.disparity - reach / b.disparity) <
    LINK.meters + LINK.deviations * Math.hypot(error(a), error(b));
  const surfaces: Stixel[][] = [];
  let open: Stixel[][] = [];
  for (const stixel of stixels) {
    open = open.filter((surface) => stixel.column - surface.at(-1)!.column <= LINK.columns);
    const whole = open.find((surface) => near(surface.at(-1)!, stixel));
    if (whole) whole.push(stixel);
    else {
      const surface = [stixel];
      open.push(surface);
      surfaces.push(surface);
    }
  }
  return surfaces;
}
