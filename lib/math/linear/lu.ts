import { InputError } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  identityMatrix,
  requireRightSide,
  requireSquare,
} from './matrix.js';
import { solveUpper, subtractScaledRow } from './triangular.js';

/** P A = L U: both triangles in one matrix (L has a unit diagonal, not stored), the row order and its sign. */
export interface LuFactors {
  factors: ComplexMatrix;
  /** Row i of P A is row `order[i]` of A. */
  order: Uint32Array;
  /** Determinant of the permutation. */
  sign: 1 | -1;
}

/**
 * LU factors of a square matrix with partial pivoting (Golub and Van Loan, Matrix Computations, 3.4). A
 * singular matrix is factored too, with zeros on the diagonal of U.
 * @throws InputError when A is not square or holds a value that is not finite.
 */
export function luFactors(a: ComplexMatrix): LuFactors {
  const n = requireSquare(a);
  requireFinite(a);
  const factors = complexMatrix(n, n, a.data.slice());
  const order = Uint32Array.from({ length: n }, (_, index) => index);
  let sign: 1 | -1 = 1;
  for (let column = 0; column < n; column++) {
    const pivot = pivotRow(factors, column);
    if (pivot !== column) {
      swapRows(factors, column, pivot);
      [order[column], order[pivot]] = [order[pivot]!, order[column]!];
      sign = sign === 1 ? -1 : 1;
    }
    eliminateBelow(factors, column);
  }
  return { factors, order, sign };
}

function requireFinite({ data }: ComplexMatrix): void {
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new InputError(`matrix holds ${bad}; allowed: finite numbers`);
}

function pivotRow({ rows: n, data }: ComplexMatrix, column: number): number {
  let [best, largest] = [column, -1];
  for (let row = column; row < n; row++) {
    const at = 2 * (row * n + column);
    const size = data[at]! ** 2 + data[at + 1]! ** 2;
    if (size > largest) [best, largest] = [row, size];
  }
  return best;
}

function swapRows({ columns: n, data }: ComplexMatrix, i: number, j: number): void {
  const kept = data.slice(2 * i * n, 2 * (i + 1) * n);
  data.copyWithin(2 * i * n, 2 * j * n, 2 * (j + 1) * n);
  data.set(kept, 2 * j * n);
}

/** Subtracts multiples of the pivot's row from the rows below; the multipliers stay where the zeros would. */
function eliminateBelow({ rows: n, data }: ComplexMatrix, column: number): void {
  const pivot = 2 * (column * n + column);
  const [pr, pi] = [data[pivot]!, data[pivot + 1]!];
  const power = pr * pr + pi * pi;
  if (power === 0) return;
  for (let row = column + 1; row < n; row++) {
    const at = 2 * (row * n + column);
    const [xr, xi] = [data[at]!, data[at + 1]!];
    const [re, im] = [(xr * pr + xi * pi) / power, (xi * pr - xr * pi) / power];
    data[at] = re;
    data[at + 1] = im;
    for (let j = 2; j < 2 * (n - column); j += 2) {
      const [sr, si] = [data[pivot + j]!, data[pivot + j + 1]!];
      data[at + j]! -= re * sr - im * si;
      data[at + j + 1]! -= re * si + im * sr;
    }
  }
}

/**
 * Solves A X = B for a square A.
 * @throws InputError when A is not square or is singular, or the rows do not match.
 */
export function solveLinear(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  requireRightSide(a, b);
  const { factors, order } = luFactors(a);
  requireRegular(factors);
  const permuted = complexMatrix(b.rows, b.columns);
  const width = 2 * b.columns;
  order.forEach((from, to) => {
    permuted.data.set(b.data.subarray(from * width, (from + 1) * width), to * width);
  });
  return solveUpper(factors, solveUnitLower(factors, permuted));
}

function solveUnitLower({ rows: n, data }: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const at = 2 * (i * n + k);
      subtractScaledRow(b.data, i, k, b.columns, data[at]!, data[at + 1]!);
    }
  }
  return b;
}

function requireRegular({ rows: n, data }: ComplexMatrix): void {
  const pivots = Array.from({ length: n }, (_, i) =>
    Math.hypot(data[2 * (i * n + i)]!, data[2 * (i * n + i) + 1]!),
  );
  const least = n * Number.EPSILON * Math.max(...pivots);
  const bad = pivots.findIndex((pivot) => !(pivot > least));
  if (bad >= 0) {
    throw new InputError(`matrix has pivot ${pivots[bad]} in column ${bad}; allowed: not singular`);
  }
}

/**
 * Inverse of a square matrix. To apply it to a vector, `solveLinear` is faster and more accurate.
 * @throws InputError when A is not square or is singular.
 */
export function inverseMatrix(a: ComplexMatrix): ComplexMatrix {
  return solveLinear(a, identityMatrix(requireSquare(a)));
}

/** Determinant of a square matrix. @throws InputError when A is not square or not finite. */
export function determinant(a: ComplexMatrix): [re: number, im: number] {
  const { factors, sign } = luFactors(a);
  let [re, im]: [number, number] = [sign, 0];
  for (let i = 0; i < a.rows; i++) {
    const at = 2 * (i * a.rows + i);
    const [pr, pi] = [factors.data[at]!, factors.data[at + 1]!];
    [re, im] = [re * pr - im * pi, re * pi + im * pr];
  }
  return [re, im];
}
