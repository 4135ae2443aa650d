import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { type BevCells, CELL_METERS } from './cells.js';
import { type Placement, relativePlacement } from './placement.js';

/** A dense grid about the origin of a ground frame: `columns` cells along x and `rows` along y, as many on either side. */
export interface BevGrid {
  readonly cellMeters: number;
  readonly columns: number;
  readonly rows: number;
}

/** Values on a grid, row after row, the channels of a cell side by side. */
export interface GridValues {
  readonly grid: BevGrid;
  readonly channels: number;
  readonly values: Float32Array;
}

/**
 * A grid that covers |x| and |y| up to the distances given.
 * @throws InputError for a distance or cell out of range, or over 2^24 cells.
 */
export function bevGrid(xMeters: number, yMeters = xMeters, cellMeters = CELL_METERS): BevGrid {
  requireRange('cellMeters', cellMeters, 0.01, 100, 'm');
  const [columns, rows] = [xMeters, yMeters].map((reach) => {
    requireRange('reach of the grid', reach, cellMeters, 1e5, 'm');
    return 2 * Math.ceil(reach / cellMeters - 1e-9);
  });
  requireInteger('cells of the grid', columns! * rows!, 4, 2 ** 24);
  return { cellMeters, columns: columns!, rows: rows! };
}

/** Where a sparse cell stands in a grid's values; -1 outside. */
export function gridIndex({ columns, rows }: BevGrid, column: number, row: number): number {
  const [i, j] = [column + columns / 2, row + rows / 2];
  return i >= 0 && i < columns && j >= 0 && j < rows ? j * columns + i : -1;
}

/**
 * Values of sparse cells on a grid, 0 elsewhere; cells outside are left out.
 * @param values one row of `channels` for each cell
 * @throws InputError when sides or counts do not fit.
 */
export function scatterCells(
  cells: BevCells,
  values: ArrayLike<number>,
  grid: BevGrid,
  channels = 1,
): GridValues {
  if (cells.cellMeters !== grid.cellMeters)
    throw new InputError(
      `cells of ${cells.cellMeters} m on a grid of ${grid.cellMeters} m; allowed: equal ones`,
    );
  if (values.length !== cells.size * channels)
    throw new InputError(`${values.length} values of ${cells.size} cells; allowed: ${channels} of each`);
  const dense = new Float32Array(grid.columns * grid.rows * channels);
  for (let cell = 0; cell < cells.size; cell++) {
    const index = gridIndex(grid, cells.column[cell]!, cells.row[cell]!);
    if (index < 0) continue;
    for (let c = 0; c < channels; c++) dense[index * channels + c] = values[cell * channels + c]!;
  }
  return { grid, channels, values: dense };
}

/** Values warped onto another frame's grid, and where they are known: 1 there, 0 where the warp reached over the border. */
export interface Warped extends GridValues {
  readonly known: Uint8Array;
}

/**
 * Values of a grid in the frame at `frame`, taken bilinearly at the cells' centres of a grid in the frame that `frame` is
 * given in. A cell is known where all four neighbours are inside the source, so no border is mistaken for a value of 0 (whose
 * sigmoid would be one half).
 */
export function warpGrid(
  { grid: source, channels, values }: GridValues,
  frame: Placement,
  target: BevGrid,
): Warped {
  const warped = new Float32Array(target.columns * target.rows * channels);
  const known = new Uint8Array(target.columns * target.rows);
  const back = relativePlacement({ x: 0, y: 0, yaw: 0 }, frame);
  const [c, s] = [Math.cos(back.yaw), Math.sin(back.yaw)];
  for (let row = 0, cell = 0; row < target.rows; row++) {
    const y = (row + 0.5 - target.rows / 2) * target.cellMeters;
    for (let column = 0; column < target.columns; column++, cell++) {
      const x = (column + 0.5 - target.columns / 2) * target.cellMeters;
      const u = snapped((back.x + c * x - s * y) / source.cellMeters + source.columns / 2 - 0.5);
      const v = snapped((back.y + s * x + c * y) / source.cellMeters + source.rows / 2 - 0.5);
      if (u < 0 || v < 0 || u > source.columns - 1 || v > source.rows - 1) continue;
      known[cell] = 1;
      bilinear(values, source.columns, source.rows, channels, u, v, warped, cell * channels);
    }
  }
  return { grid: target, channels, values: warped, known };
}

/** Rounding of the rotation must not push a cell of the border outside. */
const snapped = (place: number) => (Math.abs(place - Math.round(place)) < 1e-9 ? Math.round(place) : place);

function bilinear(
  values: Float32Array,
  columns: number,
  rows: number,
  channels: number,
  u: number,
  v: number,
  out: Float32Array,
  at: number,
): void {
  const [i, j] = [Math.min(Math.floor(u), columns - 2), Math.min(Math.floor(v), rows - 2)];
  const [a, b] = [u - i, v - j];
  const corner = (j * columns + i) * channels;
  const [right, up] = [channels, columns * channels];
  for (let c = 0; c < channels; c++) {
    const low = (1 - a) * values[corner + c]! + a * values[corner + right + c]!;
    const high = (1 - a) * values[corner + up + c]! + a * values[corner + up + right + c]!;
    out[at + c] = (1 - b) * low + b * high;
  }
}
