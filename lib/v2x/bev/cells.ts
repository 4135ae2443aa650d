import { InputError, requireRange } from '../../base/index.js';
import type { Placement } from './placement.js';

/** Side of a cell unless stated, metres. */
export const CELL_METERS = 0.4;

/** Cells are counted from the frame's origin in both directions, in 16 bits. */
const FARTHEST = 32_767;

/**
 * What stands on the ground, as sparse cells seen from above: those that hold a point, ordered by row (y), then column (x).
 * Cell (i, j) spans x from i to i + 1 cells and y from j to j + 1 cells.
 */
export interface BevCells {
  readonly cellMeters: number;
  readonly size: number;
  readonly column: Int16Array;
  readonly row: Int16Array;
  /** Points in the cell. */
  readonly points: Float64Array;
  /** Mean place of the points, metres. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Greatest height above the ground, metres. */
  readonly top: Float64Array;
  /**
   * Mean, seen from above, of the unit vectors from the points to the sensors that saw them: 1 long where one sensor saw them
   * level, shorter where it looked down or several did.
   */
  readonly viewX: Float64Array;
  readonly viewY: Float64Array;
}

/** Cells without content, to be filled. */
export function blankCells(size: number, cellMeters: number): BevCells {
  const values = () => new Float64Array(size);
  return {
    cellMeters,
    size,
    column: new Int16Array(size),
    row: new Int16Array(size),
    points: values(),
    x: values(),
    y: values(),
    top: values(),
    viewX: values(),
    viewY: values(),
  };
}

/** A number that orders cells by row, then column. */
export const cellKey = (column: number, row: number): number => (row + 32_768) * 65_536 + (column + 32_768);

/** What is gathered into cells: places, heights, views, and how many points each stands for. */
type Samples = Pick<BevCells, 'x' | 'y' | 'top' | 'viewX' | 'viewY' | 'points' | 'size'>;

/** Samples into the cells they lie in. Samples farther than 32,767 cells away are left out. */
function gather(samples: Samples, cellMeters: number): BevCells {
  const { size } = samples;
  const keys = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    const column = Math.floor(samples.x[index]! / cellMeters);
    const row = Math.floor(samples.y[index]! / cellMeters);
    const near = Math.abs(column) <= FARTHEST && Math.abs(row) <= FARTHEST;
    keys[index] = near ? cellKey(column, row) : -1;
  }
  const cellOf = new Map<number, number>();
  const occupied = Float64Array.from(new Set(keys.filter((key) => key >= 0))).sort();
  for (const [cell, key] of occupied.entries()) cellOf.set(key, cell);
  const cells = blankCells(occupied.length, cellMeters);
  cells.top.fill(Number.NEGATIVE_INFINITY);
  for (let index = 0; index < size; index++) {
    if (keys[index]! < 0) continue;
    add(cells, cellOf.get(keys[index]!)!, samples, index);
  }
  for (const [cell, key] of occupied.entries()) {
    cells.row[cell] = Math.floor(key / 65_536) - 32_768;
    cells.column[cell] = (key % 65_536) - 32_768;
    for (const sum of [cells.x, cells.y, cells.viewX, cells.viewY]) sum[cell]! /= cells.points[cell]!;
  }
  return cells;
}

function add(cells: BevCells, cell: number, samples: Samples, index: number): void {
  const weight = samples.points[index]!;
  cells.points[cell]! += weight;
  cells.x[cell]! += weight * samples.x[index]!;
  cells.y[cell]! += weight * samples.y[index]!;
  cells.viewX[cell]! += weight * samples.viewX[index]!;
  cells.viewY[cell]! += weight * samples.viewY[index]!;
  cells.top[cell] = Math.max(cells.top[cell]!, samples.top[index]!);
}

/**
 * Cells of points in the ground frame of the sensor that saw them.
 * @param points x, y and height above the ground of each, metres
 * @param sensorMeters height of the sensor above the ground (default 1.9)
 * @param cellMeters side of a cell, 0.01 to 100 (default 0.4)
 * @throws InputError for a cell out of range, or values that are no multiple of three.
 */
export function bevCells(points: ArrayLike<number>, sensorMeters = 1.9, cellMeters = CELL_METERS): BevCells {
  requireRange('cellMeters', cellMeters, 0.01, 100, 'm');
  if (points.length % 3 !== 0)
    throw new InputError(`points of ${points.length} values; allowed: a multiple of 3 (x, y, height)`);
  const size = points.length / 3;
  const samples = blankCells(size, cellMeters);
  for (let index = 0; index < size; index++) {
    const x = points[3 * index]!;
    const y = points[3 * index + 1]!;
    const height = points[3 * index + 2]!;
    const range = Math.sqrt(x * x + y * y + (sensorMeters - height) ** 2);
    samples.x[index] = x;
    samples.y[index] = y;
    samples.top[index] = height;
    samples.viewX[index] = range > 0 ? -x / range : 0;
    samples.viewY[index] = range > 0 ? -y / range : 0;
    samples.points[index] = 1;
  }
  return gather(samples, cellMeters);
}

/**
 * Cells of several senders, already in one frame, as one: points add up, means are weighted by them.
 * @throws InputError when cells differ in their side.
 */
export function mergeCells(parts: readonly BevCells[]): BevCells {
  const cellMeters = parts[0]?.cellMeters ?? CELL_METERS;
  const other = parts.find((part) => part.cellMeters !== cellMeters);
  if (other)
    throw new InputError(`cells of ${other.cellMeters} m beside ${cellMeters} m; allowed: equal ones`);
  return gather(concatenated(parts), cellMeters);
}

function concatenated(parts: readonly BevCells[]): Samples {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const all = blankCells(size, 1);
  let start = 0;
  for (const part of parts) {
    for (const name of ['x', 'y', 'top', 'viewX', 'viewY', 'points'] as const)
      all[name].set(part[name], start);
    start += part.size;
  }
  return all;
}

/**
 * Cells of a frame placed at `frame` in another, as cells of the other: their mean places move, and fall into new cells.
 * @param cellMeters side of the new cells; as before unless told otherwise
 */
export function warpCells(cells: BevCells, frame: Placement, cellMeters = cells.cellMeters): BevCells {
  const [c, s] = [Math.cos(frame.yaw), Math.sin(frame.yaw)];
  const turned = (x: Float64Array, y: Float64Array, dx: number, dy: number) => [
    x.map((value, index) => dx + c * value - s * y[index]!),
    y.map((value, index) => dy + s * x[index]! + c * value),
  ];
  const [x, y] = turned(cells.x, cells.y, frame.x, frame.y);
  const [viewX, viewY] = turned(cells.viewX, cells.viewY, 0, 0);
  return gather({ ...cells, x: x!, y: y!, viewX: viewX!, viewY: viewY! }, cellMeters);
}

/** The cells that a test leaves, in their order. */
export function selectCells(cells: BevCells, keep: (cell: number) => boolean): BevCells {
  const chosen = Array.from({ length: cells.size }, (_, cell) => cell).filter(keep);
  const part = blankCells(chosen.length, cells.cellMeters);
  for (const name of ['column', 'row', 'points', 'x', 'y', 'top', 'viewX', 'viewY'] as const)
    for (const [place, cell] of chosen.entries()) part[name][place] = cells[name][cell]!;
  return part;
}
