import { InputError, requireRange } from '../../base/index.js';
import {
  type Column,
  columnsOf,
  emptyColumn,
  innerOf,
  largestEntry,
  matrixOf,
  powerOf,
  scaleExponent,
} from './columns.js';
import {
  type ComplexMatrix,
  complexMatrix,
  conjugateTranspose,
  identityMatrix,
  matrixMultiply,
} from './matrix.js';
import { applyQ, type PivotedQr, pivotedQr, upperRows } from './pivoted-qr.js';
import { qrFactors } from './qr.js';

/** Thin factors A = U diag(values) V^H of an m x n matrix: with k = min(m, n), U is m x k and V n x k. */
export interface SingularValues {
  u: ComplexMatrix;
  /** In descending order, from 0. */
  values: Float64Array;
  v: ComplexMatrix;
}

/** Rounds over all pairs of columns; six to ten are usual. */
const MAX_ROUNDS = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations after QR with column pivoting (Drmac and Veselic 2008).
 * Slower than `dominantSubspace`, but it keeps small singular values: scaling the columns (or the rows) of a
 * well-conditioned matrix by factors of any size costs none of them its relative accuracy.
 * @throws InputError when a value is not finite.
 */
export function complexSvd(a: ComplexMatrix): SingularValues {
  const exponent = scaleExponent(largestEntry(a));
  if (a.rows < a.columns) {
    const { u, values, v } = tallSvd(conjugateTranspose(a), exponent);
    return { u: v, values, v: u };
  }
  return tallSvd(a, exponent);
}

/** A P = Q R and R^H W = X, of orthogonal columns: so A = (Q W) |X| (P X / |X|)^H. */
function tallSvd(a: ComplexMatrix, exponent: number): SingularValues {
  const factors = pivotedQr(a, 2 ** -exponent);
  const x = columnsOf(conjugateTranspose(upperRows(factors, a.columns)));
  const w = columnsOf(identityMatrix(a.columns));
  orthogonalise(x, w);
  const sizes = Float64Array.from(x, (column) => Math.sqrt(powerOf(column)));
  const order = Array.from(sizes.keys()).sort((i, j) => sizes[j]! - sizes[i]!);
  return {
    u: matrixOf(
      order.map((k) => leftVector(factors, w[k]!)),
      a.rows,
    ),
    values: Float64Array.from(order, (k) => sizes[k]! * 2 ** exponent),
    v: rightVectors(
      order.map((k) => x[k]!),
      order.map((k) => sizes[k]!),
      factors.order,
    ),
  };
}

function leftVector(factors: PivotedQr, w: Column): Column {
  const u = emptyColumn(factors.rows);
  u.re.set(w.re);
  u.im.set(w.im);
  applyQ(factors, u);
  return u;
}

/** The columns, of length 1 and in the order of A's columns; those of size 0 are completed to an orthonormal set. */
function rightVectors(x: Column[], sizes: number[], order: Uint32Array): ComplexMatrix {
  const n = order.length;
  const unit = x.map(({ re, im }, k) => {
    const scale = sizes[k]! > 0 ? 1 / sizes[k]! : 0;
    const column = emptyColumn(n);
    order.forEach((to, from) => {
      column.re[to] = scale * re[from]!;
      column.im[to] = scale * im[from]!;
    });
    return column;
  });
  const v = matrixOf(unit, n);
  return sizes.includes(0) ? qrFactors(v).q : v;
}

/** Rotates pairs of columns until all are orthogonal to working accuracy; the columns of `w` are turned along. */
function orthogonalise(x: Column[], w: Column[]): void {
  const tolerance = Math.max(4, x.length) * Number.EPSILON;
  const powers = Float64Array.from(x, (column) => powerOf(column));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let turned = false;
    for (let p = 0; p < x.length; p++) {
      for (let q = p + 1; q < x.length; q++) turned = turnPair(x, w, powers, p, q, tolerance) || turned;
    }
    if (!turned) return;
  }
  throw new InputError(`singular values did not converge in ${MAX_ROUNDS} rounds`);
}

/** Makes columns p and q orthogonal; false when they are already. */
function turnPair(
  x: Column[],
  w: Column[],
  powers: Float64Array,
  p: number,
  q: number,
  tolerance: number,
): boolean {
  const [re, im] = innerOf(x[p]!, x[q]!);
  const size = Math.hypot(re, im);
  if (size <= tolerance * Math.sqrt(powers[p]!) * Math.sqrt(powers[q]!)) return false;
  const cotangent = (powers[q]! - powers[p]!) / (2 * size);
  const root = Math.sqrt(1 + cotangent * cotangent);
  const tangent = 1 / (cotangent < 0 ? cotangent - root : cotangent + root);
  const cos = 1 / Math.sqrt(1 + tangent * tangent);
  const sin = cos * tangent;
  for (const columns of [x, w]) rotate(columns[p]!, columns[q]!, cos, sin, re / size, im / size);
  // Summed anew rather than updated: an update loses the digits of a column that becomes small.
  powers[p] = powerOf(x[p]!);
  powers[q] = powerOf(x[q]!);
  return true;
}

/** The plane rotation of a and b e^(-i phase). */
function rotate(
  { re: ar, im: ai }: Column,
  { re: br, im: bi }: Column,
  cos: number,
  sin: number,
  phaseRe: number,
  phaseIm: number,
): void {
  for (let i = 0; i < ar.length; i++) {
    const pr = ar[i]!;
    const pi = ai[i]!;
    const qr = br[i]! * phaseRe + bi[i]! * phaseIm;
    const qi = bi[i]! * phaseRe - br[i]! * phaseIm;
    ar[i] = cos * pr - sin * qr;
    ai[i] = cos * pi - sin * qi;
    br[i] = sin * pr + cos * qr;
    bi[i] = sin * pi + cos * qi;
  }
}

/**
 * Moore-Penrose pseudo-inverse, from the singular value decomposition.
 * @param tolerance singular values up to this part of the largest count as 0; by default the larger side of A times
 *   the machine epsilon
 * @throws InputError when a value is not finite or the tolerance is outside [0, 1].
 */
export function pseudoInverse(a: ComplexMatrix, tolerance?: number): ComplexMatrix {
  const part = tolerance ?? Math.max(a.rows, a.columns) * Number.EPSILON;
  requireRange('tolerance', part, 0, 1);
  const { u, values, v } = complexSvd(a);
  const least = part * values[0]!;
  const factors = values.map((value) => (value > least ? 1 / value : 0));
  return matrixMultiply(scaleColumns(v, factors), conjugateTranspose(u));
}

/** A diag(factors). */
function scaleColumns(a: ComplexMatrix, factors: Float64Array): ComplexMatrix {
  const out = complexMatrix(a.rows, a.columns, a.data.slice());
  for (let at = 0; at < out.data.length; at++) out.data[at]! *= factors[(at >> 1) % a.columns]!;
  return out;
}
