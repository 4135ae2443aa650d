import { InputError } from '../../../base/index.js';
import { largestEntry, scaleExponent } from '../columns.js';
import { type ComplexMatrix, complexMatrix, requireSquare } from '../matrix.js';
import { implicitQl } from './implicit-ql.js';
import { KERNEL_SIDE, kernelWorkspace } from './kernel.js';
import { type EigenWorkspace, plainWorkspace } from './workspace.js';

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
  return decompose(a, n <= KERNEL_SIDE ? kernelWorkspace(n) : plainWorkspace(n));
}

/** `hermitianEigen` in a fresh workspace for matrices of that side. */
export function decompose(a: ComplexMatrix, work: EigenWorkspace): HermitianEigen {
  const exponent = scaleExponent(requireHermitian(a));
  fillLower(work, a, 2 ** -exponent);
  const reduced = work.tridiagonalise();
  implicitQl(reduced.diagonal, reduced.offDiagonal, work.sweep, work.rotate);
  work.backTransform(reduced);
  return sorted(reduced.diagonal, work, exponent);
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

function fillLower(
  { re, im, stride }: EigenWorkspace,
  { rows: n, data }: ComplexMatrix,
  factor: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      re[i * stride + j] = factor * data[2 * (i * n + j)]!;
      im[i * stride + j] = factor * data[2 * (i * n + j) + 1]!;
    }
  }
}

function sorted(
  unordered: Float64Array,
  { zr, zi, stride }: EigenWorkspace,
  exponent: number,
): HermitianEigen {
  const n = unordered.length;
  const order = Uint32Array.from(unordered.keys()).sort((a, b) => unordered[b]! - unordered[a]!);
  const vectors = complexMatrix(n, n);
  const { data } = vectors;
  for (let k = 0; k < n; k++) {
    const from = order[k]! * stride;
    for (let row = 0; row < n; row++) {
      data[2 * (row * n + k)] = zr[from + row]!;
      data[2 * (row * n + k) + 1] = zi[from + row]!;
    }
  }
  return { values: Float64Array.from(order, (from) => unordered[from]! * 2 ** exponent), vectors };
}
