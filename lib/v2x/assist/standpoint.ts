import { groundPlane, type Plane } from '../detect/index.js';
import {
  multiplyRigid,
  originPose,
  poseMatrix,
  type RigidMatrix,
  transformCloud,
} from '../geometry/index.js';
import type { AgentState, DepthView } from '../types.js';

/** Lower is ground, metres; as in the cells of what stands. */
const LEAST_HEIGHT = 0.3;

/** What the LiDAR of an agent says about the ground and about what stands on it, in the agent's levelled frame. */
export interface Surroundings {
  /** From the agent's frame to its levelled one. */
  readonly level: RigidMatrix;
  readonly ground: Plane;
  /** x, y of each point above the ground. */
  readonly standing: readonly (readonly [x: number, y: number])[];
}

/** Where a camera stands. */
export interface Standpoint {
  /** From the camera's frame to the agent's levelled one. */
  readonly matrix: RigidMatrix;
  /** The viewing axis on the ground, of length 1. */
  readonly heading: readonly [x: number, y: number];
  /** Disparity times distance: focal length times baseline, pixels times metres. */
  readonly reach: number;
  readonly leastHeight: number;
  /** Height of the ground at a place in that frame, metres. */
  levelOf(x: number, y: number): number;
}

export function surroundingsOf({ pose: { roll, pitch }, cloud }: AgentState): Surroundings {
  const level = poseMatrix({ ...originPose, roll, pitch });
  const { count, points } = transformCloud(level, cloud);
  const ground = groundPlane({ count, points });
  const standing: [number, number][] = [];
  for (let at = 0; at < 4 * count; at += 4) {
    const [x, y, z] = [points[at]!, points[at + 1]!, points[at + 2]!];
    if (z - levelOn(ground, x, y) >= LEAST_HEIGHT) standing.push([x, y]);
  }
  return { level, ground, standing };
}

const levelOn = ([a, b, c]: Plane, x: number, y: number) => a * x + b * y + c;

export function standpointOf({ mount, pair }: DepthView, { level, ground }: Surroundings): Standpoint {
  const matrix = multiplyRigid(level, poseMatrix(mount));
  const length = Math.hypot(matrix[0]!, matrix[4]!);
  return {
    matrix,
    heading: [matrix[0]! / length, matrix[4]! / length],
    reach: pair.focalPixels * pair.baselineMeters,
    leastHeight: LEAST_HEIGHT,
    levelOf: (x, y) => levelOn(ground, x, y),
  };
}
