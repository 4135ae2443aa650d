/** For the tests of linear algebra: matrices, gaps, and golden values of mpmath (scripts/bench/math/linear_golden.py). */
import { readFileSync } from 'node:fs';
import { Rng } from '../rng.js';
import { addToDiagonal, type ComplexMatrix, complexMatrix, conjugateTranspose } from './matrix.js';
import { qrFactors } from './qr.js';

export const golden = JSON.parse(
  readFileSync(new URL('./golden/linear.json', import.meta.url), 'utf8'),
) as Record<string, number[]>;

const eighths = (i: number, j: number, salt: number) =>
  (((7 * i + 13 * j + 3 * i * j + salt * (i + 2) * (j + 5)) % 17) - 8) / 8;

/** The matrix the golden values are of. */
export function goldenMatrix(rows: number, columns: number, salt: number): ComplexMatrix {
  return matrixFrom(rows, columns, (i, j) => [eighths(i, j, salt), eighths(i, j, salt + 3)]);
}

/** Coefficients of the polynomial the golden roots are of. */
export const goldenPolynomial = (count: number) =>
  Float64Array.from({ length: 2 * count }, (_, at) =>
    at % 2 ? eighths((at - 1) / 2, 3, 2) : eighths(at / 2, at, 1),
  );

export function matrixFrom(
  rows: number,
  columns: number,
  entry: (i: number, j: number) => readonly [re: number, im: number],
): ComplexMatrix {
  const out = complexMatrix(rows, columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out.data.set(entry(i, j), 2 * (i * columns + j));
  return out;
}

export const randomMatrix = (rows: number, columns: number, seed: number) =>
  complexMatrix(
    rows,
    columns,
    Rng.of(seed)
      .fork('matrix')
      .fillComplexNormal(new Float64Array(2 * rows * columns)),
  );

export const randomUnitary = (n: number, seed: number) => qrFactors(randomMatrix(n, n, seed)).q;

export const diagonalMatrix = (values: ArrayLike<number>) =>
  addToDiagonal(complexMatrix(values.length, values.length), Float64Array.from(values));

/** A + B. */
export const sum = (a: ComplexMatrix, b: ComplexMatrix) =>
  complexMatrix(
    a.rows,
    a.columns,
    a.data.map((value, at) => value + b.data[at]!),
  );

export function randomHermitian(n: number, seed: number): ComplexMatrix {
  const a = randomMatrix(n, n, seed);
  return sum(a, conjugateTranspose(a));
}

export function largestGap(a: ComplexMatrix, b: ComplexMatrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) throw new Error('sizes differ');
  return a.data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b.data[at]!)), 0);
}
