import { inverseRigid, type Point, type RigidMatrix, transformPoint } from '../geometry/index.js';
import { focalOf } from '../lidar/index.js';
import type { DepthView, PointCloud } from '../types.js';
import { headingOf, type Stixel } from './stixels.js';

/** Nearer points of the LiDAR are beside the image or too near to be matched, metres ahead. */
const LEAST_AHEAD = 1;
const LEAST_MATCHES = 10;
/** Beyond this many deviations a match is none. */
const DEVIATIONS = 4;
/** Stixels of one surface lie this near, metres, and in columns this near. */
const LINK_METERS = 0.7;
const LINK_COLUMNS = 2;

/**
 * True depth over measured, one factor for a camera: the median over the LiDAR's points, the ground's too, of their depth
 * over that of the pixel they fall on, weighted by the inverse of its variance; 1 where fewer than 10 points fall on any.
 * @param cloud in the frame that the camera is mounted in
 * @param mount from the camera's frame to the cloud's
 */
export function depthScale(view: DepthView, cloud: PointCloud, mount: RigidMatrix): number {
  const { width, height, fovDeg, depth } = view;
  const focal = focalOf(width, fovDeg);
  const toCamera = inverseRigid(mount);
  const ratios: { ratio: number; weight: number }[] = [];
  for (let at = 0; at < 4 * cloud.count; at += 4) {
    const point: Point = [cloud.points[at]!, cloud.points[at + 1]!, cloud.points[at + 2]!];
    const [ahead, left, up] = transformPoint(toCamera, point);
    if (ahead < LEAST_AHEAD) continue;
    const column = Math.floor(width / 2 - (focal * left) / ahead);
    const row = Math.floor(height / 2 - (focal * up) / ahead);
    if (column < 0 || column >= width || row < 0 || row >= height) continue;
    const measured = depth[row * width + column]!;
    if (measured > 0) ratios.push({ ratio: ahead / measured, weight: 1 / ahead ** 2 });
  }
  return ratios.length < LEAST_MATCHES ? 1 : weightedMedian(ratios);
}

function weightedMedian(values: { ratio: number; weight: number }[]): number {
  values.sort((a, b) => a.ratio - b.ratio);
  const half = values.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  const middle = values.find(({ weight }) => {
    sum += weight;
    return sum >= half;
  });
  return middle!.ratio;
}

/** A place of the LiDAR as a camera has it. */
interface Sighting {
  readonly disparity: number;
  readonly aside: number;
}

/**
 * Moves the stixels of each surface by what the LiDAR's points on it say, in disparity: the mean difference, shrunk by how
 * much of it the noise may be (a Gaussian prior of the surfaces' deviation).
 * @param standing x, y, height of the LiDAR's points above the ground, in the frame of `matrix`'s target
 */
export function correctSurfaces(
  stixels: readonly Stixel[],
  view: DepthView,
  standing: ArrayLike<number>,
  matrix: RigidMatrix,
): void {
  const { surfacePixels, noisePixels } = view.pair;
  const columns = sightingsOf(view, standing, matrix);
  for (const surface of surfacesOf(stixels, view)) {
    let [matches, sum, noise] = [0, 0, 0];
    for (const stixel of surface) {
      const variance = noisePixels ** 2 / stixel.rows;
      const gate = DEVIATIONS * Math.sqrt(variance + surfacePixels ** 2);
      for (const { disparity } of columns[stixel.column]!) {
        if (Math.abs(disparity - stixel.disparity) > gate) continue;
        matches++;
        sum += disparity - stixel.disparity;
        noise += variance;
      }
    }
    if (matches === 0) continue;
    const ofMean = noise / matches ** 2;
    const trust = surfacePixels ** 2 / (surfacePixels ** 2 + ofMean);
    for (const stixel of surface) stixel.disparity += (trust * sum) / matches;
  }
}

/** What the LiDAR met above the ground, by the column it falls on. */
function sightingsOf(view: DepthView, standing: ArrayLike<number>, m: RigidMatrix): Sighting[][] {
  const { width, fovDeg, pair } = view;
  const focal = focalOf(width, fovDeg);
  const [ahead, across] = headingOf(m);
  const columns = Array.from({ length: width }, (): Sighting[] => []);
  for (let at = 0; at < standing.length; at += 3) {
    const [u, v] = [standing[at]! - m[3]!, standing[at + 1]! - m[7]!];
    const far = ahead * u + across * v;
    if (far < LEAST_AHEAD) continue;
    const aside = (ahead * v - across * u) / far;
    const column = Math.floor(width / 2 - focal * aside);
    columns[column]?.push({ disparity: (pair.focalPixels * pair.baselineMeters) / far, aside });
  }
  return columns;
}

/** Stixels that a surface shares: neighbours in column and place. */
export function surfacesOf(stixels: readonly Stixel[], { pair }: DepthView): Stixel[][] {
  const reach = pair.focalPixels * pair.baselineMeters;
  const error = ({ disparity, rows }: Stixel) =>
    (reach / disparity ** 2) * (pair.noisePixels / Math.sqrt(rows));
  const near = (a: Stixel, b: Stixel) =>
    Math.abs(reach / a.disparity - reach / b.disparity) < LINK_METERS + 2 * Math.hypot(error(a), error(b));
  const surfaces: Stixel[][] = [];
  let open: Stixel[][] = [];
  for (const stixel of stixels) {
    open = open.filter((surface) => stixel.column - surface.at(-1)!.column <= LINK_COLUMNS);
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
