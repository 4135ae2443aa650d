import { InputError } from '../../../base/index.js';
import { largestEntry } from '../columns.js';
import {
  addToDiagonal,
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
  requireSquare,
} from '../matrix.js';
import { qrFactors } from '../qr.js';

/** A V = V diag(values): column k of `vectors` is a unit eigenvector of the k-th eigenvalue. */
export interface GeneralEigen {
  /** Interleaved complex, in no order of meaning. */
  values: Float64Array;
  vectors: ComplexMatrix;
}

const MAX_SIDE = 128;
/** QR steps for one eigenvalue; two or three are usual. */
const MAX_STEPS = 60;

/**
 * Eigenvalues and eigenvectors of any square complex matrix, by QR steps with Wilkinson's shift to Schur's triangular form
 * and back substitution (Golub and Van Loan, Matrix Computations, 7.3 to 7.6). Each step factors the whole block, O(n^4) in
 * all: for the small matrices of subspace methods. The vectors of a defective matrix are linearly dependent.
 * @throws InputError when A is not square, has more than 128 rows or is not finite, or an eigenvalue did not converge.
 */
export function generalEigen(a: ComplexMatrix): GeneralEigen {
  const n = requireSquare(a);
  if (n > MAX_SIDE) throw new InputError(`matrix has ${n} rows; allowed: at most ${MAX_SIDE}`);
  const scale = largestEntry(a);
  const schur = triangularise(a, scale);
  const vectors = matrixMultiply(schur.q, triangularVectors(schur.t, scale));
  normaliseColumns(vectors);
  const values = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) values.set(entry(schur.t, k, k), 2 * k);
  return { values, vectors };
}

type Complex = readonly [re: number, im: number];

const entry = ({ columns, data }: ComplexMatrix, i: number, j: number): Complex => [
  data[2 * (i * columns + j)]!,
  data[2 * (i * columns + j) + 1]!,
];

/** A = Q T Q^H. */
function triangularise(a: ComplexMatrix, scale: number): { q: ComplexMatrix; t: ComplexMatrix } {
  const n = a.rows;
  const t = complexMatrix(n, n, a.data.slice());
  const q = identityMatrix(n);
  for (let last = n - 1, steps = 0; last > 0; steps++) {
    if (rowSize(t, last) <= Number.EPSILON * scale) {
      t.data.fill(0, 2 * last * n, 2 * (last * n + last));
      last--;
      steps = 0;
    } else if (steps === MAX_STEPS) {
      throw new InputError(`eigenvalue ${last} did not converge in ${MAX_STEPS} steps`);
    } else {
      step(t, q, last + 1, steps % 11 === 10 ? [scale, 0] : shiftOf(t, last));
    }
  }
  return { q, t };
}

/** The size of a row left of the diagonal. */
function rowSize({ columns, data }: ComplexMatrix, row: number): number {
  return Math.hypot(...data.subarray(2 * row * columns, 2 * (row * columns + row)));
}

/** The eigenvalue of the last 2 x 2 block that is nearer to its last entry. */
function shiftOf(t: ComplexMatrix, last: number): Complex {
  const [a, b] = [entry(t, last - 1, last - 1), entry(t, last - 1, last)];
  const [c, d] = [entry(t, last, last - 1), entry(t, last, last)];
  const half: Complex = [(a[0] - d[0]) / 2, (a[1] - d[1]) / 2];
  const [bc0, bc1] = times(b, c);
  const [h0, h1] = times(half, half);
  let root = squareRoot([h0 + bc0, h1 + bc1]);
  if (half[0] * root[0] + half[1] * root[1] < 0) root = [-root[0], -root[1]];
  const sum: Complex = [half[0] + root[0], half[1] + root[1]];
  const size = sum[0] ** 2 + sum[1] ** 2;
  if (size === 0) return d;
  const [q0, q1] = times([bc0, bc1], [sum[0] / size, -sum[1] / size]);
  return [d[0] - q0, d[1] - q1];
}

const times = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];

function squareRoot([re, im]: Complex): Complex {
  const size = Math.sqrt(Math.hypot(re, im));
  const angle = Math.atan2(im, re) / 2;
  return [size * Math.cos(angle), size * Math.sin(angle)];
}

/** One QR step of the leading block: B - s = Q R becomes R Q + s, and the rows beside it and the basis turn along. */
function step(t: ComplexMatrix, basis: ComplexMatrix, size: number, shift: Complex): void {
  const block = blockOf(t, 0, size, 0, size);
  const { q, r } = qrFactors(shifted(block, shift, -1));
  place(t, shifted(matrixMultiply(r, q), shift, 1), 0, 0);
  place(basis, matrixMultiply(blockOf(basis, 0, basis.rows, 0, size), q), 0, 0);
  if (size < t.rows) {
    const beside = blockOf(t, 0, size, size, t.rows);
    place(t, matrixMultiply(conjugateTranspose(q), beside), 0, size);
  }
}

function shifted(a: ComplexMatrix, [re, im]: Complex, sign: 1 | -1): ComplexMatrix {
  const out = addToDiagonal(a, sign * re);
  for (let i = 0; i < out.rows; i++) out.data[2 * i * (out.rows + 1) + 1]! += sign * im;
  return out;
}

function blockOf({ columns, data }: ComplexMatrix, top: number, bottom: number, left: number, right: number) {
  const out = complexMatrix(bottom - top, right - left);
  for (let i = top; i < bottom; i++)
    out.data.set(
      data.subarray(2 * (i * columns + left), 2 * (i * columns + right)),
      2 * (i - top) * out.columns,
    );
  return out;
}

function place(to: ComplexMatrix, block: ComplexMatrix, top: number, left: number): void {
  const width = 2 * block.columns;
  for (let i = 0; i < block.rows; i++)
    to.data.set(block.data.subarray(i * width, (i + 1) * width), 2 * ((top + i) * to.columns + left));
}

/** Eigenvectors of an upper triangular matrix, in the columns. */
function triangularVectors(t: ComplexMatrix, scale: number): ComplexMatrix {
  const n = t.rows;
  const out = identityMatrix(n);
  const least = Number.EPSILON * scale || Number.MIN_VALUE;
  for (let k = 1; k < n; k++) {
    const value = entry(t, k, k);
    for (let i = k - 1; i >= 0; i--) {
      let sum: Complex = [0, 0];
      for (let j = i + 1; j <= k; j++) {
        const [re, im] = times(entry(t, i, j), entry(out, j, k));
        sum = [sum[0] + re, sum[1] + im];
      }
      out.data.set(divided(sum, differenceOf(value, entry(t, i, i), least)), 2 * (i * n + k));
    }
  }
  return out;
}

/** Equal eigenvalues are kept apart by rounding's width, as LAPACK does. */
function differenceOf(a: Complex, b: Complex, least: number): Complex {
  const difference: Complex = [a[0] - b[0], a[1] - b[1]];
  return Math.hypot(...difference) < least ? [least, 0] : difference;
}

function divided(a: Complex, b: Complex): Complex {
  const size = b[0] ** 2 + b[1] ** 2;
  return times(a, [b[0] / size, -b[1] / size]);
}

function normaliseColumns({ rows, columns, data }: ComplexMatrix): void {
  for (let k = 0; k < columns; k++) {
    let size = 0;
    for (let i = 0; i < rows; i++)
      size = Math.hypot(size, data[2 * (i * columns + k)]!, data[2 * (i * columns + k) + 1]!);
    for (let i = 0; i < rows; i++) {
      data[2 * (i * columns + k)]! /= size;
      data[2 * (i * columns + k) + 1]! /= size;
    }
  }
}
