import { boxFootprint } from '../geometry/index.js';
import type { Box, Pose } from '../types.js';
import { columnWindow, type RangeImage, type RayCounts, type RayGrid, wrapColumn } from './grid.js';
import { GROUND, NOTHING } from './slab.js';

/** A box as an upright sensor at the origin has it. */
interface SeenBox {
  first: number;
  last: number;
  /** Heading of the box relative to the sensor's. */
  cos: number;
  sin: number;
  /** The sensor along and across the box, from its centre. */
  along: number;
  across: number;
  halfLength: number;
  halfWidth: number;
  bottom: number;
  top: number;
}

/**
 * Casts all rays of a sensor without roll and pitch. All beams of a column lie in one vertical plane, which a box cuts
 * between two distances; the beams that meet it are neighbours, so none is tried in vain.
 */
export function castUpright(
  grid: RayGrid,
  pose: Pose,
  boxes: readonly Box[],
  except: number,
  maxRange: number,
  image: RangeImage,
  alone: RayCounts,
): void {
  castGround(grid, pose.z, maxRange, image);
  for (const [index, box] of boxes.entries()) {
    if (index === except) continue;
    alone[index] = castBox(grid, seenFrom(grid, pose, box), index, maxRange, image);
  }
}

function castGround(
  { beams, elevationSin }: RayGrid,
  height: number,
  maxRange: number,
  image: RangeImage,
): void {
  const { range, hit } = image;
  for (let beam = 0; beam < beams; beam++) {
    const sine = elevationSin[beam]!;
    const ground = height >= 0 && sine < 0 ? -height / sine : Number.POSITIVE_INFINITY;
    range[beam] = Math.min(ground, maxRange);
    hit[beam] = ground <= maxRange ? GROUND : NOTHING;
  }
  for (let filled = beams; filled < range.length; filled *= 2) {
    range.copyWithin(filled, 0, filled);
    hit.copyWithin(filled, 0, filled);
  }
}

function seenFrom({ columns }: RayGrid, pose: Pose, box: Box): SeenBox {
  const c = Math.cos(pose.yaw);
  const s = Math.sin(pose.yaw);
  const [dx, dy] = [box.x - pose.x, box.y - pose.y];
  const seen = { ...box, x: c * dx + s * dy, y: c * dy - s * dx, yaw: box.yaw - pose.yaw };
  const [first, last] = columnWindow({ centre: [seen.x, seen.y], corners: boxFootprint(seen) }, columns);
  const cos = Math.cos(seen.yaw);
  const sin = Math.sin(seen.yaw);
  return {
    ...{ first, last, cos, sin },
    along: -(cos * seen.x + sin * seen.y),
    across: -(cos * seen.y - sin * seen.x),
    halfLength: box.length / 2,
    halfWidth: box.width / 2,
    bottom: box.z - box.height / 2 - pose.z,
    top: box.z + box.height / 2 - pose.z,
  };
}

/** Enters one box into the image; how many rays it would stop alone. */
function castBox(grid: RayGrid, box: SeenBox, index: number, maxRange: number, image: RangeImage): number {
  const { beams, columns, azimuthCos, azimuthSin, elevationTan, elevationCos } = grid;
  const { range, hit } = image;
  const { cos, sin, along, across, halfLength, halfWidth, bottom, top } = box;
  let met = 0;
  let low = 0;
  let end = 0;
  for (let column = box.first; column <= box.last; column++) {
    const at = wrapColumn(column, columns);
    const dx = azimuthCos[at]! * cos + azimuthSin[at]! * sin;
    const dy = azimuthSin[at]! * cos - azimuthCos[at]! * sin;
    const x1 = (-halfLength - along) / dx;
    const x2 = (halfLength - along) / dx;
    const y1 = (-halfWidth - across) / dy;
    const y2 = (halfWidth - across) / dy;
    const enter = Math.max(0, Math.min(x1, x2), Math.min(y1, y2));
    const leave = Math.min(Math.max(x1, x2), Math.max(y1, y2));
    if (!(enter <= leave && leave > 0)) continue;
    const lowest = bottom / (bottom < 0 ? enter : leave);
    const highest = top / (top > 0 ? enter : leave);
    while (low < beams && elevationTan[low]! < lowest) low++;
    while (low > 0 && elevationTan[low - 1]! >= lowest) low--;
    while (end < beams && elevationTan[end]! <= highest) end++;
    while (end > 0 && elevationTan[end - 1]! > highest) end--;
    for (let beam = low; beam < end; beam++) {
      const slope = elevationTan[beam]!;
      const height = slope * enter;
      const reach = height < bottom ? bottom / slope : height > top ? top / slope : enter;
      const metres = reach / elevationCos[beam]!;
      if (metres > maxRange) continue;
      met++;
      if (metres < range[at * beams + beam]!) {
        range[at * beams + beam] = metres;
        hit[at * beams + beam] = index;
      }
    }
  }
  return met;
}
