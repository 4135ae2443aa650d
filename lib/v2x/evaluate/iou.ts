import type { Box } from '../types.js';

/** What of a box a bird sees: the part that its overlap with another depends on. */
export type Footprint = Pick<Box, 'x' | 'y' | 'length' | 'width' | 'yaw'>;

/** Corners as x, y pairs, counter-clockwise from the front right. */
function footprintCorners({ x, y, length, width, yaw }: Footprint): Float64Array {
  const [c, s] = [Math.cos(yaw) / 2, Math.sin(yaw) / 2];
  const [lx, ly, wx, wy] = [length * c, length * s, -width * s, width * c];
  const corner = (along: number, across: number) => [
    x + along * lx + across * wx,
    y + along * ly + across * wy,
  ];
  return Float64Array.of(...corner(1, -1), ...corner(1, 1), ...corner(-1, 1), ...corner(-1, -1));
}

/** A rectangle clipped by four lines has at most eight corners. */
const scratch = [new Float64Array(16), new Float64Array(16)] as const;

/**
 * Area that two footprints share, square metres: the corners of one, in the frame of the other, clipped by its four sides
 * (Sutherland and Hodgman 1974) in double precision.
 */
export function overlapArea(a: Footprint, b: Footprint): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const reach = (Math.hypot(a.length, a.width) + Math.hypot(b.length, b.width)) / 2;
  if (dx * dx + dy * dy >= reach * reach) return 0;
  const [c, s] = [Math.cos(a.yaw), Math.sin(a.yaw)];
  const inA = footprintCorners({ ...b, x: dx * c + dy * s, y: dy * c - dx * s, yaw: b.yaw - a.yaw });
  const [first, second] = scratch;
  first.set(inA);
  let corners = clip(first, 4, second, 0, 1, a.length / 2);
  corners = clip(second, corners, first, 0, -1, a.length / 2);
  corners = clip(first, corners, second, 1, 1, a.width / 2);
  corners = clip(second, corners, first, 1, -1, a.width / 2);
  return shoelace(first, corners);
}

/** Keeps the part of a polygon where sign * coordinate <= limit. @returns its number of corners in `to` */
function clip(
  from: Float64Array,
  corners: number,
  to: Float64Array,
  axis: 0 | 1,
  sign: 1 | -1,
  limit: number,
): number {
  let kept = 0;
  for (let corner = 0; corner < corners; corner++) {
    const next = corner + 1 === corners ? 0 : corner + 1;
    const here = limit - sign * from[2 * corner + axis]!;
    const there = limit - sign * from[2 * next + axis]!;
    if (here >= 0) {
      to[2 * kept] = from[2 * corner]!;
      to[2 * kept++ + 1] = from[2 * corner + 1]!;
    }
    if (here >= 0 === there >= 0) continue;
    const share = here / (here - there);
    to[2 * kept] = from[2 * corner]! + share * (from[2 * next]! - from[2 * corner]!);
    to[2 * kept++ + 1] = from[2 * corner + 1]! + share * (from[2 * next + 1]! - from[2 * corner + 1]!);
  }
  return kept;
}

function shoelace(polygon: Float64Array, corners: number): number {
  let twice = 0;
  for (let corner = 0; corner < corners; corner++) {
    const next = corner + 1 === corners ? 0 : corner + 1;
    twice += polygon[2 * corner]! * polygon[2 * next + 1]! - polygon[2 * next]! * polygon[2 * corner + 1]!;
  }
  return Math.max(0, twice / 2);
}

/**
 * Intersection over union of two footprints, 0 to 1: heights play no part, as in the evaluation of OPV2V (whose "3D"
 * overlap takes four corners of the box from above).
 */
export function bevIou(a: Footprint, b: Footprint): number {
  const shared = overlapArea(a, b);
  if (shared === 0) return 0;
  return Math.min(1, shared / (a.length * a.width + b.length * b.width - shared));
}
