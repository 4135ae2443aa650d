import type { Point } from '../geometry/index.js';
import type { Box } from '../types.js';

/** What a ray meets first: metres along the ray (Infinity for nothing) and the box's place in the list; -1 ground, -2 nothing. */
export interface RayHit {
  range: number;
  hit: number;
}

/** Of `hits`: the ground, and neither ground nor box. */
export const GROUND = -1;
export const NOTHING = -2;

/**
 * Where one ray of unit direction meets upright boxes or the ground z = 0 first, by the slab method (Kay and Kajiya 1986).
 * A ray that starts in a box meets it at range 0.
 */
export function castRay(origin: Point, direction: Point, boxes: readonly Box[]): RayHit {
  const ground = origin[2] >= 0 && direction[2] < 0 ? -origin[2] / direction[2] : Number.POSITIVE_INFINITY;
  const first: RayHit = { range: ground, hit: Number.isFinite(ground) ? GROUND : NOTHING };
  for (const [index, box] of boxes.entries()) {
    const range = rangeToBox(origin, direction, box);
    if (range < first.range) {
      first.range = range;
      first.hit = index;
    }
  }
  return first;
}

/** Metres along a ray of unit direction to where it enters a box, 0 inside; Infinity when it passes. */
export function rangeToBox(origin: Point, direction: Point, box: Box): number {
  const c = Math.cos(box.yaw);
  const s = Math.sin(box.yaw);
  const [x, y] = [origin[0] - box.x, origin[1] - box.y];
  const [dx, dy, dz] = direction;
  return enterSlabs(
    ...([c * x + s * y, c * y - s * x, origin[2] - box.z] as const),
    ...([c * dx + s * dy, c * dy - s * dx, dz] as const),
    ...([box.length / 2, box.width / 2, box.height / 2] as const),
  );
}

/**
 * How many times its direction a ray goes from `o` until it enters the box of half sizes `h` about the origin, sides along the
 * axes: 0 inside; Infinity when it passes. A ray within the plane of a face passes.
 */
export function enterSlabs(
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  hx: number,
  hy: number,
  hz: number,
): number {
  const x1 = (-hx - ox) / dx;
  const x2 = (hx - ox) / dx;
  const y1 = (-hy - oy) / dy;
  const y2 = (hy - oy) / dy;
  const z1 = (-hz - oz) / dz;
  const z2 = (hz - oz) / dz;
  const enter = Math.max(0, Math.min(x1, x2), Math.min(y1, y2), Math.min(z1, z2));
  const leave = Math.min(Math.max(x1, x2), Math.max(y1, y2), Math.max(z1, z2));
  return enter <= leave ? enter : Number.POSITIVE_INFINITY;
}
