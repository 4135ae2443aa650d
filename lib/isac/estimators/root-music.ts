import { requireInteger } from '../../base/index.js';
import {
  type ComplexMatrix,
  columnOf,
  type HermitianEigen,
  hermitianEigen,
  polynomialRoots,
} from '../../math/index.js';
import { wrapped } from '../model/index.js';

/** A root of the MUSIC polynomial inside the unit circle. */
export interface MusicRoot {
  /** Its angle, radians a sample, in [-pi, pi). */
  mu: number;
  /** 1 - |z|: how far from the circle; small for a source. */
  distance: number;
}

/**
 * Root-MUSIC (Barabell 1983): of the roots of a(1/z)^T E_n E_n^H a(z) inside the unit circle, the `sources` nearest to it.
 * The polynomial has conjugate reciprocal roots; a source without noise is a double root on the circle, which is found once.
 * @param covariance Hermitian, of a uniform line of N samples
 * @param sources 1 to N - 1
 * @throws InputError when the number is out of range or the matrix not Hermitian.
 */
export function rootMusicRoots(covariance: ComplexMatrix, sources: number): MusicRoot[] {
  requireInteger('sources', sources, 1, Math.max(1, covariance.rows - 1));
  return musicRootsOf(hermitianEigen(covariance), sources);
}

/** As `rootMusicRoots`, by the eigenvectors of the covariance. @throws InputError */
export function musicRootsOf({ vectors }: HermitianEigen, sources: number): MusicRoot[] {
  const size = vectors.rows;
  requireInteger('sources', sources, 1, size - 1);
  const roots = polynomialRoots(musicPolynomial(vectors, sources));
  const inside: MusicRoot[] = [];
  for (let at = 0; at < roots.length; at += 2) {
    const radius = Math.hypot(roots[at]!, roots[at + 1]!);
    const mu = Math.atan2(roots[at + 1]!, roots[at]!);
    inside.push({ mu, distance: 1 - Math.min(radius, 1 / radius) });
  }
  return pairedRoots(inside, sources);
}

/**
 * Coefficients of z^0 ... z^(2N - 2): sums along the diagonals of the noise projector I - E_s E_s^H; the lag of row i and
 * column j is j - i.
 */
function musicPolynomial(vectors: ComplexMatrix, sources: number): Float64Array {
  const size = vectors.rows;
  const out = new Float64Array(2 * (2 * size - 1));
  const middle = 2 * (size - 1);
  out[middle] = size;
  for (let k = 0; k < sources; k++) subtractAutocorrelation(out, columnOf(vectors, k));
  // The other half is its conjugate.
  for (let lag = 2; lag <= middle; lag += 2) {
    out[middle - lag] = out[middle + lag]!;
    out[middle - lag + 1] = -out[middle + lag + 1]!;
  }
  return out;
}

/** Takes the sums of x_i conj(x_(i + lag)) away, from lag 0 on. */
function subtractAutocorrelation(from: Float64Array, x: Float64Array): void {
  for (let lag = 0; lag < x.length; lag += 2) {
    let re = 0;
    let im = 0;
    for (let p = 0; p + lag < x.length; p += 2) {
      const pr = x[p]!;
      const pi = x[p + 1]!;
      const qr = x[p + lag]!;
      const qi = x[p + lag + 1]!;
      re += pr * qr + pi * qi;
      im += pi * qr - pr * qi;
    }
    from[x.length - 2 + lag]! -= re;
    from[x.length - 1 + lag]! -= im;
  }
}

/**
 * One of each conjugate reciprocal pair, at most `count`, nearest to the circle first. Roots are paired, rather than cut at the circle:
 * rounding moves both roots of a double one to either side, or along the circle, and the mean of the two undoes that.
 */
function pairedRoots(roots: readonly MusicRoot[], count: number): MusicRoot[] {
  const left = roots.toSorted((a, b) => a.distance - b.distance);
  const out: MusicRoot[] = [];
  while (left.length > 1 && out.length < count) {
    const root = left.shift()!;
    const partner = nearestAngle(left, root);
    const [other] = left.splice(partner, 1);
    const turn = wrapped(other!.mu - root.mu);
    out.push({ mu: wrapped(root.mu + turn / 2), distance: root.distance });
  }
  return out;
}

function nearestAngle(roots: readonly MusicRoot[], { mu, distance }: MusicRoot): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < roots.length; at++) {
    const root = roots[at]!;
    const gap = Math.abs(wrapped(root.mu - mu)) + Math.abs(distance - root.distance);
    if (gap >= least) continue;
    best = at;
    least = gap;
  }
  return best;
}
