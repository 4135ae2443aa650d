import { type Column, columnsOf, emptyColumn, innerOf, powerOf, subtractScaled } from './columns.js';
import { type ComplexMatrix, complexMatrix } from './matrix.js';

/** A P = Q R by Householder reflections, in the order of pivoting; R's diagonal falls in magnitude. */
export interface PivotedQr {
  rows: number;
  /** Column j of A P is column `order[j]` of A. */
  order: Uint32Array;
  /** Column j of R, with anything below its diagonal 0. */
  r: Column[];
  /** Vectors v of the reflections I - v v^H, of |v|^2 = 2; `undefined` where none was needed. */
  reflections: (Column | undefined)[];
}

/**
 * QR factors with column pivoting (Businger and Golub 1965). Entries should be about 1 at most.
 * @param factor scales A first
 */
export function pivotedQr(a: ComplexMatrix, factor = 1): PivotedQr {
  const { rows, columns } = a;
  const r = columnsOf(a, factor);
  const order = Uint32Array.from({ length: columns }, (_, j) => j);
  const powers = Float64Array.from(r, (column) => powerOf(column));
  const reference = powers.slice();
  const reflections = Array.from({ length: Math.min(rows, columns) }, (_, k) => {
    const pivot = strongest(powers, k);
    exchange(r, k, pivot);
    for (const numbers of [order, powers, reference]) exchange(numbers, k, pivot);
    const reflection = reflectionOf(r[k]!, k);
    for (let j = k + 1; j < columns; j++) {
      if (reflection) reflect(r[j]!, reflection, k);
      powers[j] = remainingPower(r[j]!, k, powers[j]!, reference, j);
    }
    return reflection;
  });
  return { rows, order, r, reflections };
}

function strongest(powers: Float64Array, from: number): number {
  let best = from;
  for (let j = from + 1; j < powers.length; j++) if (powers[j]! > powers[best]!) best = j;
  return best;
}

function exchange<T>(list: { [index: number]: T }, i: number, j: number): void {
  const kept = list[i] as T;
  list[i] = list[j] as T;
  list[j] = kept;
}

/** Power of a column below row k: downdated while that is accurate, summed anew when most of it has gone. */
function remainingPower(
  column: Column,
  k: number,
  before: number,
  reference: Float64Array,
  j: number,
): number {
  const left = before - (column.re[k]! ** 2 + column.im[k]! ** 2);
  if (left > 1e-6 * reference[j]!) return left;
  reference[j] = powerOf(column, k + 1);
  return reference[j]!;
}

/** Makes the reflection that leaves of the column's entries from k on only the first, and applies it. */
function reflectionOf(column: Column, k: number): Column | undefined {
  const { re, im } = column;
  const rest = powerOf(column, k + 1);
  if (rest === 0) return undefined;
  const size = Math.hypot(re[k]!, im[k]!);
  const norm = Math.sqrt(rest + size * size);
  const [cos, sin] = size > 0 ? [re[k]! / size, im[k]! / size] : [1, 0];
  const v = emptyColumn(re.length);
  const scale = 1 / Math.sqrt(norm * (norm + size));
  for (let i = k + 1; i < re.length; i++) {
    v.re[i] = re[i]! * scale;
    v.im[i] = im[i]! * scale;
  }
  v.re[k] = (re[k]! + cos * norm) * scale;
  v.im[k] = (im[k]! + sin * norm) * scale;
  re.fill(0, k + 1);
  im.fill(0, k + 1);
  re[k] = -cos * norm;
  im[k] = -sin * norm;
  return v;
}

function reflect(column: Column, v: Column, start: number): void {
  const [re, im] = innerOf(v, column, start);
  subtractScaled(column, v, re, im, start);
}

/** Q^H x, in place. */
export function applyAdjoint({ reflections }: PivotedQr, x: Column): void {
  reflections.forEach((v, k) => {
    if (v) reflect(x, v, k);
  });
}

/** Q x, in place. */
export function applyQ({ reflections }: PivotedQr, x: Column): void {
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k];
    if (v) reflect(x, v, k);
  }
}

/** How many diagonal entries of R exceed `tolerance` times the first. */
export function rankOf({ r, reflections }: PivotedQr, tolerance: number): number {
  const size = (k: number) => Math.hypot(r[k]!.re[k]!, r[k]!.im[k]!);
  let rank = 0;
  while (rank < reflections.length && size(rank) > tolerance * size(0)) rank++;
  return rank;
}

/** The first `rank` rows of R as a matrix. */
export function upperRows({ r }: PivotedQr, rank: number): ComplexMatrix {
  const out = complexMatrix(rank, r.length);
  r.forEach(({ re, im }, j) => {
    for (let i = 0; i < Math.min(rank, j + 1); i++) {
      out.data[2 * (i * r.length + j)] = re[i]!;
      out.data[2 * (i * r.length + j) + 1] = im[i]!;
    }
  });
  return out;
}
