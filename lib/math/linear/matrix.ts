import { InputError, requireInteger } from '../../base/index.js';

/** A complex matrix, row-major: entry (i, j) stands at 2 (i columns + j), real part before imaginary part. */
export interface ComplexMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

const MAX_SIDE = 2 ** 27;

/**
 * A complex matrix over `data`, which it shares; zeros when left out.
 * @param data interleaved complex, row-major, 2 * rows * columns numbers
 * @throws InputError when a size is no integer from 1 or the data do not fit it.
 */
export function complexMatrix(rows: number, columns: number, data?: Float64Array): ComplexMatrix {
  requireInteger('rows', rows, 1, MAX_SIDE);
  requireInteger('columns', columns, 1, MAX_SIDE);
  if (data && data.length !== 2 * rows * columns) {
    throw new InputError(
      `${data.length} numbers for a ${rows} x ${columns} complex matrix; allowed: ${2 * rows * columns}`,
    );
  }
  return { rows, columns, data: data ?? new Float64Array(2 * rows * columns) };
}

/** The n x n identity times a real factor. */
export function identityMatrix(n: number, factor = 1): ComplexMatrix {
  const out = complexMatrix(n, n);
  for (let i = 0; i < n; i++) out.data[2 * (i * n + i)] = factor;
  return out;
}

/** A column, interleaved. @throws InputError when there is none such. */
export function columnOf({ rows, columns, data }: ComplexMatrix, column: number): Float64Array {
  requireInteger('column', column, 0, columns - 1);
  const out = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    out[2 * row] = data[2 * (row * columns + column)]!;
    out[2 * row + 1] = data[2 * (row * columns + column) + 1]!;
  }
  return out;
}

/** A^H: rows and columns exchanged, entries conjugated. */
export function conjugateTranspose(a: ComplexMatrix): ComplexMatrix {
  const { rows, columns, data } = a;
  const out = complexMatrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [from, to] = [2 * (i * columns + j), 2 * (j * rows + i)];
      out.data[to] = data[from]!;
      out.data[to + 1] = -data[from + 1]!;
    }
  }
  return out;
}

/**
 * Product A B.
 * @throws InputError unless A has as many columns as B has rows.
 */
export function matrixMultiply(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  if (a.columns !== b.rows) {
    throw new InputError(
      `product of ${sizeOf(a)} and ${sizeOf(b)} matrices; allowed: as many columns as the second has rows`,
    );
  }
  const out = complexMatrix(a.rows, b.columns);
  const [width, inner] = [b.columns, a.columns];
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < inner; k++) {
      const at = 2 * (i * inner + k);
      addScaledRow(out.data, 2 * i * width, b.data, 2 * k * width, width, a.data[at]!, a.data[at + 1]!);
    }
  }
  return out;
}

/** to += (re + i im) from, over `count` complex values from the given places on. */
function addScaledRow(
  to: Float64Array,
  toStart: number,
  from: Float64Array,
  fromStart: number,
  count: number,
  re: number,
  im: number,
): void {
  for (let j = 0; j < 2 * count; j += 2) {
    const [br, bi] = [from[fromStart + j]!, from[fromStart + j + 1]!];
    to[toStart + j]! += re * br - im * bi;
    to[toStart + j + 1]! += re * bi + im * br;
  }
}

/**
 * A + diag(d): the noise added to a covariance.
 * @param diagonal one real number for all of the diagonal, or one for each row
 * @throws InputError unless A is square and the numbers are as many as its rows.
 */
export function addToDiagonal(a: ComplexMatrix, diagonal: number | Float64Array): ComplexMatrix {
  const n = requireSquare(a);
  if (typeof diagonal !== 'number' && diagonal.length !== n) {
    throw new InputError(`${diagonal.length} numbers for the diagonal of ${sizeOf(a)}; allowed: ${n}`);
  }
  const data = a.data.slice();
  for (let i = 0; i < n; i++)
    data[2 * (i * n + i)]! += typeof diagonal === 'number' ? diagonal : diagonal[i]!;
  return { rows: n, columns: n, data };
}

/** `4 x 2`, for messages. */
export function sizeOf({ rows, columns }: ComplexMatrix): string {
  return `${rows} x ${columns}`;
}

/** The side of a square matrix. @throws InputError when it is not square. */
export function requireSquare(a: ComplexMatrix): number {
  if (a.rows !== a.columns) throw new InputError(`matrix is ${sizeOf(a)}; allowed: square`);
  return a.rows;
}

/** @throws InputError unless `b` has as many rows as `a`. */
export function requireRightSide(a: ComplexMatrix, b: ComplexMatrix): void {
  if (a.rows !== b.rows) {
    throw new InputError(`right side is ${sizeOf(b)} for a ${sizeOf(a)} matrix; allowed: ${a.rows} rows`);
  }
}
