import { InputError } from '../../base/index.js';
import { type ComplexMatrix, complexMatrix, sizeOf } from './matrix.js';

/** Thin QR factors of an m x n matrix: Q is m x n with orthonormal columns, R n x n upper triangular. */
export interface QrFactors {
  q: ComplexMatrix;
  r: ComplexMatrix;
}

/**
 * A = Q R by Householder reflections (Golub and Van Loan, Matrix Computations, 5.2), with a real diagonal
 * >= 0 in R, which makes the factors of a matrix of full rank unique.
 * @throws InputError when A has fewer rows than columns or holds a value that is not finite.
 */
export function qrFactors(a: ComplexMatrix): QrFactors {
  const { rows, columns } = a;
  if (rows < columns)
    throw new InputError(`QR of a ${sizeOf(a)} matrix; allowed: no fewer rows than columns`);
  const bad = a.data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new InputError(`matrix holds ${bad}; allowed: finite numbers`);
  const work = a.data.slice();
  const reflections = Array.from({ length: columns }, (_, k) => {
    const reflection = reflectionOf(work, rows, columns, k);
    reflect(work, columns, reflection, k);
    return reflection;
  });
  const q = thinIdentity(rows, columns);
  for (let k = columns - 1; k >= 0; k--) reflect(q.data, columns, reflections[k]!, k);
  return realDiagonal(q, upperTriangle(work, columns));
}

/** Reflection I - 2 v v^H / |v|^2 of the rows from `start` on. */
interface Reflection {
  v: Float64Array;
  start: number;
  power: number;
}

/** The reflection that turns column k from row k on into a multiple of the first unit vector. */
function reflectionOf(a: Float64Array, rows: number, columns: number, k: number): Reflection {
  const v = new Float64Array(2 * (rows - k));
  let power = 0;
  for (let i = k; i < rows; i++) {
    const at = 2 * (i * columns + k);
    v[2 * (i - k)] = a[at]!;
    v[2 * (i - k) + 1] = a[at + 1]!;
    power += a[at]! ** 2 + a[at + 1]! ** 2;
  }
  const norm = Math.sqrt(power);
  const first = Math.hypot(v[0]!, v[1]!);
  // The sign that adds to the first entry: nothing cancels.
  const [cos, sin] = first > 0 ? [v[0]! / first, v[1]! / first] : [1, 0];
  v[0]! += cos * norm;
  v[1]! += sin * norm;
  return { v, start: k, power: 2 * (power + first * norm) };
}

/** Applies a reflection to the columns from `firstColumn` on. */
function reflect(
  a: Float64Array,
  columns: number,
  { v, start, power }: Reflection,
  firstColumn: number,
): void {
  if (power === 0) return;
  const count = v.length / 2;
  for (let j = firstColumn; j < columns; j++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < count; i++) {
      const at = 2 * ((start + i) * columns + j);
      re += v[2 * i]! * a[at]! + v[2 * i + 1]! * a[at + 1]!;
      im += v[2 * i]! * a[at + 1]! - v[2 * i + 1]! * a[at]!;
    }
    re *= 2 / power;
    im *= 2 / power;
    for (let i = 0; i < count; i++) {
      const at = 2 * ((start + i) * columns + j);
      a[at]! -= v[2 * i]! * re - v[2 * i + 1]! * im;
      a[at + 1]! -= v[2 * i]! * im + v[2 * i + 1]! * re;
    }
  }
}

function thinIdentity(rows: number, columns: number): ComplexMatrix {
  const out = complexMatrix(rows, columns);
  for (let i = 0; i < columns; i++) out.data[2 * (i * columns + i)] = 1;
  return out;
}

function upperTriangle(a: Float64Array, n: number): ComplexMatrix {
  const out = complexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    out.data.set(a.subarray(2 * (i * n + i), 2 * (i + 1) * n), 2 * (i * n + i));
  }
  return out;
}

/** Turns the phase of each diagonal entry of R to 0 and that of Q's column along. */
function realDiagonal(q: ComplexMatrix, r: ComplexMatrix): QrFactors {
  const n = r.rows;
  for (let k = 0; k < n; k++) {
    const at = 2 * (k * n + k);
    const size = Math.hypot(r.data[at]!, r.data[at + 1]!);
    if (size === 0) continue;
    const [cos, sin] = [r.data[at]! / size, r.data[at + 1]! / size];
    for (let j = k; j < n; j++) rotate(r.data, 2 * (k * n + j), cos, -sin);
    r.data[at] = size;
    r.data[at + 1] = 0;
    for (let i = 0; i < q.rows; i++) rotate(q.data, 2 * (i * n + k), cos, sin);
  }
  return { q, r };
}

function rotate(data: Float64Array, at: number, cos: number, sin: number): void {
  const [re, im] = [data[at]!, data[at + 1]!];
  data[at] = re * cos - im * sin;
  data[at + 1] = re * sin + im * cos;
}
