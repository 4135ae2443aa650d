/**
 * A complex Hermitian matrix as Q D T D^H Q^H: T real symmetric tridiagonal, D diagonal of unit phases, Q a product
 * of Householder reflections (Householder 1958; Martin, Reinsch and Wilkinson 1968 for the order of the rows).
 */
export interface Tridiagonal {
  diagonal: Float64Array;
  /** Entry i couples i - 1 and i, for i from 1; entry 0 is 0. */
  offDiagonal: Float64Array;
  /** D, split into parts. */
  phaseRe: Float64Array;
  phaseIm: Float64Array;
}

/** Below this power the rest of a row, of a matrix of entries about 1, is none. */
const NO_POWER = 1e-290;

/**
 * Reduces the lower triangle of the split, row-major n x n matrix, whose entries are about 1 at most. Row i then holds
 * in its first i places the vector v of the reflection I - v v^H, of |v|^2 = 2, or zeros where none was needed.
 */
export function tridiagonalise(re: Float64Array, im: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const work = { re: new Float64Array(n), im: new Float64Array(n) };
  const below = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let i = n - 1; i > 0; i--) {
    diagonal[i] = re[i * n + i]!;
    if (makeReflection(re, im, n, i, below)) reflectLeadingBlock(re, im, n, i, work);
  }
  diagonal[0] = re[0]!;
  return withoutPhases(diagonal, below);
}

export interface Parts {
  re: Float64Array;
  im: Float64Array;
}

/** Turns row i into its reflection's vector; false where the row is tridiagonal already. */
function makeReflection(re: Float64Array, im: Float64Array, n: number, i: number, below: Parts): boolean {
  const start = i * n;
  const last = start + i - 1;
  let rest = 0;
  for (let at = start; at < last; at++) rest += re[at]! * re[at]! + im[at]! * im[at]!;
  const [lastRe, lastIm] = [re[last]!, im[last]!];
  if (rest < NO_POWER) {
    re.fill(0, start, last + 1);
    im.fill(0, start, last + 1);
    below.re[i] = lastRe;
    below.im[i] = lastIm;
    return false;
  }
  const size = Math.sqrt(lastRe * lastRe + lastIm * lastIm);
  const norm = Math.sqrt(rest + size * size);
  const [cos, sin] = size > 0 ? [lastRe / size, lastIm / size] : [1, 0];
  below.re[i] = -cos * norm;
  below.im[i] = -sin * norm;
  // The column is the conjugate of the row; adding the norm with the entry's own phase cancels nothing.
  re[last] = lastRe + cos * norm;
  im[last] = lastIm + sin * norm;
  const scale = 1 / Math.sqrt(norm * (norm + size));
  for (let at = start; at <= last; at++) {
    re[at]! *= scale;
    im[at]! *= -scale;
  }
  return true;
}

/** B - v w^H - w v^H for the leading i x i block B, with p = B v and w = p - (v^H p / 2) v. */
function reflectLeadingBlock(re: Float64Array, im: Float64Array, n: number, i: number, w: Parts): void {
  const vr = re.subarray(i * n, i * n + i);
  const vi = im.subarray(i * n, i * n + i);
  multiplyLower(re, im, n, i, vr, vi, w);
  let inner = 0;
  for (let j = 0; j < i; j++) inner += vr[j]! * w.re[j]! + vi[j]! * w.im[j]!;
  for (let j = 0; j < i; j++) {
    w.re[j]! -= 0.5 * inner * vr[j]!;
    w.im[j]! -= 0.5 * inner * vi[j]!;
  }
  for (let row = 0; row < i; row++) subtractRankTwo(re, im, row * n, row, vr, vi, w.re, w.im);
}

/** p = B v, of which only the lower triangle is read, row by row. */
function multiplyLower(
  re: Float64Array,
  im: Float64Array,
  n: number,
  size: number,
  vr: Float64Array,
  vi: Float64Array,
  p: Parts,
): void {
  const [pr, pi] = [p.re, p.im];
  for (let row = 0; row < size; row++) {
    const start = row * n;
    const xr = vr[row]!;
    const xi = vi[row]!;
    let sumRe = re[start + row]! * xr;
    let sumIm = re[start + row]! * xi;
    for (let j = 0; j < row; j++) {
      const br = re[start + j]!;
      const bi = im[start + j]!;
      sumRe += br * vr[j]! - bi * vi[j]!;
      sumIm += br * vi[j]! + bi * vr[j]!;
      pr[j]! += br * xr + bi * xi;
      pi[j]! += br * xi - bi * xr;
    }
    pr[row] = sumRe;
    pi[row] = sumIm;
  }
}

function subtractRankTwo(
  re: Float64Array,
  im: Float64Array,
  start: number,
  row: number,
  vr: Float64Array,
  vi: Float64Array,
  wr: Float64Array,
  wi: Float64Array,
): void {
  const [ar, ai, br, bi] = [vr[row]!, vi[row]!, wr[row]!, wi[row]!];
  for (let j = 0; j <= row; j++) {
    re[start + j]! -= ar * wr[j]! + ai * wi[j]! + br * vr[j]! + bi * vi[j]!;
    im[start + j]! -= ai * wr[j]! - ar * wi[j]! + bi * vr[j]! - br * vi[j]!;
  }
}

/** @param below entry (i, i - 1) of the reduced matrix, whose phase moves into D */
export function withoutPhases(diagonal: Float64Array, below: Parts): Tridiagonal {
  const n = diagonal.length;
  const offDiagonal = new Float64Array(n);
  const phaseRe = new Float64Array(n).fill(1);
  const phaseIm = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    const [re, im] = [below.re[i]!, below.im[i]!];
    const size = Math.hypot(re, im);
    offDiagonal[i] = size;
    const [cos, sin] = size > 0 ? [re / size, im / size] : [1, 0];
    phaseRe[i] = phaseRe[i - 1]! * cos - phaseIm[i - 1]! * sin;
    phaseIm[i] = phaseRe[i - 1]! * sin + phaseIm[i - 1]! * cos;
  }
  return { diagonal, offDiagonal, phaseRe, phaseIm };
}

/**
 * Turns eigenvectors of T, the rows of `zr`, into those of the matrix: Q D z for each row.
 * @param re, im the reflections as `tridiagonalise` left them
 * @param zi where the imaginary parts go
 */
export function backTransform(
  re: Float64Array,
  im: Float64Array,
  { phaseRe, phaseIm }: Tridiagonal,
  zr: Float64Array,
  zi: Float64Array,
  n: number,
): void {
  for (let start = 0; start < n * n; start += n) {
    for (let j = 0; j < n; j++) {
      const value = zr[start + j]!;
      zr[start + j] = value * phaseRe[j]!;
      zi[start + j] = value * phaseIm[j]!;
    }
    for (let i = 2; i < n; i++) applyReflection(re, im, i * n, zr, zi, start, i);
  }
}

function applyReflection(
  vr: Float64Array,
  vi: Float64Array,
  from: number,
  zr: Float64Array,
  zi: Float64Array,
  start: number,
  length: number,
): void {
  let [re, im] = [0, 0];
  for (let j = 0; j < length; j++) {
    re += vr[from + j]! * zr[start + j]! + vi[from + j]! * zi[start + j]!;
    im += vr[from + j]! * zi[start + j]! - vi[from + j]! * zr[start + j]!;
  }
  for (let j = 0; j < length; j++) {
    zr[start + j]! -= vr[from + j]! * re - vi[from + j]! * im;
    zi[start + j]! -= vr[from + j]! * im + vi[from + j]! * re;
  }
}
