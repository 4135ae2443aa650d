import type { Position } from '../evaluate/index.js';
import { buckets } from '../geometry/index.js';
import { GROUND } from './cameras.js';

/** Positions as Wildtrack numbers them: 480 along x, 1,440 along y, 2.5 cm apart. */
export const POSITION = { meters: 0.025, columns: 480, rows: 1440 } as const;

const APART_METERS = 0.6;

export interface PeakOptions {
  /** Cells of a row of the map. */
  readonly columns: number;
  /** Of a peak. */
  readonly least: number;
  placeOf(cell: number): Position;
}

/** Local maxima of a map of the ground, the highest first, none nearer to a higher one than people stand. */
export function peaks(map: ArrayLike<number>, { columns, least, placeOf }: PeakOptions): Position[] {
  const found: { value: number; place: Position }[] = [];
  for (let cell = 0; cell < map.length; cell++) {
    const value = map[cell]!;
    if (value >= least && highest(map, columns, cell)) found.push({ value, place: placeOf(cell) });
  }
  found.sort((a, b) => b.value - a.value);
  const kept = buckets<Position>(APART_METERS);
  const apart = found.filter(({ place: { x, y } }) => {
    const stays = kept.near(x, y).every((other) => Math.hypot(other.x - x, other.y - y) >= APART_METERS);
    if (stays) kept.add(x, y, { x, y });
    return stays;
  });
  return apart.map(({ place }) => toGrid(place));
}

function highest(map: ArrayLike<number>, columns: number, cell: number): boolean {
  const value = map[cell]!;
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const rows = map.length / columns;
  for (let i = Math.max(0, row - 1); i <= Math.min(rows - 1, row + 1); i++) {
    for (let j = Math.max(0, column - 1); j <= Math.min(columns - 1, column + 1); j++) {
      if (map[i * columns + j]! > value) return false;
    }
  }
  return true;
}

/** To the nearest of Wildtrack's positions. */
function toGrid({ x, y }: Position): Position {
  const { meters } = POSITION;
  return {
    x: GROUND.fromX + meters * Math.round((x - GROUND.fromX) / meters),
    y: GROUND.fromY + meters * Math.round((y - GROUND.fromY) / meters),
  };
}
