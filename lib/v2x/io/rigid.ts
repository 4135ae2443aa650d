import { InputError } from '../../base/index.js';
import { matrixPose, type RigidMatrix } from '../geometry/index.js';
import type { Pose } from '../types.js';

type Vector = readonly [number, number, number];

/** The matrix of a rotation, row by row, and a translation. */
export function rigidMatrix(rotation: readonly Vector[], [x, y, z]: Vector): RigidMatrix {
  const [a, b, c] = rotation as readonly [Vector, Vector, Vector];
  return Float64Array.of(...a, x, ...b, y, ...c, z, 0, 0, 0, 1);
}

/** The matrix of a unit quaternion w, x, y, z (normalised here) and a translation. */
export function quaternionMatrix(quaternion: readonly number[], translation: Vector): RigidMatrix {
  const length = Math.hypot(...quaternion);
  const [w, x, y, z] = quaternion.map((part) => part / length) as [number, number, number, number];
  const rotation: Vector[] = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
  return rigidMatrix(rotation, translation);
}

/**
 * The pose of a matrix that a file gave.
 * @throws InputError naming the file when the matrix is no rotation and translation.
 */
export function requirePose(matrix: RigidMatrix, what: string): Pose {
  try {
    return matrixPose(matrix);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${what}: ${error.message}`) : error;
  }
}

/** A pose at a time. */
export interface TimedPose {
  readonly pose: Pose;
  readonly timeSec: number;
}

/** Poses further apart than this say little about the velocity. */
const MAX_GAP_SEC = 1;

/** World velocity (m/s) from one pose to another of the same agent; 0 where there is no other within a second. */
export function velocityBetween(now: TimedPose, other: TimedPose | undefined): [vx: number, vy: number] {
  const gap = other ? now.timeSec - other.timeSec : 0;
  if (!other || gap === 0 || Math.abs(gap) > MAX_GAP_SEC) return [0, 0];
  return [(now.pose.x - other.pose.x) / gap, (now.pose.y - other.pose.y) / gap];
}
