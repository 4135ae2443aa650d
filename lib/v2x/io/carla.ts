import type { Box, Pose } from '../types.js';

/**
 * CARLA's frames are left-handed: x forward, y right, z up; degrees; a positive pitch lifts the nose, a positive yaw turns
 * right, a positive roll lifts the left side. Its rotation matrix, mirrored in y on both sides, is Rz(-yaw) Ry(-pitch) Rx(roll).
 */

const RADIANS = Math.PI / 180;

/** The right-handed pose of a left-handed one in metres and degrees. */
export function carlaPose(x: number, y: number, z: number, roll: number, yaw: number, pitch: number): Pose {
  return { x, y: 0 - y, z, roll: roll * RADIANS, pitch: 0 - pitch * RADIANS, yaw: 0 - yaw * RADIANS };
}

type Vector = readonly [number, number, number];

/**
 * The right-handed box of a CARLA actor.
 * @param location of the actor, to which `center` is added along the world's axes
 * @param extent half the length, width and height
 * @param yaw degrees
 */
export function carlaBox(location: Vector, center: Vector, extent: Vector, yaw: number): Box {
  const [x, y, z] = location.map((value, axis) => value + center[axis]!) as [number, number, number];
  const [length, width, height] = extent.map((half) => 2 * half) as [number, number, number];
  return { x, y: 0 - y, z, length, width, height, yaw: 0 - yaw * RADIANS };
}
