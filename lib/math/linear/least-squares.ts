import { requireRange } from '../../base/index.js';
import { type Column, columnsOf, largestEntry, matrixOf, powerOf, scaleExponent } from './columns.js';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  matrixMultiply,
  requireRightSide,
} from './matrix.js';
import { applyAdjoint, type PivotedQr, pivotedQr, rankOf, upperRows } from './pivoted-qr.js';
import { qrFactors } from './qr.js';
import { solveLower, solveUpper } from './triangular.js';

export interface LeastSquares {
  /** The X of least norm among those that make |B - A X| least; one column for each of B. */
  solution: ComplexMatrix;
  /** Numerical rank of A. Below its columns, the solution is one of many. */
  rank: number;
  /** |b - A x|^2 of each column of B. */
  residualPower: Float64Array;
}

/**
 * Least squares by Householder QR with column pivoting (Golub and Van Loan, Matrix Computations, 5.5), for any shape
 * of A. Errors grow with the condition number of A, not with its square as by the normal equations.
 * @param tolerance a diagonal entry of R up to this part of the first counts as 0; by default the larger side of A
 *   times the machine epsilon
 * @throws InputError when the rows do not match, a value is not finite or the tolerance is outside [0, 1].
 */
export function leastSquares(a: ComplexMatrix, b: ComplexMatrix, tolerance?: number): LeastSquares {
  requireRightSide(a, b);
  const part = tolerance ?? Math.max(a.rows, a.columns) * Number.EPSILON;
  requireRange('tolerance', part, 0, 1);
  largestEntry(b);
  const exponent = scaleExponent(largestEntry(a));
  const factors = pivotedQr(a, 2 ** -exponent);
  const rank = rankOf(factors, part);
  const right = columnsOf(b);
  for (const column of right) applyAdjoint(factors, column);
  return {
    solution: rank === 0 ? complexMatrix(a.columns, b.columns) : solve(factors, rank, right, 2 ** -exponent),
    rank,
    residualPower: Float64Array.from(right, (column) => powerOf(column, rank)),
  };
}

/** The solution of least norm of the first `rank` rows of R, in the order of A's columns. */
function solve(factors: PivotedQr, rank: number, right: Column[], factor: number): ComplexMatrix {
  const upper = upperRows(factors, rank);
  const known = matrixOf(right, rank);
  for (let at = 0; at < known.data.length; at++) known.data[at]! *= factor;
  return unpermuted(
    rank === upper.columns ? solveUpper(upper, known) : leastNorm(upper, known),
    factors.order,
  );
}

/** With U^H = Q T, U x = y has the solution Q T^-H y, which has no part outside the range of U^H. */
function leastNorm(upper: ComplexMatrix, known: ComplexMatrix): ComplexMatrix {
  const { q, r } = qrFactors(conjugateTranspose(upper));
  return matrixMultiply(q, solveLower(conjugateTranspose(r), known));
}

function unpermuted(x: ComplexMatrix, order: Uint32Array): ComplexMatrix {
  const out = complexMatrix(x.rows, x.columns);
  const width = 2 * x.columns;
  order.forEach((to, from) => {
    out.data.set(x.data.subarray(from * width, (from + 1) * width), to * width);
  });
  return out;
}
