import { InputError } from '../../base/index.js';
import { type BevCells, blankCells, cellKey } from './cells.js';

const HEADER = 8;

/** Bytes of one cell on the wire. */
export const CELL_BYTES = 12;

/**
 * Cells as bytes, little-endian: number of cells (u32) and their side (f32), then of each cell column and row (i16), points
 * (u16, not above 65,535), mean place in 256ths of the cell (u8, u8), height in centimetres (i16) and view in 127ths (i8, i8).
 */
export function encodeCells(cells: BevCells): Uint8Array {
  const bytes = new Uint8Array(HEADER + CELL_BYTES * cells.size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, cells.size, true);
  view.setFloat32(4, cells.cellMeters, true);
  const side = Math.fround(cells.cellMeters);
  for (let cell = 0; cell < cells.size; cell++) {
    const at = HEADER + CELL_BYTES * cell;
    const [column, row] = [cells.column[cell]!, cells.row[cell]!];
    view.setInt16(at, column, true);
    view.setInt16(at + 2, row, true);
    view.setUint16(at + 4, clamp(Math.round(cells.points[cell]!), 1, 65_535), true);
    view.setUint8(at + 6, clamp(Math.floor(256 * (cells.x[cell]! / side - column)), 0, 255));
    view.setUint8(at + 7, clamp(Math.floor(256 * (cells.y[cell]! / side - row)), 0, 255));
    view.setInt16(at + 8, clamp(Math.round(100 * cells.top[cell]!), -32_768, 32_767), true);
    view.setInt8(at + 10, clamp(Math.round(127 * cells.viewX[cell]!), -127, 127));
    view.setInt8(at + 11, clamp(Math.round(127 * cells.viewY[cell]!), -127, 127));
  }
  return bytes;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/**
 * The cells that bytes hold; encoded again they are the same bytes.
 * @throws InputError when the length does not fit the number of cells, the side is not one, or cells stand out of order.
 */
export function decodeCells(bytes: Uint8Array): BevCells {
  const [view, size] = requireFrame(bytes);
  const side = view.getFloat32(4, true);
  if (!(side >= 0.009 && side <= 101)) throw new InputError(`cells: side is ${side} m; allowed: 0.01 to 100`);
  const cells = blankCells(size, shortest(side));
  let previous = -1;
  for (let cell = 0; cell < size; cell++) {
    const at = HEADER + CELL_BYTES * cell;
    const [column, row] = [view.getInt16(at, true), view.getInt16(at + 2, true)];
    const key = cellKey(column, row);
    if (key <= previous)
      throw new InputError(`cells: cell ${cell} is out of order; allowed: by row, then column`);
    previous = key;
    cells.column[cell] = column;
    cells.row[cell] = row;
    cells.points[cell] = Math.max(1, view.getUint16(at + 4, true));
    cells.x[cell] = (column + (view.getUint8(at + 6) + 0.5) / 256) * side;
    cells.y[cell] = (row + (view.getUint8(at + 7) + 0.5) / 256) * side;
    cells.top[cell] = view.getInt16(at + 8, true) / 100;
    cells.viewX[cell] = view.getInt8(at + 10) / 127;
    cells.viewY[cell] = view.getInt8(at + 11) / 127;
  }
  return cells;
}

/** The number of fewest digits, 7 or more, that is stored as this: 0.4 and not 0.4000000059604645. */
function shortest(stored: number): number {
  const numbers = [7, 8, 9].map((digits) => Number(stored.toPrecision(digits)));
  return numbers.find((number) => Math.fround(number) === stored)!;
}

function requireFrame(bytes: Uint8Array): [DataView, number] {
  if (bytes.length < HEADER) throw new InputError(`cells: ${bytes.length} bytes; allowed: ${HEADER} or more`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(0, true);
  const length = HEADER + CELL_BYTES * size;
  if (bytes.length !== length)
    throw new InputError(`cells: ${bytes.length} bytes for ${size} cells; allowed: ${length}`);
  return [view, size];
}
