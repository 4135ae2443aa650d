import type { Box, PointCloud } from '../types.js';
import type { RigidMatrix } from './pose.js';
import { wrapAngle } from './pose.js';

/** A place in metres. */
export type Point = readonly [x: number, y: number, z: number];

/** A place in the other frame. */
export function transformPoint(m: RigidMatrix, [x, y, z]: Point): Point {
  return [
    m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
    m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
    m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
  ];
}

/** A direction or velocity in the other frame: turned, not moved. */
export function rotateVector(m: RigidMatrix, [x, y, z]: Point): Point {
  return [
    m[0]! * x + m[1]! * y + m[2]! * z,
    m[4]! * x + m[5]! * y + m[6]! * z,
    m[8]! * x + m[9]! * y + m[10]! * z,
  ];
}

/** The cloud in the other frame; intensities and hits stay. */
export function transformCloud(m: RigidMatrix, cloud: PointCloud): PointCloud {
  const [a = 1, b = 0, c = 0, d = 0, e = 0, f = 1, g = 0, h = 0, i = 0, j = 0, k = 1, l = 0] = m;
  const { count, points } = cloud;
  const moved = new Float32Array(4 * count);
  for (let at = 0; at < 4 * count; at += 4) {
    const x = points[at]!;
    const y = points[at + 1]!;
    const z = points[at + 2]!;
    moved[at] = a * x + b * y + c * z + d;
    moved[at + 1] = e * x + f * y + g * z + h;
    moved[at + 2] = i * x + j * y + k * z + l;
    moved[at + 3] = points[at + 3]!;
  }
  return { ...cloud, points: moved };
}

/**
 * The box in the other frame, its other properties kept. Boxes are upright: of a tilted frame, the centre is exact and the
 * heading is that of the long side's shadow on the ground.
 */
export function transformBox<B extends Box>(m: RigidMatrix, box: B): B {
  const [x, y, z] = transformPoint(m, [box.x, box.y, box.z]);
  const [ahead, aside] = rotateVector(m, [Math.cos(box.yaw), Math.sin(box.yaw), 0]);
  return { ...box, x, y, z, yaw: wrapAngle(Math.atan2(aside, ahead)) };
}

/** The box on the ground: front right, front left, back left, back right. */
export function boxFootprint(box: Box): [x: number, y: number][] {
  const c = Math.cos(box.yaw);
  const s = Math.sin(box.yaw);
  const halves = [
    [box.length / 2, -box.width / 2],
    [box.length / 2, box.width / 2],
    [-box.length / 2, box.width / 2],
    [-box.length / 2, -box.width / 2],
  ] as const;
  return halves.map(([l, w]) => [box.x + c * l - s * w, box.y + s * l + c * w]);
}

/** The eight corners: the footprint's order below, then above. */
export function boxCorners(box: Box): Point[] {
  const footprint = boxFootprint(box);
  return [-0.5, 0.5].flatMap((half) => footprint.map(([x, y]): Point => [x, y, box.z + half * box.height]));
}

/** Whether a place lies in a box, its faces included. */
export function boxContains(box: Box, [x, y, z]: Point): boolean {
  const c = Math.cos(box.yaw);
  const s = Math.sin(box.yaw);
  const [dx, dy] = [x - box.x, y - box.y];
  return (
    Math.abs(c * dx + s * dy) <= box.length / 2 &&
    Math.abs(c * dy - s * dx) <= box.width / 2 &&
    Math.abs(z - box.z) <= box.height / 2
  );
}

/** Whether two footprints share ground, each grown by `margin` metres on all sides (separating axes). */
export function footprintsOverlap(a: Box, b: Box, margin = 0): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const reach = (Math.hypot(a.length, a.width) + Math.hypot(b.length, b.width)) / 2 + 3 * margin;
  if (dx * dx + dy * dy > reach * reach) return false;
  const turn = b.yaw - a.yaw;
  return !separated(a, b, dx, dy, turn, margin) && !separated(b, a, -dx, -dy, -turn, margin);
}

/** Whether an axis of `a` parts it from `b`, which is (dx, dy) away and turned by `turn`. */
function separated(a: Box, b: Box, dx: number, dy: number, turn: number, margin: number): boolean {
  const c = Math.cos(a.yaw);
  const s = Math.sin(a.yaw);
  const along = Math.abs(Math.cos(turn));
  const aside = Math.abs(Math.sin(turn));
  const [length, width] = [b.length + 2 * margin, b.width + 2 * margin];
  const halfX = a.length / 2 + margin + (along * length + aside * width) / 2;
  const halfY = a.width / 2 + margin + (aside * length + along * width) / 2;
  return Math.abs(c * dx + s * dy) > halfX || Math.abs(c * dy - s * dx) > halfY;
}
