/** A place in metres, right-handed, z up. */
export type Point = readonly [x: number, y: number, z: number];

/** A box with sides along the axes. */
export interface Block {
  min: Point;
  max: Point;
}

/** Metres between two places. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
}

/** Where a + t (b - a), t from 0 to 1, lies. */
export function between(a: Point, b: Point, t: number): Point {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

/** Whether the segment from a to b passes through the inside of a box (slab method); touching a face is no passage. */
export function passesThrough({ min, max }: Block, a: Point, b: Point): boolean {
  let enter = 0;
  let leave = 1;
  for (let axis = 0; axis < 3; axis++) {
    const along = b[axis]! - a[axis]!;
    if (along === 0) {
      if (a[axis]! <= min[axis]! || a[axis]! >= max[axis]!) return false;
      continue;
    }
    const first = (min[axis]! - a[axis]!) / along;
    const second = (max[axis]! - a[axis]!) / along;
    enter = Math.max(enter, Math.min(first, second));
    leave = Math.min(leave, Math.max(first, second));
  }
  return enter < leave;
}

/** Whether a place lies inside a box, its faces included. */
export function isInside({ min, max }: Block, point: Point): boolean {
  return point.every((value, axis) => value >= min[axis]! && value <= max[axis]!);
}
