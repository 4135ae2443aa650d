import { requireRange } from '../base/index.js';

/**
 * Bessel function of the first kind and order 0, absolute accuracy about 1e-14 up to x = 1e3 and 1e-11 up
 * to 1e6: the midpoint rule on (1/pi) int cos(x cos t) dt over 0..pi (Abramowitz and Stegun 9.1.18), whose
 * error with n points is of the order of J_2n(x), nothing once 2n exceeds x by some times x^(1/3).
 * @throws InputError unless |x| <= 1e6.
 */
export function besselJ0(x: number): number {
  const size = Math.abs(requireRange('x', x, -1e6, 1e6));
  const points = Math.ceil(size / 4 + 3 * Math.cbrt(size) + 8);
  let sum = 0;
  // The integrand is even about pi/2: half the points do.
  for (let n = 0; n < points; n++) sum += Math.cos(size * Math.cos((Math.PI * (n + 0.5)) / (2 * points)));
  return sum / points;
}

/**
 * Modified Bessel function of the first kind and order 0, relative accuracy about 1e-15.
 * @throws InputError unless |x| <= 700.
 */
export const besselI0 = (x: number): number => 1 + besselI0m1(x);

/**
 * I0(x) - 1 to full relative accuracy for small x too: the power series, whose terms are all positive (Abramowitz and
 * Stegun 9.6.12).
 * @throws InputError unless |x| <= 700.
 */
export function besselI0m1(x: number): number {
  const quarter = requireRange('x', x, -700, 700) ** 2 / 4;
  let term = 1;
  let sum = 0;
  for (let k = 1; k === 1 || term > 1e-17 * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
