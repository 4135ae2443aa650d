import type { Pose } from '../types.js';

/**
 * Where a ground frame stands: below an agent's sensor, x ahead, z up from the ground. Seen from above, a frame is no more
 * than this, so tilt and height of the sensor are gone before anything is shared.
 */
export type Placement = Pick<Pose, 'x' | 'y' | 'yaw'>;

/** The frame of placement `from` as seen in the frame of placement `to`, both given in one frame. */
export function relativePlacement(from: Placement, to: Placement): Placement {
  const [c, s] = [Math.cos(to.yaw), Math.sin(to.yaw)];
  const [dx, dy] = [from.x - to.x, from.y - to.y];
  return { x: c * dx + s * dy, y: c * dy - s * dx, yaw: from.yaw - to.yaw };
}

/** A box, or anything with a place and a heading, from the frame at `frame` to the one that `frame` is given in. */
export function placed<T extends Placement>(frame: Placement, thing: T): T {
  const [c, s] = [Math.cos(frame.yaw), Math.sin(frame.yaw)];
  const { x, y, yaw } = thing;
  return { ...thing, x: frame.x + c * x - s * y, y: frame.y + s * x + c * y, yaw: yaw + frame.yaw };
}
