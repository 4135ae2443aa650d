import type { Sight } from '../../channel/index.js';
import type { Box } from '../types.js';

/** A place in the world, metres. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Whether the straight line between two points passes through a box. */
export function segmentMeetsBox(from: Point, to: Point, box: Box): boolean {
  const [cos, sin] = [Math.cos(box.yaw), Math.sin(box.yaw)];
  const local = ({ x, y, z }: Point) => [
    cos * (x - box.x) + sin * (y - box.y),
    cos * (y - box.y) - sin * (x - box.x),
    z - box.z,
  ];
  const [start, end] = [local(from), local(to)];
  const halves = [box.length / 2, box.width / 2, box.height / 2];
  let [enters, leaves] = [0, 1];
  for (let axis = 0; axis < 3; axis++) {
    const [a, half] = [start[axis]!, halves[axis]!];
    const step = end[axis]! - a;
    if (step === 0) {
      if (Math.abs(a) > half) return false;
      continue;
    }
    const [one, other] = [(-half - a) / step, (half - a) / step];
    enters = Math.max(enters, Math.min(one, other));
    leaves = Math.min(leaves, Math.max(one, other));
  }
  return enters <= leaves;
}

/** Whether a point stands above, in or under a box. */
export function overFootprint(point: Point, box: Box): boolean {
  return segmentMeetsBox({ ...point, z: box.z }, { ...point, z: box.z }, box);
}

/**
 * What two antennas see of each other: a building between them hides them, else a vehicle may stand between.
 * @returns `blockers`: the vehicles in between, none behind a building
 */
export function sightBetween(
  from: Point,
  to: Point,
  { buildings, vehicles }: { buildings: readonly Box[]; vehicles: readonly Box[] },
): { sight: Sight; blockers: readonly Box[] } {
  if (buildings.some((box) => segmentMeetsBox(from, to, box))) return { sight: 'nlos', blockers: [] };
  const blockers = vehicles.filter(
    (box) => segmentMeetsBox(from, to, box) && !overFootprint(from, box) && !overFootprint(to, box),
  );
  return { sight: blockers.length > 0 ? 'nlosv' : 'los', blockers };
}
