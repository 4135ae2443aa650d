import { InputError } from '../../base/index.js';
import { complexLength } from '../complex.js';
import { startingPoints } from './start.js';

/** Rounds allowed; a polynomial of simple roots needs about ten, a root of multiplicity m some 50 m. */
const MAX_ROUNDS = 500;
const MAX_DEGREE = 4096;
/**
 * Square of a relative step after which, when it was a thousand times shorter than the one before, there is nothing left to
 * gain: the iteration converges to a simple root with the third power, to a multiple one by a constant factor only.
 */
const SMALL = 1e-16;

/**
 * All complex roots of a polynomial, by simultaneous Aberth-Ehrlich iteration (Aberth 1973; Bini 1996 for the start
 * and for evaluating the reversed polynomial outside the unit circle), O(degree^2) a round. Every root is refined
 * until its value is lost in the rounding of the evaluation: the roots are those of a polynomial whose coefficients
 * differ in the last digits. A root of multiplicity m is so known to the m-th root of the machine epsilon, as m roots
 * around it (two of them to some 1e-8).
 * @param coefficients interleaved complex, those of the powers 0, 1, 2, ... Zeros at the end lower the degree.
 * @returns interleaved complex, as many roots as the degree, in no order of meaning; none of a constant
 * @throws InputError when the length is odd, a value is not finite, all are zero, the degree exceeds 4096 or a root
 *   did not converge.
 */
export function polynomialRoots(coefficients: Float64Array): Float64Array {
  const { values, zeros } = requirePolynomial(coefficients);
  const degree = values.length / 2 - 1;
  const roots = new Float64Array(2 * (degree + zeros));
  if (degree === 0) return roots;
  const polynomial = evaluator(values);
  const found = startingPoints(polynomial.magnitudes);
  refineAll(polynomial, found);
  roots.set(found);
  return roots;
}

/** The coefficients from the lowest to the highest that is not 0, scaled, and how many zeros came before them. */
function requirePolynomial(coefficients: Float64Array): { values: Float64Array; zeros: number } {
  const count = complexLength(coefficients);
  const bad = coefficients.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new InputError(`polynomial has coefficient ${bad}; allowed: finite numbers`);
  const zero = (k: number) => coefficients[2 * k] === 0 && coefficients[2 * k + 1] === 0;
  let [low, high] = [0, count - 1];
  while (high >= 0 && zero(high)) high--;
  if (high < 0) throw new InputError('polynomial is 0; allowed: a coefficient other than 0');
  while (zero(low)) low++;
  if (high > MAX_DEGREE) throw new InputError(`polynomial of degree ${high}; allowed: at most ${MAX_DEGREE}`);
  const values = coefficients.slice(2 * low, 2 * (high + 1));
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.ceil(Math.log2(largest))));
  return { values: values.map((value) => value * scale), zeros: low };
}

interface Parts {
  re: Float64Array;
  im: Float64Array;
}

/** The coefficients upwards and downwards, and their magnitudes upwards. */
interface Polynomial {
  degree: number;
  up: Parts;
  down: Parts;
  magnitudes: Float64Array;
  /** Of the root at hand, re and im: the loop over roots makes no objects. */
  step: Float64Array;
  /** Squares of the last relative steps of all roots. */
  lengths: Float64Array;
}

function evaluator(values: Float64Array): Polynomial {
  const count = values.length / 2;
  const re = Float64Array.from({ length: count }, (_, k) => values[2 * k]!);
  const im = Float64Array.from({ length: count }, (_, k) => values[2 * k + 1]!);
  return {
    degree: count - 1,
    up: { re, im },
    down: { re: re.toReversed(), im: im.toReversed() },
    magnitudes: re.map((value, k) => Math.hypot(value, im[k]!)),
    step: new Float64Array(2),
    lengths: new Float64Array(count - 1).fill(Number.POSITIVE_INFINITY),
  };
}

