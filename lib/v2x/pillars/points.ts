import { placed, relativePlacement } from '../bev/index.js';
import { fromGround, groundPlane, type Plane } from '../detect/index.js';
import { poseMatrix, transformBox, transformCloud } from '../geometry/index.js';
import type { AgentState, Box, Pose } from '../types.js';

/** Points that stand on the ground, in the map frame: x and y in the world, z from the ground below. */
export interface MapPoints {
  readonly count: number;
  /** x, y, z, intensity of each point. */
  readonly values: Float32Array;
}

/** What stands about an agent, and what is needed to come back to its own frame. */
export interface Standing extends MapPoints {
  /** Of each point, its place in the agent's cloud. */
  readonly sources: Int32Array;
  readonly ground: Plane;
}

/** Lower points are ground, higher ones no part of a car. */
const HEIGHTS = { least: 0.25, most: 3.2 };

/** The points of an agent that a car could have, in the map frame by the pose that it believes in. */
export function standingPoints({ cloud, pose }: Pick<AgentState, 'cloud' | 'pose'>): Standing {
  const { roll, pitch } = pose;
  const tilt: Pose = { x: 0, y: 0, z: 0, roll, pitch, yaw: 0 };
  const level = roll === 0 && pitch === 0 ? cloud : transformCloud(poseMatrix(tilt), cloud);
  const ground = groundPlane(level);
  const values = new Float32Array(4 * cloud.count);
  const sources = new Int32Array(cloud.count);
  const [c, s] = [Math.cos(pose.yaw), Math.sin(pose.yaw)];
  let count = 0;
  for (let point = 0; point < cloud.count; point++) {
    const [x, y] = [level.points[4 * point]!, level.points[4 * point + 1]!];
    const height = level.points[4 * point + 2]! - ground[0] * x - ground[1] * y - ground[2];
    if (!(height >= HEIGHTS.least && height <= HEIGHTS.most)) continue;
    values[4 * count] = pose.x + c * x - s * y;
    values[4 * count + 1] = pose.y + s * x + c * y;
    values[4 * count + 2] = height;
    values[4 * count + 3] = level.points[4 * point + 3]!;
    sources[count++] = point;
  }
  return { count, values: values.slice(0, 4 * count), sources: sources.slice(0, count), ground };
}

/** Boxes of the map frame in an agent's own, by the pose that it believes in. */
export function fromMap<B extends Box>(boxes: readonly B[], ground: Plane, pose: Pose): B[] {
  return fromGround(inGroundFrame(boxes, pose), ground, pose);
}

/** Boxes of an agent's own frame in the map frame: the other way round than `fromMap`. */
export function toMap<B extends Box>(boxes: readonly B[], [a, b, c]: Plane, pose: Pose): B[] {
  const level = poseMatrix({ ...pose, x: 0, y: 0, z: 0, yaw: 0 });
  return boxes.map((box) => {
    const own = transformBox(level, box);
    return placed(pose, { ...own, z: own.z - a * own.x - b * own.y - c });
  });
}

/** Boxes of the map frame in the level frame at an agent, where those of its messages stand. */
export function inGroundFrame<B extends Box>(boxes: readonly B[], pose: Pose): B[] {
  const back = relativePlacement({ x: 0, y: 0, yaw: 0 }, pose);
  return boxes.map((box) => placed(back, box));
}
