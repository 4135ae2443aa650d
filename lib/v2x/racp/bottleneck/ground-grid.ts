import type { Position } from '../../evaluate/index.js';
import {
  cellsPerMeter,
  GROUND,
  type ImagePoint,
  insideMap,
  MAP,
  MAP_CELLS,
  PEDESTRIAN_CAMERAS,
  projector,
} from '../cameras.js';

const CELL_METERS = 0.2;
/** The ground on which the bottleneck's read-out looks for people: cells of 20 cm. */
export const GRID = {
  cellMeters: CELL_METERS,
  columns: Math.round(GROUND.sizeX / CELL_METERS),
  rows: Math.round(GROUND.sizeY / CELL_METERS),
} as const;
export const GRID_CELLS = GRID.columns * GRID.rows;
export const CAMERAS = PEDESTRIAN_CAMERAS.length;

const USUAL_HEIGHT = 1.72;
/** Standard deviation of the Gaussian at a person that the read-out learns to draw. */
const SPREAD_METERS = 0.3;

/** Where ground cells lie in the maps of all cameras, camera by camera: the first of four cells of the map, and their shares. */
export interface Lookup {
  readonly first: Int32Array;
  /** Of the first, the one to its right, the one below, the one below and right; all 0 outside the map. */
  readonly shares: Float32Array;
}

export interface GroundLookup {
  readonly foot: Lookup;
  readonly head: Lookup;
  /** 1 where a camera looks, and how large a metre is there, in tens of cells. */
  readonly seen: Float32Array;
  readonly scale: Float32Array;
}

let known: GroundLookup | undefined;

/** Where feet and heads of people on each cell of the ground are in the maps of the seven cameras. */
export function groundLookup(): GroundLookup {
  known ??= lookedUp();
  return known;
}

function lookedUp(): GroundLookup {
  const size = CAMERAS * GRID_CELLS;
  const blank = (): Lookup => ({ first: new Int32Array(size), shares: new Float32Array(4 * size) });
  const [foot, head] = [blank(), blank()];
  const [seen, scale] = [new Float32Array(size), new Float32Array(size)];
  for (const [n, camera] of PEDESTRIAN_CAMERAS.entries()) {
    const project = projector(camera);
    for (let cell = 0; cell < GRID_CELLS; cell++) {
      const { x, y } = cellPlace(cell);
      const at = n * GRID_CELLS + cell;
      const below = project(x, y, 0);
      if (!below || !insideMap(below)) continue;
      seen[at] = 1;
      scale[at] = cellsPerMeter(below.depth) / 10;
      place(foot, n, at, below);
      place(head, n, at, project(x, y, USUAL_HEIGHT));
    }
  }
  return { foot, head, seen, scale };
}

function place({ first, shares }: Lookup, camera: number, at: number, point: ImagePoint | undefined): void {
  if (!point || !insideMap(point)) return;
  const [u, v] = [point.column - 0.5, point.row - 0.5];
  const left = Math.max(0, Math.min(MAP.columns - 2, Math.floor(u)));
  const above = Math.max(0, Math.min(MAP.rows - 2, Math.floor(v)));
  const [a, b] = [u - left, v - above].map((part) => Math.max(0, Math.min(1, part))) as [number, number];
  first[at] = camera * MAP_CELLS + above * MAP.columns + left;
  shares.set([(1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b], 4 * at);
}

/** The middle of a cell of the ground. */
export const cellPlace = (cell: number): Position => ({
  x: GROUND.fromX + ((cell % GRID.columns) + 0.5) * CELL_METERS,
  y: GROUND.fromY + (Math.floor(cell / GRID.columns) + 0.5) * CELL_METERS,
});

/** The part of a table of `width` values a cell that is about rows from `row` on, camera by camera. */
export function bandOf<T extends Int32Array | Float32Array>(
  table: T,
  width: number,
  row: number,
  rows: number,
): T {
  const size = rows * GRID.columns * width;
  const band = table.slice(0, CAMERAS * size) as T;
  for (let camera = 0; camera < CAMERAS; camera++) {
    const from = (camera * GRID_CELLS + row * GRID.columns) * width;
    band.set(table.subarray(from, from + size), camera * size);
  }
  return band;
}

/** What the read-out should say: a Gaussian of height 1 at each person, the highest where they meet. */
export function groundTarget(people: readonly Position[]): Float32Array {
  const target = new Float32Array(GRID_CELLS);
  const reach = Math.ceil((3 * SPREAD_METERS) / CELL_METERS);
  for (const { x, y } of people) {
    const column = Math.floor((x - GROUND.fromX) / CELL_METERS);
    const row = Math.floor((y - GROUND.fromY) / CELL_METERS);
    for (let j = Math.max(0, row - reach); j <= Math.min(GRID.rows - 1, row + reach); j++)
      for (let i = Math.max(0, column - reach); i <= Math.min(GRID.columns - 1, column + reach); i++) {
        const cell = j * GRID.columns + i;
        const middle = cellPlace(cell);
        const away = ((middle.x - x) ** 2 + (middle.y - y) ** 2) / SPREAD_METERS ** 2;
        target[cell] = Math.max(target[cell]!, Math.exp(-away / 2));
      }
  }
  return target;
}
