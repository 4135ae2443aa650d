import {
  boxCorners,
  inverseRigid,
  multiplyRigid,
  originPose,
  poseMatrix,
  type RigidMatrix,
  transformPoint,
} from '../geometry/index.js';
import type { Box, Pose } from '../types.js';
import { columnWindow, type RangeImage, type RayCounts, type RayGrid, wrapColumn } from './grid.js';
import { enterSlabs, GROUND, NOTHING } from './slab.js';

/** The rays that can meet a box: columns, and beams from `low` up to `end`, excluded. */
interface Window {
  first: number;
  last: number;
  low: number;
  end: number;
}

/** Casts all rays of a sensor of any attitude: the slab test for the rays in a window around each box. */
export function castTilted(
  grid: RayGrid,
  pose: Pose,
  boxes: readonly Box[],
  except: number,
  maxRange: number,
  image: RangeImage,
  alone: RayCounts,
): void {
  const sensor = poseMatrix(pose);
  castGround(grid, sensor, maxRange, image);
  const toSensor = inverseRigid(sensor);
  for (const [index, box] of boxes.entries()) {
    if (index === except) continue;
    const toBox = inverseRigid(poseMatrix({ ...originPose, x: box.x, y: box.y, z: box.z, yaw: box.yaw }));
    const halves = [box.length / 2, box.width / 2, box.height / 2] as const;
    const window = rayWindow(grid, toSensor, box);
    alone[index] = castBox(grid, window, multiplyRigid(toBox, sensor), halves, index, maxRange, image);
  }
}

function castGround(grid: RayGrid, sensor: RigidMatrix, maxRange: number, { range, hit }: RangeImage): void {
  const { beams, columns, azimuthCos, azimuthSin, elevationCos, elevationSin } = grid;
  const height = sensor[11]!;
  for (let column = 0; column < columns; column++) {
    const level = sensor[8]! * azimuthCos[column]! + sensor[9]! * azimuthSin[column]!;
    for (let beam = 0; beam < beams; beam++) {
      const climb = elevationCos[beam]! * level + elevationSin[beam]! * sensor[10]!;
      const ground = height >= 0 && climb < 0 ? -height / climb : Number.POSITIVE_INFINITY;
      range[column * beams + beam] = Math.min(ground, maxRange);
      hit[column * beams + beam] = ground <= maxRange ? GROUND : NOTHING;
    }
  }
}

function rayWindow({ columns, beams, elevationTan }: RayGrid, toSensor: RigidMatrix, box: Box): Window {
  const corners = boxCorners(box).map((corner) => transformPoint(toSensor, corner));
  const [x, y] = transformPoint(toSensor, [box.x, box.y, box.z]);
  const [first, last] = columnWindow({ centre: [x, y], corners }, columns);
  const reach = Math.max(...corners.map(([cx, cy]) => Math.hypot(cx - x, cy - y)));
  const near = Math.max(0, Math.hypot(x, y) - reach);
  const far = Math.hypot(x, y) + reach;
  const bottom = Math.min(...corners.map(([, , z]) => z));
  const top = Math.max(...corners.map(([, , z]) => z));
  const lowest = bottom / (bottom < 0 ? near : far);
  const highest = top / (top > 0 ? near : far);
  const low = elevationTan.findIndex((tangent) => tangent >= lowest);
  const past = elevationTan.findIndex((tangent) => tangent > highest);
  return { first, last, low: low < 0 ? beams : low, end: past < 0 ? beams : past };
}

/** Enters one box into the image; how many rays it would stop alone. */
function castBox(
  grid: RayGrid,
  { first, last, low, end }: Window,
  m: RigidMatrix,
  [halfX, halfY, halfZ]: readonly [number, number, number],
  index: number,
  maxRange: number,
  { range, hit }: RangeImage,
): number {
  const { beams, columns, azimuthCos, azimuthSin, elevationCos, elevationSin } = grid;
  const [ox, oy, oz] = [m[3]!, m[7]!, m[11]!];
  const [upX, upY, upZ] = [m[2]!, m[6]!, m[10]!];
  let met = 0;
  for (let column = first; column <= last; column++) {
    const at = wrapColumn(column, columns);
    const ca = azimuthCos[at]!;
    const sa = azimuthSin[at]!;
    const levelX = m[0]! * ca + m[1]! * sa;
    const levelY = m[4]! * ca + m[5]! * sa;
    const levelZ = m[8]! * ca + m[9]! * sa;
    for (let beam = low; beam < end; beam++) {
      const ce = elevationCos[beam]!;
      const se = elevationSin[beam]!;
      const dx = ce * levelX + se * upX;
      const dy = ce * levelY + se * upY;
      const dz = ce * levelZ + se * upZ;
      const enter = enterSlabs(ox, oy, oz, dx, dy, dz, halfX, halfY, halfZ);
      if (enter > maxRange) continue;
      met++;
      if (enter < range[at * beams + beam]!) {
        range[at * beams + beam] = enter;
        hit[at * beams + beam] = index;
      }
    }
  }
  return met;
}
