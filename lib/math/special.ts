import { requireRange } from '../base/index.js';

const SQRT_PI = Math.sqrt(Math.PI);
const SQRT_2PI = Math.sqrt(2 * Math.PI);
const EULER_GAMMA = 0.5772156649015329;
/** Below this argument 1 - erf loses less than two digits; above, the continued fraction is short. */
const ERFC_SERIES_LIMIT = 1.5;

/**
 * Complementary error function, relative accuracy about 1e-13 wherever it is a normal double
 * (Abramowitz and Stegun 7.1.6 and 7.1.14).
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return 2 - erfc(-x);
  if (x > 27.3) return 0;
  return x < ERFC_SERIES_LIMIT ? 1 - erfSeries(x) : erfcFraction(x);
}

/** Positive terms only, so nothing cancels: 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

/** exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + ...))), from the tail upwards. */
function erfcFraction(x: number): number {
  const depth = Math.ceil(20 + 300 / (x * x));
  let tail = x;
  for (let n = depth; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (SQRT_PI * tail);
}

/**
 * Gaussian tail Q(x) = P(Z > x) of a standard normal Z; relative accuracy better than 1e-12 up to x = 37.
 */
export function qFunction(x: number): number {
  return erfc(x * Math.SQRT1_2) / 2;
}

/**
 * The x with Q(x) = p: a rational start (Abramowitz and Stegun 26.2.23) mended by Halley steps.
 * @param p a probability from (0, 1)
 * @throws InputError when p lies outside.
 */
export function qInverse(p: number): number {
  requireRange('p', p, Number.MIN_VALUE, 1 - Number.EPSILON / 2);
  if (p > 0.5) return -qInverse(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const start =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  let x = t - start;
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-x * x) / 2) / SQRT_2PI;
    // Below 1e-300 the density underflows before the tail does; the start is then the answer.
    if (density < 1e-300) break;
    const error = (qFunction(x) - p) / density;
    x += error / (1 - (x * error) / 2);
  }
  return x;
}

/**
 * exp(x) E1(x), the scaled exponential integral, for x > 0; relative accuracy about 1e-14
 * (Abramowitz and Stegun 5.1.11 and 5.1.22).
 * @throws InputError unless x > 0.
 */
export function scaledExponentialIntegral(x: number): number {
  requireRange('x', x, Number.MIN_VALUE, Number.MAX_VALUE);
  if (x <= 1) {
    let term = 1;
    let sum = 0;
    for (let n = 1; n <= 30; n++) {
      term *= -x / n;
      sum -= term / n;
    }
    return Math.exp(x) * (sum - EULER_GAMMA - Math.log(x));
  }
  const depth = Math.ceil(20 + 150 / x);
  let tail = 0;
  for (let n = depth; n > 0; n--) tail = n / (1 + n / (x + tail));
  return 1 / (x + tail);
}
