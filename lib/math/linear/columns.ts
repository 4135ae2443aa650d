import { InputError } from '../../base/index.js';
import { type ComplexMatrix, complexMatrix } from './matrix.js';

/** One column of a matrix, its parts apart: loops over a column then run over neighbouring numbers. */
export interface Column {
  re: Float64Array;
  im: Float64Array;
}

export function columnsOf({ rows, columns, data }: ComplexMatrix, factor = 1): Column[] {
  return Array.from({ length: columns }, (_, j) => {
    const column = emptyColumn(rows);
    for (let i = 0; i < rows; i++) {
      const at = 2 * (i * columns + j);
      column.re[i] = factor * data[at]!;
      column.im[i] = factor * data[at + 1]!;
    }
    return column;
  });
}

export const emptyColumn = (rows: number): Column => ({
  re: new Float64Array(rows),
  im: new Float64Array(rows),
});

export function matrixOf(columns: readonly Column[], rows: number): ComplexMatrix {
  const width = columns.length;
  const out = complexMatrix(rows, width);
  columns.forEach(({ re, im }, j) => {
    for (let i = 0; i < rows; i++) {
      out.data[2 * (i * width + j)] = re[i]!;
      out.data[2 * (i * width + j) + 1] = im[i]!;
    }
  });
  return out;
}

/** Sum of |x_i|^2 from entry `start` on. */
export function powerOf({ re, im }: Column, start = 0): number {
  let sum = 0;
  for (let i = start; i < re.length; i++) sum += re[i]! * re[i]! + im[i]! * im[i]!;
  return sum;
}

/** x^H y over the entries from `start` on. */
export function innerOf(x: Column, y: Column, start = 0): [re: number, im: number] {
  const { re: xr, im: xi } = x;
  const { re: yr, im: yi } = y;
  let re = 0;
  let im = 0;
  for (let i = start; i < xr.length; i++) {
    re += xr[i]! * yr[i]! + xi[i]! * yi[i]!;
    im += xr[i]! * yi[i]! - xi[i]! * yr[i]!;
  }
  return [re, im];
}

/** y -= (re + i im) x over the entries from `start` on. */
export function subtractScaled(y: Column, x: Column, re: number, im: number, start = 0): void {
  const { re: xr, im: xi } = x;
  const { re: yr, im: yi } = y;
  for (let i = start; i < xr.length; i++) {
    yr[i]! -= re * xr[i]! - im * xi[i]!;
    yi[i]! -= re * xi[i]! + im * xr[i]!;
  }
}

/** The largest magnitude of a part of an entry. @throws InputError when an entry is not finite. */
export function largestEntry({ data }: ComplexMatrix): number {
  let largest = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) throw new InputError(`matrix holds ${value}; allowed: finite numbers`);
    largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}

/** The power of two that brings the largest entry near 1; squares then neither overflow nor vanish. */
export const scaleExponent = (largest: number): number =>
  largest > 0 ? Math.max(-1000, Math.min(1000, Math.ceil(Math.log2(largest)))) : 0;
