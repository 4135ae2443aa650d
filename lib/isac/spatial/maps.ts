import type { Path, Room } from '../room/index.js';
import { longestSide, type SpatialCase } from './rooms.js';

/** Cells of a map along each side, and metres of a cell. */
export const mapSide = 32;
const cell = longestSide / mapSide;
const cells = mapSide * mapSide;
/** How high obstacles are; transmitter and receiver; whether the path passes; how high it does. */
export const mapChannels = 4;

/** Top view of the obstacles, row by row: the part of a cell's height that is filled; 1 outside of the room. */
export function occupancyMap({ size, obstacles = [] }: Room): Float32Array {
  const map = new Float32Array(cells);
  for (let row = 0; row < mapSide; row++) {
    for (let column = 0; column < mapSide; column++) {
      const [x, y] = [(column + 0.5) * cell, (row + 0.5) * cell];
      const over = obstacles.filter(
        ({ min, max }) => x >= min[0] && x <= max[0] && y >= min[1] && y <= max[1],
      );
      const outside = x > size[0] || y > size[1];
      map[row * mapSide + column] = outside
        ? 1
        : over.reduce((top, { max }) => Math.max(top, max[2] / size[2]), 0);
    }
  }
  return map;
}

/** What the network sees of one candidate, [row, column, channel]; heights are parts of the room's. */
export function candidateMap(
  { room, link }: SpatialCase,
  candidate: Path,
  occupancy: Float32Array,
): Float32Array {
  const map = new Float32Array(cells * mapChannels);
  for (let at = 0; at < cells; at++) map[at * mapChannels] = occupancy[at]!;
  for (const [x, y, z] of [link.transmitter, link.receiver])
    map[cellOf(x, y) * mapChannels + 1] = z / room.size[2];
  const { points } = candidate;
  for (let leg = 1; leg < points.length; leg++) {
    const [a, b] = [points[leg - 1]!, points[leg]!];
    const steps = Math.max(1, Math.ceil((2 * Math.hypot(b[0] - a[0], b[1] - a[1])) / cell));
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const at = cellOf(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) * mapChannels;
      const height = (a[2] + t * (b[2] - a[2])) / room.size[2];
      // Where a path passes a cell twice, its lower passage is the one in danger.
      map[at + 3] = map[at + 2] === 0 ? height : Math.min(map[at + 3]!, height);
      map[at + 2] = 1;
    }
  }
  return map;
}

function cellOf(x: number, y: number): number {
  const index = (metres: number) => Math.min(mapSide - 1, Math.max(0, Math.floor(metres / cell)));
  return index(y) * mapSide + index(x);
}