function refineAll(polynomial: Polynomial, roots: Float64Array): void {
  const { degree } = polynomial;
  const done = new Uint8Array(degree);
  let left = degree;
  for (let round = 0; left > 0; round++) {
    if (round === MAX_ROUNDS) {
      throw new InputError(`${left} of ${degree} roots did not converge in ${MAX_ROUNDS} rounds`);
    }
    for (let i = 0; i < degree; i++) {
      if (done[i] || !refine(polynomial, roots, i)) continue;
      done[i] = 1;
      left--;
    }
  }
}

/** One Aberth step of root i; true when it is as good as the coefficients' digits allow. */
function refine(polynomial: Polynomial, roots: Float64Array, i: number): boolean {
  const x = roots[2 * i]!;
  const y = roots[2 * i + 1]!;
  const { step } = polynomial;
  if (!newtonReciprocal(polynomial, x, y)) return true;
  subtractRepulsion(roots, i, step);
  const dr = step[0]!;
  const di = step[1]!;
  const power = dr * dr + di * di;
  if (!(power > 0) || !Number.isFinite(power)) return !Number.isFinite(power);
  roots[2 * i] = x - dr / power;
  roots[2 * i + 1] = y + di / power;
  // Relative to the root, squared.
  const length = 1 / (power * (x * x + y * y));
  const before = polynomial.lengths[i]!;
  polynomial.lengths[i] = length;
  return length <= 0.25 * Number.EPSILON ** 2 || (length <= SMALL && length <= 1e-6 * before);
}

/** Takes the sum of 1 / (z_i - z_j) over the other roots away. */
function subtractRepulsion(roots: Float64Array, i: number, from: Float64Array): void {
  const x = roots[2 * i]!;
  const y = roots[2 * i + 1]!;
  let re = 0;
  let im = 0;
  for (let j = 0; j < roots.length; j += 2) {
    const dx = x - roots[j]!;
    const dy = y - roots[j + 1]!;
    const power = dx * dx + dy * dy;
    const inverse = power > 0 ? 1 / power : 0;
    re += dx * inverse;
    im -= dy * inverse;
  }
  from[0]! -= re;
  from[1]! -= im;
}

/** Puts p'(z)/p(z), the reciprocal of Newton's step, to `step`; false where p(z) is lost in its rounding error. */
function newtonReciprocal({ degree, up, down, step }: Polynomial, x: number, y: number): boolean {
  const power = x * x + y * y;
  if (power <= 1) return quotient(up, x, y, Math.sqrt(power), step);
  // With q(w) = w^n p(1/w) and w = 1/z: p'/p = w (n - w q'/q).
  const wr = x / power;
  const wi = -y / power;
  if (!quotient(down, wr, wi, 1 / Math.sqrt(power), step)) return false;
  const ur = degree - (wr * step[0]! - wi * step[1]!);
  const ui = -(wr * step[1]! + wi * step[0]!);
  step[0] = wr * ur - wi * ui;
  step[1] = wr * ui + wi * ur;
  return true;
}

/** Slope over value by Horner's rule for |z| <= 1; false where the value is below its error bound. */
function quotient({ re, im }: Parts, x: number, y: number, radius: number, out: Float64Array): boolean {
  let pr = 0;
  let pi = 0;
  let sr = 0;
  let si = 0;
  let bound = 0;
  for (let k = re.length - 1; k >= 0; k--) {
    const tr = sr * x - si * y + pr;
    si = sr * y + si * x + pi;
    sr = tr;
    const qr = pr * x - pi * y + re[k]!;
    pi = pr * y + pi * x + im[k]!;
    pr = qr;
    bound = bound * radius + Math.abs(pr) + Math.abs(pi);
  }
  const power = pr * pr + pi * pi;
  // Each step of the rule rounds to within two epsilons of its result.
  if (Math.sqrt(power) <= 2 * Number.EPSILON * bound) return false;
  out[0] = (sr * pr + si * pi) / power;
  out[1] = (si * pr - sr * pi) / power;
  return true;
}
