import { requireRange } from '../../base/index.js';
import { type BevCells, bevCells, CELL_METERS, type Placement } from '../bev/index.js';
import { poseMatrix, relativeMatrix, transformBox, transformCloud } from '../geometry/index.js';
import type { AgentState, Box, PointCloud, Pose } from '../types.js';

/** The ground as a plane about a sensor: z = a x + b y + c in the levelled frame at the sensor. */
export type Plane = readonly [a: number, b: number, c: number];

/** What stands about an agent: cells in its ground frame, and what is needed to come back to its own. */
export interface StandingCells {
  readonly cells: BevCells;
  /** Where the ground frame stands, as the agent believes. */
  readonly frame: Placement;
  readonly ground: Plane;
}

export interface StandingOptions {
  readonly cellMeters?: number;
  /** Lower points are ground, metres above it; 0.3 unless told otherwise. */
  readonly leastHeight?: number;
}

const BIN_METERS = 0.2;
/** Points so near the plane take part in its next fit. */
const FIT_METERS = [0.4, 0.2] as const;
const STEEPEST = 0.1;

const levelled = ({ roll, pitch }: Pose): Pose => ({ x: 0, y: 0, z: 0, roll, pitch, yaw: 0 });

/**
 * Cells of what stands on the ground about an agent: the cloud levelled by the roll and pitch it believes in, the ground
 * fitted as a plane, points below `leastHeight` over it left out.
 * @throws InputError for an option out of range.
 */
export function standingCells(agent: AgentState, options: StandingOptions = {}): StandingCells {
  const { cellMeters = CELL_METERS, leastHeight = 0.3 } = options;
  requireRange('leastHeight', leastHeight, 0, 10, 'm');
  const { x, y, yaw, roll, pitch } = agent.pose;
  const level = roll === 0 && pitch === 0;
  const cloud = level ? agent.cloud : transformCloud(poseMatrix(levelled(agent.pose)), agent.cloud);
  const ground = groundPlane(cloud);
  const [a, b, c] = ground;
  const { count, points } = cloud;
  const standing = new Float64Array(3 * count);
  let kept = 0;
  for (let at = 0; at < 4 * count; at += 4) {
    const height = points[at + 2]! - a * points[at]! - b * points[at + 1]! - c;
    if (!(height >= leastHeight)) continue;
    standing[kept++] = points[at]!;
    standing[kept++] = points[at + 1]!;
    standing[kept++] = height;
  }
  return { cells: bevCells(standing.subarray(0, kept), -c, cellMeters), frame: { x, y, yaw }, ground };
}

/** Boxes of an agent's ground frame, z from the ground, in the agent's own frame. */
export function fromGround<B extends Box>(boxes: readonly B[], [a, b, c]: Plane, pose: Pose): B[] {
  const back = relativeMatrix({ ...pose, roll: 0, pitch: 0 }, pose);
  return boxes.map((box) => transformBox(back, { ...box, z: box.z + a * box.x + b * box.y + c }));
}

/**
 * The ground below a levelled cloud: the lowest height that many points share, then a plane through the points near it, by
 * least squares. Level where the points do not carry a slope.
 */
export function groundPlane({ count, points }: PointCloud): Plane {
  let plane: Plane = [0, 0, lowestLevel(count, points)];
  for (const reach of FIT_METERS) plane = refined(plane, reach, count, points);
  return plane;
}

function lowestLevel(count: number, points: Float32Array): number {
  const bins = new Map<number, number>();
  for (let at = 2; at < 4 * count; at += 4) {
    const bin = Math.floor(points[at]! / BIN_METERS);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  let most = 0;
  for (const held of bins.values()) most = Math.max(most, held);
  let lowest = Number.POSITIVE_INFINITY;
  for (const [bin, held] of bins) if (held >= most / 3) lowest = Math.min(lowest, bin);
  return bins.size > 0 ? (lowest + 0.5) * BIN_METERS : 0;
}

function refined(plane: Plane, reach: number, count: number, points: Float32Array): Plane {
  const [a, b, c] = plane;
  let [n, sx, sy, sz, xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < 4 * count; at += 4) {
    const [x, y, z] = [points[at]!, points[at + 1]!, points[at + 2]!];
    if (!(Math.abs(z - a * x - b * y - c) < reach)) continue;
    n++;
    sx += x;
    sy += y;
    sz += z;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
  }
  if (n < 10) return plane;
  const [cxx, cxy, cyy] = [xx - (sx * sx) / n, xy - (sx * sy) / n, yy - (sy * sy) / n];
  const [cxz, cyz] = [xz - (sx * sz) / n, yz - (sy * sz) / n];
  const determinant = cxx * cyy - cxy * cxy;
  const slopes: [number, number] =
    determinant > 1e-6 * (cxx + cyy) ** 2
      ? [(cxz * cyy - cyz * cxy) / determinant, (cyz * cxx - cxz * cxy) / determinant]
      : [0, 0];
  if (Math.hypot(...slopes) > STEEPEST) return [0, 0, sz / n];
  return [slopes[0], slopes[1], (sz - slopes[0] * sx - slopes[1] * sy) / n];
}
