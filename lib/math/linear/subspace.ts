import { requireInteger } from '../../base/index.js';
import { hermitianEigen } from './eigen/hermitian.js';
import { gramMatrix, rowGramMatrix } from './gram.js';
import { type ComplexMatrix, complexMatrix, matrixMultiply } from './matrix.js';
import { qrFactors } from './qr.js';

/** The strongest left singular vectors of a matrix. */
export interface DominantSubspace {
  /** Orthonormal columns, the strongest first. */
  basis: ComplexMatrix;
  /** Their singular values, in descending order. */
  values: Float64Array;
  /** How many of the values stand clear of the rounding error of a Gram matrix: above 1e-7 of the largest. */
  trusted: number;
}

const CLEAR = 1e-7;

/**
 * The strongest left singular vectors by the eigenvectors of the smaller Gram matrix: the fast way to a signal
 * subspace. The trap: squaring halves the digits, so of singular values below some 1e-8 of the largest neither value
 * nor vector is known, whatever is returned for them (`trusted` counts the others). For a pseudo-inverse, a rank or
 * any small singular value take `complexSvd`.
 * @param count how many, 1 to min(rows, columns)
 * @throws InputError when the count is out of range or a value is not finite.
 */
export function dominantSubspace(a: ComplexMatrix, count: number): DominantSubspace {
  requireInteger('count', count, 1, Math.min(a.rows, a.columns));
  const wide = a.rows <= a.columns;
  const { values: squares, vectors } = hermitianEigen(wide ? rowGramMatrix(a) : gramMatrix(a));
  const values = squares.slice(0, count).map((value) => Math.sqrt(Math.max(0, value)));
  const strongest = firstColumns(vectors, count);
  return {
    basis: wide ? strongest : qrFactors(matrixMultiply(a, strongest)).q,
    values,
    trusted: values.filter((value) => value > CLEAR * values[0]!).length,
  };
}

/** The first columns of a matrix. */
function firstColumns(a: ComplexMatrix, count: number): ComplexMatrix {
  const out = complexMatrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) {
    out.data.set(a.data.subarray(2 * i * a.columns, 2 * (i * a.columns + count)), 2 * i * count);
  }
  return out;
}
