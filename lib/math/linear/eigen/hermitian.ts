import { InputError } from '../../../base/index.js';
import { largestEntry, scaleExponent } from '../columns.js';
import { type ComplexMatrix, complexMatrix, requireSquare } from '../matrix.js';
import { implicitQl, rotateRows } from './implicit-ql.js';
import { backTransform, tridiagonalise } from './tridiagonal.js';

/** A = V diag(values) V^H: eigenvalues in descending order, column k of `vectors` the k-th unit eigenvector. */
export interface HermitianEigen {
  values: Float64Array;
  vectors: ComplexMatrix;
}

const MAX_SIDE = 4096;
const HERMITIAN_TOLERANCE = 1e-9;

/**
 * Eigenvalues (descending) and orthonormal eigenvectors of a complex Hermitian matrix, O(n^3): Householder
 * reflections to a real tridiagonal matrix, then QL with implicit shifts. Residual and orthogonality stay at some
 * 1e-15 of the largest eigenvalue, repeated eigenvalues included. The phase of each vector is arbitrary.
 * @throws InputError when A is not square, has more than 4096 rows, is not finite or differs from A^H by more than
 *   1e-9 of its largest entry.
 */
export function hermitianEigen(a: ComplexMatrix): HermitianEigen {
  const n = requireSide(a);
  const exponent = scaleExponent(requireHermitian(a));
  const { re, im } = splitLower(a, 2 ** -exponent);
  const reduced = tridiagonalise(re, im, n);
  const [zr, zi] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let k = 0; k < n; k++) zr[k * n + k] = 1;
  implicitQl(reduced.diagonal, reduced.offDiagonal, (sweep) => rotateRows(zr, n, sweep));
  backTransform(re, im, reduced, zr, zi, n);
  return sorted(reduced.diagonal, zr, zi, exponent);
}

function requireSide(a: ComplexMatrix): number {
  const n = requireSquare(a);
  if (n > MAX_SIDE) throw new InputError(`matrix has ${n} rows; allowed: at most ${MAX_SIDE}`);
  return n;
}

/** The largest magnitude of a part of an entry. @throws InputError when A is not finite or differs from A^H. */
function requireHermitian(a: ComplexMatrix): number {
  const { rows: n, data } = a;
  const largest = largestEntry(a);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [p, q] = [2 * (i * n + j), 2 * (j * n + i)];
      const gap = Math.max(Math.abs(data[p]! - data[q]!), Math.abs(data[p + 1]! + data[q + 1]!));
      if (gap > HERMITIAN_TOLERANCE * largest) {
        throw new InputError(
          `matrix differs by ${gap} from its conjugate transpose at (${i}, ${j}); allowed: Hermitian`,
        );
      }
    }
  }
  return largest;
}

function splitLower({ rows: n, data }: ComplexMatrix, factor: number) {
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let at = i * n; at <= i * n + i; at++) {
      re[at] = factor * data[2 * at]!;
      im[at] = factor * data[2 * at + 1]!;
    }
    im[i * n + i] = 0;
  }
  return { re, im };
}

function sorted(
  unordered: Float64Array,
  zr: Float64Array,
  zi: Float64Array,
  exponent: number,
): HermitianEigen {
  const n = unordered.length;
  const order = Uint32Array.from(unordered.keys()).sort((a, b) => unordered[b]! - unordered[a]!);
  const vectors = complexMatrix(n, n);
  const { data } = vectors;
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < n; k++) {
      const from = order[k]! * n + row;
      data[2 * (row * n + k)] = zr[from]!;
      data[2 * (row * n + k) + 1] = zi[from]!;
    }
  }
  return { values: Float64Array.from(order, (from) => unordered[from]! * 2 ** exponent), vectors };
}
