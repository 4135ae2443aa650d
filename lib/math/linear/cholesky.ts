import { InputError } from '../../base/index.js';
import { type ComplexMatrix, complexMatrix, identityMatrix, requireSquare } from './matrix.js';
import { solveLower, solveLowerTransposed } from './triangular.js';

/** How far a pivot may fall below the largest diagonal entry, in units of n machine epsilons. */
const PIVOT_TOLERANCE = 4;
const HERMITIAN_TOLERANCE = 1e-9;

/**
 * Cholesky factor of a Hermitian positive definite matrix: A = L L^H with L lower triangular of positive
 * real diagonal (Golub and Van Loan, Matrix Computations, 4.2).
 * @throws InputError when A is not square, not Hermitian or not positive definite in double precision.
 */
export function cholesky(a: ComplexMatrix): ComplexMatrix {
  const n = requireSquare(a);
  const scale = requireHermitian(a);
  const least = PIVOT_TOLERANCE * n * Number.EPSILON * scale;
  const l = complexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) offDiagonal(a.data, l.data, n, i, j);
    const pivot = a.data[2 * (i * n + i)]! - rowPower(l.data, n, i);
    if (!(pivot > least)) {
      throw new InputError(`matrix has pivot ${pivot} in row ${i}; allowed: positive definite`);
    }
    l.data[2 * (i * n + i)] = Math.sqrt(pivot);
  }
  return l;
}

function offDiagonal(a: Float64Array, l: Float64Array, n: number, i: number, j: number): void {
  const [rowI, rowJ] = [2 * i * n, 2 * j * n];
  let [re, im] = [a[rowI + 2 * j]!, a[rowI + 2 * j + 1]!];
  for (let k = 0; k < 2 * j; k += 2) {
    const [pr, pi, qr, qi] = [l[rowI + k]!, l[rowI + k + 1]!, l[rowJ + k]!, l[rowJ + k + 1]!];
    re -= pr * qr + pi * qi;
    im -= pi * qr - pr * qi;
  }
  const pivot = l[rowJ + 2 * j]!;
  l[rowI + 2 * j] = re / pivot;
  l[rowI + 2 * j + 1] = im / pivot;
}

function rowPower(l: Float64Array, n: number, i: number): number {
  let sum = 0;
  for (let at = 2 * i * n; at < 2 * (i * n + i); at++) sum += l[at]! * l[at]!;
  return sum;
}

/** The largest magnitude on the diagonal. @throws InputError when A differs from A^H. */
function requireHermitian({ rows: n, data }: ComplexMatrix): number {
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(data[2 * (i * n + i)]!));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [p, q] = [2 * (i * n + j), 2 * (j * n + i)];
      const gap = Math.max(Math.abs(data[p]! - data[q]!), Math.abs(data[p + 1]! + data[q + 1]!));
      if (!(gap <= HERMITIAN_TOLERANCE * scale)) {
        throw new InputError(
          `matrix differs by ${gap} from its conjugate transpose at (${i}, ${j}); allowed: Hermitian`,
        );
      }
    }
  }
  return scale;
}

/**
 * Solves A X = B given the Cholesky factor of A.
 * @throws InputError when the rows do not match.
 */
export function solveCholesky(factor: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  return solveLowerTransposed(factor, solveLower(factor, b));
}

/**
 * Solves A X = B for a Hermitian positive definite A.
 * @throws InputError as `cholesky`, and when the rows do not match.
 */
export function solveHermitian(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  return solveCholesky(cholesky(a), b);
}

/**
 * Inverse of a Hermitian positive definite matrix.
 * @throws InputError as `cholesky`.
 */
export function invertHermitian(a: ComplexMatrix): ComplexMatrix {
  return solveCholesky(cholesky(a), identityMatrix(requireSquare(a)));
}
