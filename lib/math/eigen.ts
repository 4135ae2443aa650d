import { InputError, requireInteger } from '../base/index.js';

/** Eigenvalues in descending order; row k of `vectors` (row-major, n x n) is the k-th unit eigenvector. */
export interface SymmetricEigen {
  values: Float64Array;
  vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder tridiagonalisation, then QL with
 * implicit shifts (EISPACK's tred2 and tql2; Bowdler, Martin, Reinsch and Wilkinson 1968), O(n^3).
 * Only the lower triangle is read. Works to n = 256 in some tens of milliseconds.
 * @param matrix n x n row-major; left as it is
 * @throws InputError when the length is not n^2, a value is not finite or the matrix is not symmetric.
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  requireSymmetric(matrix, n);
  const basis = matrix.slice();
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  tridiagonalise(basis, diagonal, offDiagonal, n);
  const rows = transpose(basis, n);
  implicitQl(rows, diagonal, offDiagonal, n);
  return sortDescending(rows, diagonal, n);
}

function requireSymmetric(matrix: Float64Array, n: number): void {
  requireInteger('n', n, 1, 4096);
  if (matrix.length !== n * n)
    throw new InputError(`matrix of ${matrix.length} numbers; allowed: ${n} x ${n}`);
  let largest = 0;
  for (const value of matrix) {
    if (!Number.isFinite(value)) throw new InputError(`matrix holds ${value}; allowed: finite numbers`);
    largest = Math.max(largest, Math.abs(value));
  }
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const gap = Math.abs(matrix[row * n + column]! - matrix[column * n + row]!);
      if (gap > 1e-9 * largest) {
        throw new InputError(
          `matrix differs by ${gap} from its transpose at (${row}, ${column}); allowed: symmetric`,
        );
      }
    }
  }
}

function transpose(a: Float64Array, n: number): Float64Array {
  return Float64Array.from(a, (_, index) => a[(index % n) * n + Math.floor(index / n)]!);
}

/** On return the columns of `v` are the accumulated reflections, `d` and `e[1..]` the tridiagonal matrix. */
function tridiagonalise(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j]!;
  for (let i = n - 1; i > 0; i--) reflectRow(v, d, e, n, i);
  for (let i = 0; i < n - 1; i++) accumulateReflection(v, d, n, i);
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j]!;
    v[(n - 1) * n + j] = 0;
  }
  v[n * n - 1] = 1;
  e[0] = 0;
}

function reflectRow(v: Float64Array, d: Float64Array, e: Float64Array, n: number, i: number): void {
  let scale = 0;
  for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
  if (scale === 0) {
    e[i] = d[i - 1]!;
    for (let j = 0; j < i; j++) {
      d[j] = v[(i - 1) * n + j]!;
      v[i * n + j] = 0;
      v[j * n + i] = 0;
    }
    d[i] = 0;
    return;
  }
  let h = 0;
  for (let k = 0; k < i; k++) {
    d[k]! /= scale;
    h += d[k]! * d[k]!;
  }
  const f = d[i - 1]!;
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * g;
  h -= f * g;
  d[i - 1] = f - g;
  applyReflection(v, d, e, n, i, h);
  d[i] = h;
}

function applyReflection(
  v: Float64Array,
  d: Float64Array,
  e: Float64Array,
  n: number,
  i: number,
  h: number,
): void {
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    v[j * n + i] = f;
    let g = e[j]! + v[j * n + j]! * f;
    for (let k = j + 1; k < i; k++) {
      const entry = v[k * n + j]!;
      g += entry * d[k]!;
      e[k]! += entry * f;
    }
    e[j] = g;
  }
  let sum = 0;
  for (let j = 0; j < i; j++) {
    e[j]! /= h;
    sum += e[j]! * d[j]!;
  }
  const half = sum / (h + h);
  for (let j = 0; j < i; j++) e[j]! -= half * d[j]!;
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    const g = e[j]!;
    for (let k = j; k < i; k++) v[k * n + j]! -= f * e[k]! + g * d[k]!;
    d[j] = v[(i - 1) * n + j]!;
    v[i * n + j] = 0;
  }
}

function accumulateReflection(v: Float64Array, d: Float64Array, n: number, i: number): void {
  v[(n - 1) * n + i] = v[i * n + i]!;
  v[i * n + i] = 1;
  const h = d[i + 1]!;
  if (h !== 0) {
    for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1]! / h;
    for (let j = 0; j <= i; j++) {
      let g = 0;
      for (let k = 0; k <= i; k++) g += v[k * n + i + 1]! * v[k * n + j]!;
      for (let k = 0; k <= i; k++) v[k * n + j]! -= g * d[k]!;
    }
  }
  for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0;
}

/** Diagonalises (d, e) in place and rotates the rows of `rows` along. */
function implicitQl(rows: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    for (let sweep = 0; m > l && Math.abs(e[l]!) > Number.EPSILON * largest; sweep++) {
      if (sweep === MAX_SWEEPS)
        throw new InputError(`eigenvalue ${l} did not converge in ${MAX_SWEEPS} sweeps`);
      shift += removeShift(d, e, n, l);
      qlSweep(rows, d, e, n, l, m);
    }
    d[l]! += shift;
    e[l] = 0;
  }
}

/** Subtracts the shift of the leading 2 x 2 block from the remaining diagonal and returns it. */
function removeShift(d: Float64Array, e: Float64Array, n: number, l: number): number {
  const g = d[l]!;
  const p = (d[l + 1]! - g) / (2 * e[l]!);
  const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
  d[l] = e[l]! / (p + r);
  d[l + 1] = e[l]! * (p + r);
  const h = g - d[l]!;
  for (let i = l + 2; i < n; i++) d[i]! -= h;
  return h;
}

function qlSweep(
  rows: Float64Array,
  d: Float64Array,
  e: Float64Array,
  n: number,
  l: number,
  m: number,
): void {
  const leading = d[l + 1]!;
  const edge = e[l + 1]!;
  let p = d[m]!;
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    [c3, c2, s2] = [c2, c, s];
    const g = c * e[i]!;
    const h = c * p;
    const r = Math.hypot(p, e[i]!);
    e[i + 1] = s * r;
    s = e[i]! / r;
    c = p / r;
    p = c * d[i]! - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]!);
    rotateRows(rows, n, i, c, s);
  }
  p = (-s * s2 * c3 * edge * e[l]!) / leading;
  e[l] = s * p;
  d[l] = c * p;
}

function rotateRows(rows: Float64Array, n: number, i: number, c: number, s: number): void {
  const upper = i * n;
  const lower = upper + n;
  for (let k = 0; k < n; k++) {
    const h = rows[lower + k]!;
    const g = rows[upper + k]!;
    rows[lower + k] = s * g + c * h;
    rows[upper + k] = c * g - s * h;
  }
}

function sortDescending(rows: Float64Array, d: Float64Array, n: number): SymmetricEigen {
  const order = Array.from(d.keys()).sort((a, b) => d[b]! - d[a]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(rows.subarray(from * n, from * n + n), to * n);
  });
  return { values: Float64Array.from(order, (from) => d[from]!), vectors };
}
