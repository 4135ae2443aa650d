import { inverseRigid, type Point, poseMatrix, transformPoint } from '../geometry/index.js';
import { focalOf } from '../lidar/index.js';
import type { DepthView, PointCloud } from '../types.js';

/** Nearer points of the LiDAR have no depth to compare, metres ahead. */
const LEAST_AHEAD = 1;
const LEAST_MATCHES = 10;

/**
 * True depth over measured, one factor for a camera: the median, over the points of a LiDAR at the same place, the ground's
 * too, of their depth over that of the pixel they fall on, weighted by the inverse of its variance, which grows with the
 * square of the distance; 1 where fewer than 10 points fall on a pixel with a depth.
 * @param cloud in the frame that the camera is mounted in
 */
export function depthScale(view: DepthView, cloud: PointCloud): number {
  const { width, height, fovDeg, depth, mount } = view;
  const focal = focalOf(width, fovDeg);
  const toCamera = inverseRigid(poseMatrix(mount));
  const ratios: Weighted[] = [];
  for (let at = 0; at < 4 * cloud.count; at += 4) {
    const point: Point = [cloud.points[at]!, cloud.points[at + 1]!, cloud.points[at + 2]!];
    const [ahead, left, up] = transformPoint(toCamera, point);
    if (ahead < LEAST_AHEAD) continue;
    const column = Math.floor(width / 2 - (focal * left) / ahead);
    const row = Math.floor(height / 2 - (focal * up) / ahead);
    if (column < 0 || column >= width || row < 0 || row >= height) continue;
    const measured = depth[row * width + column]!;
    if (measured > 0) ratios.push({ value: ahead / measured, weight: 1 / ahead ** 2 });
  }
  return ratios.length < LEAST_MATCHES ? 1 : weightedMedian(ratios);
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

function weightedMedian(values: readonly Weighted[]): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= half) return value;
  }
  return 1;
}
