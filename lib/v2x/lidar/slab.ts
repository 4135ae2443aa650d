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

/** Metres along a ray of unit direction to where it enters a box; Infinity when it passes. */
export function rangeToBox(origin: Point, direction: Point, box: Box): number {
  const c = Math.cos(box.yaw);
  const s = Math.sin(box.yaw);
  const [x, y] = [origin[0] - box.x, origin[1] - box.y];
  const from = [c * x + s * y, c * y - s * x, origin[2] - box.z];
  const along = [c * direction[0] + s * direction[1], c * direction[1] - s * direction[0], direction[2]];
  const halves = [box.length / 2, box.width / 2, box.height / 2];
  let enter = 0;
  let leave = Number.POSITIVE_INFINITY;
  for (let axis = 0; axis < 3; axis++) {
    const [o, d, half] = [from[axis]!, along[axis]!, halves[axis]!];
    if (d === 0 && Math.abs(o) > half) return Number.POSITIVE_INFINITY;
    if (d === 0) continue;
    enter = Math.max(enter, Math.min((-half - o) / d, (half - o) / d));
    leave = Math.min(leave, Math.max((-half - o) / d, (half - o) / d));
  }
  return enter <= leave ? enter : Number.POSITIVE_INFINITY;
}
