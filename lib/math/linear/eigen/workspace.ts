import { rotateRows, type Sweep } from './implicit-ql.js';
import { backTransform, type Tridiagonal, tridiagonalise } from './tridiagonal.js';

/** Where a Hermitian matrix is taken apart: split parts in rows of `stride` values, and the loops that cost n^3. */
export interface EigenWorkspace {
  stride: number;
  /** The matrix, of which the lower triangle is filled in; afterwards the reflections. */
  re: Float64Array;
  im: Float64Array;
  /** The eigenvectors, one a row; `zr` starts as the identity. */
  zr: Float64Array;
  zi: Float64Array;
  /** Where rotations are written before `rotate`. */
  sweep: Sweep;
  tridiagonalise(): Tridiagonal;
  rotate(): void;
  backTransform(reduced: Tridiagonal): void;
}

/** In plain typed arrays, of any size. */
export function plainWorkspace(n: number): EigenWorkspace {
  const [re, im, zr, zi] = Array.from({ length: 4 }, () => new Float64Array(n * n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < n; k++) zr[k * n + k] = 1;
  const sweep = { first: 0, last: 0, cos: new Float64Array(n), sin: new Float64Array(n) };
  return {
    stride: n,
    re,
    im,
    zr,
    zi,
    sweep,
    tridiagonalise: () => tridiagonalise(re, im, n),
    rotate: () => rotateRows(zr, n, sweep),
    backTransform: (reduced) => backTransform(re, im, reduced, zr, zi, n),
  };
}
