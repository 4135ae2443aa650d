import { InputError } from '../../base/index.js';
import type { Pose } from '../types.js';

/** A rigid motion as a 4 x 4 matrix, row by row: a place p of one frame is M [p 1] of another. */
export type RigidMatrix = Float64Array;

/** Below this cosine of the pitch, yaw and roll turn about the same axis. */
const LOCKED = 1e-9;

/** The pose at the origin, looking along x. */
export const originPose: Pose = { x: 0, y: 0, z: 0, roll: 0, pitch: 0, yaw: 0 };

/** The matrix from the frame that stands at a pose to the frame the pose is given in: Rz(yaw) Ry(pitch) Rx(roll), then the place. */
export function poseMatrix({ x, y, z, roll, pitch, yaw }: Pose): RigidMatrix {
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  return Float64Array.of(
    ...[cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr, x],
    ...[sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr, y],
    ...[-sp, cp * sr, cp * cr, z],
    ...[0, 0, 0, 1],
  );
}

/**
 * The pose of a rigid matrix, pitch from -pi/2 to pi/2; where the nose points straight up or down, yaw is 0.
 * @throws InputError unless the matrix has 16 finite entries, its rotation is orthonormal to 1e-3 and no mirror, and its last row is 0 0 0 1.
 */
export function matrixPose(matrix: ArrayLike<number>): Pose {
  requireRigid(matrix);
  const at = (row: number, column: number) => matrix[4 * row + column]!;
  const place = { x: at(0, 3), y: at(1, 3), z: at(2, 3) };
  const flat = Math.hypot(at(0, 0), at(1, 0));
  const pitch = Math.atan2(-at(2, 0), flat);
  if (flat < LOCKED) return { ...place, roll: Math.atan2(-at(1, 2), at(1, 1)), pitch, yaw: 0 };
  return { ...place, roll: Math.atan2(at(2, 1), at(2, 2)), pitch, yaw: Math.atan2(at(1, 0), at(0, 0)) };
}

/** The motion back. */
export function inverseRigid(m: RigidMatrix): RigidMatrix {
  const back = (axis: number) => -(m[axis]! * m[3]! + m[4 + axis]! * m[7]! + m[8 + axis]! * m[11]!);
  const row = (axis: number) => [m[axis]!, m[4 + axis]!, m[8 + axis]!, back(axis)];
  return Float64Array.of(...row(0), ...row(1), ...row(2), 0, 0, 0, 1);
}

/** The motion `inner`, then `outer`. */
export function multiplyRigid(outer: RigidMatrix, inner: RigidMatrix): RigidMatrix {
  const product = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += outer[4 * row + k]! * inner[4 * k + column]!;
      product[4 * row + column] = sum;
    }
  }
  return product;
}

/** The matrix from the frame at pose `from` to the frame at pose `to`, both given in one frame. */
export function relativeMatrix(from: Pose, to: Pose): RigidMatrix {
  return multiplyRigid(inverseRigid(poseMatrix(to)), poseMatrix(from));
}

/** The pose `from` as the frame at pose `to` sees it. */
export function relativePose(from: Pose, to: Pose): Pose {
  return matrixPose(relativeMatrix(from, to));
}

/** The pose in the outer frame of what stands at `inner` in the frame at `outer`: the other way round than `relativePose`. */
export function composePoses(outer: Pose, inner: Pose): Pose {
  return matrixPose(multiplyRigid(poseMatrix(outer), poseMatrix(inner)));
}

/** The same angle from -pi (excluded) to pi. */
export function wrapAngle(angle: number): number {
  const turns = Math.ceil(angle / (2 * Math.PI) - 0.5);
  return angle - turns * 2 * Math.PI;
}

function requireRigid(m: ArrayLike<number>): void {
  if (m.length !== 16) throw new InputError(`pose matrix has ${m.length} entries; allowed: 16, row by row`);
  for (let index = 0; index < 16; index++) {
    if (!Number.isFinite(m[index])) {
      throw new InputError(`pose matrix: entry ${index} is ${m[index]}; allowed: finite numbers`);
    }
  }
  if (m[12] !== 0 || m[13] !== 0 || m[14] !== 0 || m[15] !== 1) {
    throw new InputError(`pose matrix: last row is ${m[12]} ${m[13]} ${m[14]} ${m[15]}; allowed: 0 0 0 1`);
  }
  const dot = (a: number, b: number) => m[a]! * m[b]! + m[a + 4]! * m[b + 4]! + m[a + 8]! * m[b + 8]!;
  let fault = Math.abs(determinant(m) - 1);
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) fault = Math.max(fault, Math.abs(dot(a, b) - (a === b ? 1 : 0)));
  }
  if (fault > 1e-3) {
    throw new InputError(`pose matrix: ${fault.toPrecision(3)} away from a rotation; allowed: up to 0.001`);
  }
}

function determinant(m: ArrayLike<number>): number {
  return (
    m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) -
    m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) +
    m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!)
  );
}
