import { InputError } from '../../../base/index.js';

/** The plane rotations of one QL sweep, from the pair (last - 1, last) down to (first, first + 1). */
export interface Sweep {
  first: number;
  last: number;
  cos: Float64Array;
  sin: Float64Array;
}

/** Sweeps allowed for one eigenvalue; two are usual. */
const MAX_SWEEPS = 60;
/** Couplings below this are none, in a matrix of entries about 1: their squares would be lost. */
const NO_COUPLING = 1e-145;

/**
 * Diagonalises the real symmetric tridiagonal matrix in place by QL sweeps with implicit Wilkinson shifts (Wilkinson
 * 1968; Golub and Van Loan, Matrix Computations, 8.3): `d` becomes the eigenvalues, unordered.
 * @param e entry i couples i - 1 and i; becomes zeros
 * @param sweep where each sweep is written, with room for n rotations
 * @param apply is called after every sweep, to turn the eigenvectors along
 * @throws InputError when an eigenvalue does not converge, which is not known to happen for finite numbers.
 */
export function implicitQl(d: Float64Array, e: Float64Array, sweep: Sweep, apply: () => void): void {
  for (let first = 0; first < d.length; first++) {
    for (let count = 0; ; count++) {
      const last = blockEnd(d, e, first);
      if (last === first) break;
      if (count === MAX_SWEEPS) {
        throw new InputError(`eigenvalue ${first} did not converge in ${MAX_SWEEPS} sweeps`);
      }
      sweep.first = first;
      sweep.last = last;
      chase(d, e, sweep);
      apply();
    }
  }
}

/** Where the block that begins at `first` ends: at the first coupling too small to matter, which is set to 0. */
function blockEnd(d: Float64Array, e: Float64Array, first: number): number {
  let last = first;
  while (last + 1 < d.length) {
    const coupling = Math.abs(e[last + 1]!);
    const least = Number.EPSILON * Math.sqrt(Math.abs(d[last]!) * Math.abs(d[last + 1]!));
    if (coupling <= least || coupling < NO_COUPLING) {
      e[last + 1] = 0;
      break;
    }
    last++;
  }
  return last;
}

/** The eigenvalue of the leading 2 x 2 block that lies nearer to its first entry. */
function wilkinsonShift(a: number, b: number, next: number): number {
  const half = (next - a) / 2;
  const root = Math.sqrt(half * half + b * b);
  return a - (b * b) / (half < 0 ? half - root : half + root);
}

/**
 * One sweep over the block: the first rotation is that of a shifted QL step, the others chase the entry it puts
 * outside the tridiagonal band up and out of the block.
 */
function chase(d: Float64Array, e: Float64Array, { first, last, cos, sin }: Sweep): void {
  let x = d[last]! - wilkinsonShift(d[first]!, e[first + 1]!, d[first + 1]!);
  let z = e[last]!;
  for (let i = last - 1; i >= first; i--) {
    const r = Math.sqrt(x * x + z * z);
    const c = r > 0 ? x / r : 1;
    const s = r > 0 ? z / r : 0;
    if (i + 1 < last) e[i + 2] = r;
    const coupling = e[i + 1]!;
    const turn = s * (d[i]! - d[i + 1]!) + 2 * c * coupling;
    d[i + 1]! += s * turn;
    d[i]! -= s * turn;
    e[i + 1] = x = c * turn - coupling;
    if (i > first) {
      z = s * e[i]!;
      e[i]! *= c;
    }
    cos[i] = c;
    sin[i] = s;
  }
}

/** Applies a sweep to the rows of an n x n matrix. */
export function rotateRows(rows: Float64Array, n: number, { first, last, cos, sin }: Sweep): void {
  for (let i = last - 1; i >= first; i--) {
    const c = cos[i]!;
    const s = sin[i]!;
    const upper = i * n;
    const lower = upper + n;
    for (let k = 0; k < n; k++) {
      const a = rows[upper + k]!;
      const b = rows[lower + k]!;
      rows[upper + k] = c * a - s * b;
      rows[lower + k] = s * a + c * b;
    }
  }
}
