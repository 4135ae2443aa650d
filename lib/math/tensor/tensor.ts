import { InputError, requireInteger } from '../../base/index.js';
import { complexLength } from '../complex.js';
import { type ComplexMatrix, complexMatrix, kroneckerVectors, rowProducts } from '../linear/index.js';

/**
 * A complex tensor, the last index running fastest; entry values are interleaved, real part before imaginary part.
 * Modes are counted from 0.
 */
export interface ComplexTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Values of a tensor at most: 2 GiB. */
const MAX_VALUES = 2 ** 27;
/** Rows of a tile of a transposition: their lines of the cache are used whole. */
const TILE = 16;

/**
 * A complex tensor over `data`, which it shares; zeros when left out.
 * @param data 2 * (product of the shape) numbers
 * @throws InputError when a size is no integer from 1, there are more than 2^27 values or the data do not fit.
 */
export function complexTensor(shape: readonly number[], data?: Float64Array): ComplexTensor {
  const count = requireShape(shape);
  if (data && data.length !== 2 * count) {
    throw new InputError(
      `${data.length} numbers for a complex ${shape.join(' x ')} tensor; allowed: ${2 * count}`,
    );
  }
  return { shape: [...shape], data: data ?? new Float64Array(2 * count) };
}

/** The number of values. */
function requireShape(shape: readonly number[]): number {
  if (shape.length === 0) throw new InputError('tensor of 0 modes; allowed: 1 or more');
  for (const [mode, size] of shape.entries()) requireInteger(`size of mode ${mode}`, size, 1, MAX_VALUES);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MAX_VALUES) {
    throw new InputError(`tensor of ${shape.join(' x ')} values; allowed: at most ${MAX_VALUES}`);
  }
  return count;
}

/** A tensor seen from one mode: `before` blocks of `size` rows of `after` neighbouring values. */
interface ModeView {
  before: number;
  size: number;
  after: number;
}

function viewOf(shape: readonly number[], mode: number): ModeView {
  requireInteger('mode', mode, 0, shape.length - 1);
  const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);
  return {
    before: product(shape.slice(0, mode)),
    size: shape[mode]!,
    after: product(shape.slice(mode + 1)),
  };
}

/**
 * The mode-n unfolding: row i holds all values whose index in the mode is i, the other indices in their order, the
 * last fastest. So for a sum of rank-one terms with factors A, B, C it is A (B kr C)^T in mode 0, B (A kr C)^T in
 * mode 1, with the Khatri-Rao product kr. (Kolda and Bader 2009 let the first index run fastest instead.)
 * @throws InputError when the tensor has no such mode.
 */
export function unfold({ shape, data }: ComplexTensor, mode: number): ComplexMatrix {
  const { before, size, after } = viewOf(shape, mode);
  const out = complexMatrix(size, before * after);
  if (after === 1) transposeInto(data, before, size, out.data);
  else moveRows(before, size, after, (row, at) => out.data.set(data.subarray(row, row + 2 * after), at));
  return out;
}

/** Calls back with where each row of `after` values stands in the tensor and in its unfolding. */
function moveRows(
  before: number,
  size: number,
  after: number,
  move: (inTensor: number, inMatrix: number) => void,
): void {
  for (let i = 0; i < size; i++) {
    for (let block = 0; block < before; block++)
      move(2 * (block * size + i) * after, 2 * (i * before + block) * after);
  }
}

/** Writes a rows x columns matrix transposed, a tile at a time: both sides of it stay in the cache. */
function transposeInto(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let first = 0; first < rows; first += TILE) {
    const last = Math.min(rows, first + TILE);
    for (let j = 0; j < columns; j++) {
      let at = 2 * (j * rows + first);
      for (let i = first; i < last; i++) {
        const source = 2 * (i * columns + j);
        to[at++] = from[source]!;
        to[at++] = from[source + 1]!;
      }
    }
  }
}

/**
 * The tensor of the given shape whose mode-n unfolding is the matrix.
 * @throws InputError when the matrix does not fit the shape.
 */
export function fold(matrix: ComplexMatrix, mode: number, shape: readonly number[]): ComplexTensor {
  const out = complexTensor(shape);
  const { before, size, after } = viewOf(shape, mode);
  if (matrix.rows !== size || matrix.columns !== before * after) {
    throw new InputError(
      `matrix is ${matrix.rows} x ${matrix.columns} for mode ${mode} of ${shape.join(' x ')}; ` +
        `allowed: ${size} x ${before * after}`,
    );
  }
  if (after === 1) transposeInto(matrix.data, size, before, out.data);
  else
    moveRows(before, size, after, (row, at) => out.data.set(matrix.data.subarray(at, at + 2 * after), row));
  return out;
}

/**
 * The mode-n product with a J x N_n matrix: every vector along the mode is multiplied by it, and the mode's size
 * becomes J. Its unfolding in the mode is the matrix times the tensor's.
 * @throws InputError when the tensor has no such mode or the matrix no column for each of its values.
 */
export function modeProduct(tensor: ComplexTensor, matrix: ComplexMatrix, mode: number): ComplexTensor {
  const { before, size, after } = viewOf(tensor.shape, mode);
  if (matrix.columns !== size) {
    throw new InputError(
      `matrix is ${matrix.rows} x ${matrix.columns} for mode ${mode} of ${tensor.shape.join(' x ')}; ` +
        `allowed: ${size} columns`,
    );
  }
  const shape = tensor.shape.with(mode, matrix.rows);
  if (after === 1) {
    const vectors = complexMatrix(before, size, tensor.data);
    return complexTensor(shape, rowProducts(vectors, conjugate(matrix)).data);
  }
  const out = complexTensor(shape);
  for (let block = 0; block < before; block++) {
    const from = 2 * block * size * after;
    multiplyRows(matrix, tensor.data, from, after, out.data, 2 * block * matrix.rows * after);
  }
  return out;
}

function conjugate({ rows, columns, data }: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(rows, columns, data.slice());
  for (let at = 1; at < data.length; at += 2) out.data[at] = -data[at]!;
  return out;
}

function multiplyRows(
  { rows, columns, data }: ComplexMatrix,
  x: Float64Array,
  from: number,
  width: number,
  out: Float64Array,
  to: number,
): void {
  for (let row = 0; row < rows; row++) {
    const target = to + 2 * row * width;
    for (let k = 0; k < columns; k++) {
      const re = data[2 * (row * columns + k)]!;
      const im = data[2 * (row * columns + k) + 1]!;
      const source = from + 2 * k * width;
      for (let j = 0; j < 2 * width; j += 2) {
        const xr = x[source + j]!;
        const xi = x[source + j + 1]!;
        out[target + j]! += re * xr - im * xi;
        out[target + j + 1]! += re * xi + im * xr;
      }
    }
  }
}

/**
 * The outer product of vectors: entry (i, j, ...) is a_i b_j ...
 * @param vectors interleaved complex, one for each mode
 * @throws InputError when there is none, or one is empty or of odd length.
 */
export function outerProduct(vectors: readonly Float64Array[]): ComplexTensor {
  const shape = vectors.map(complexLength);
  requireShape(shape);
  return complexTensor(shape, vectors.slice(1).reduce(kroneckerVectors, vectors[0]!.slice()));
}
