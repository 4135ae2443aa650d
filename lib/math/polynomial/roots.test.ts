import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qrFactors, rowGramMatrix } from '../linear/index.js';
import { golden, goldenPolynomial, matrixFrom } from '../linear/testing.js';
import { Rng } from '../rng.js';
import { polynomialRoots } from './index.js';

type Point = readonly [re: number, im: number];

/** Coefficients of the product of (z - root), upwards. */
function fromRoots(roots: readonly Point[]): Float64Array {
  let product = Float64Array.of(1, 0);
  for (const [re, im] of roots) {
    const next = new Float64Array(product.length + 2);
    next.set(product, 2);
    for (let at = 0; at < product.length; at += 2) {
      const [x, y] = [product[at]!, product[at + 1]!];
      next[at]! -= x * re - y * im;
      next[at + 1]! -= x * im + y * re;
    }
    product = next;
  }
  return product;
}

/** The largest distance of wanted roots from found ones, each found one taken once, relative to the root. */
function largestMiss(found: Float64Array, wanted: readonly Point[]): number {
  expect(found.length).toBe(2 * wanted.length);
  const left = Array.from({ length: wanted.length }, (_, k): Point => [found[2 * k]!, found[2 * k + 1]!]);
  return Math.max(
    ...wanted.map(([re, im]) => {
      const misses = left.map(([x, y]) => Math.hypot(x - re, y - im));
      const nearest = misses.indexOf(Math.min(...misses));
      left.splice(nearest, 1);
      return misses[nearest]! / Math.max(1e-200, Math.hypot(re, im));
    }),
  );
}

/**
 * |p(z)| over the sum of |a_k z^k|, the largest of all roots: how far the coefficients would have to move
 * (to the 1e-14 of this sum's own rounding).
 */
function backwardError(coefficients: Float64Array, roots: Float64Array): number {
  const degree = coefficients.length / 2 - 1;
  let worst = 0;
  for (let r = 0; r < roots.length; r += 2) {
    const [size, angle] = [Math.hypot(roots[r]!, roots[r + 1]!), Math.atan2(roots[r + 1]!, roots[r]!)];
    let [re, im, total] = [0, 0, 0];
    for (let k = 0; k <= degree; k++) {
      const weight = size > 1 ? size ** (k - degree) : size ** k;
      const [cos, sin] = [weight * Math.cos(k * angle), weight * Math.sin(k * angle)];
      re += coefficients[2 * k]! * cos - coefficients[2 * k + 1]! * sin;
      im += coefficients[2 * k]! * sin + coefficients[2 * k + 1]! * cos;
      total += weight * Math.hypot(coefficients[2 * k]!, coefficients[2 * k + 1]!);
    }
    worst = Math.max(worst, Math.hypot(re, im) / total);
  }
  return worst;
}

const circle = (count: number, radius = 1): Point[] =>
  Array.from({ length: count }, (_, k) => [
    radius * Math.cos((2 * Math.PI * k) / count),
    radius * Math.sin((2 * Math.PI * k) / count),
  ]);
const sparse = (degree: number, terms: Record<number, number>) =>
  Float64Array.from({ length: 2 * degree + 2 }, (_, at) => (at % 2 ? 0 : (terms[at / 2] ?? 0)));

describe('polynomialRoots', () => {
  it('gives the roots mpmath gives', () => {
    const wanted = Array.from(
      { length: 12 },
      (_, k): Point => [golden.roots![2 * k]!, golden.roots![2 * k + 1]!],
    );
    expect(largestMiss(polynomialRoots(goldenPolynomial(13)), wanted)).toBeLessThan(1e-14);
  });

  it('gives linear, quadratic and cyclotomic roots, and zeros', () => {
    expect(largestMiss(polynomialRoots(Float64Array.of(6, 2, -2, 0)), [[3, 1]])).toBeLessThan(1e-15);
    expect(
      largestMiss(polynomialRoots(Float64Array.of(1, 0, 0, 0, 1, 0)), [
        [0, 1],
        [0, -1],
      ]),
    ).toBeLessThan(1e-15);
    expect(largestMiss(polynomialRoots(sparse(400, { 0: -1, 400: 1 })), circle(400))).toBeLessThan(1e-13);
    const withZeros = polynomialRoots(sparse(7, { 3: -16, 7: 1 }));
    expect(largestMiss(withZeros, [...circle(4, 2), [0, 0], [0, 0], [0, 0]])).toBeLessThan(1e-14);
    expect(polynomialRoots(Float64Array.of(5, 1, 0, 0)).length).toBe(0);
  });

  it('recovers random roots', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 1e6 }), (degree, seed) => {
        const rng = Rng.of(seed);
        const wanted = circle(degree).map(([x, y]): Point => {
          const size = rng.uniform(0.7, 1.4);
          return [size * x, size * y];
        });
        expect(largestMiss(polynomialRoots(fromRoots(wanted)), wanted)).toBeLessThan(1e-12);
      }),
      { numRuns: 60, seed: 64 },
    );
  });

  it("finds Wilkinson's roots to the digits their condition leaves", () => {
    const upTo = (n: number): Point[] => Array.from({ length: n }, (_, k) => [k + 1, 0]);
    // Condition numbers (Gautschi): 1e7 for degree 10, 1e14 for 20.
    expect(largestMiss(polynomialRoots(fromRoots(upTo(10))), upTo(10))).toBeLessThan(1e-9);
    const wilkinson = fromRoots(upTo(20));
    expect(largestMiss(polynomialRoots(wilkinson), upTo(20))).toBeLessThan(0.1);
    expect(backwardError(wilkinson, polynomialRoots(wilkinson))).toBeLessThan(1e-14);
  });

  it('splits a root of multiplicity m by no more than the m-th root of the rounding', () => {
    const found = polynomialRoots(
      fromRoots([
        [0.6, 0.8],
        [0.6, 0.8],
        [-1, 0],
        [0, 2],
      ]),
    );
    expect(
      largestMiss(found, [
        [0.6, 0.8],
        [0.6, 0.8],
        [-1, 0],
        [0, 2],
      ]),
    ).toBeLessThan(1e-7);
    const five = Array.from({ length: 5 }, (): Point => [1, 0]);
    expect(largestMiss(polynomialRoots(fromRoots(five)), five)).toBeLessThan(1e-2);
  });

  it('spans magnitudes from 1e-100 to 1e90', () => {
    const wanted: Point[] = [
      [1e-100, 0],
      [1e-50, 1e-50],
      [1, 0],
      [1e50, 0],
      [0, 1e90],
    ];
    expect(largestMiss(polynomialRoots(fromRoots(wanted)), wanted)).toBeLessThan(1e-14);
  });

  it('has small backward errors on random coefficients up to degree 400', () => {
    for (const degree of [1, 2, 3, 10, 100, 400]) {
      const coefficients = Rng.of(degree).fillComplexNormal(new Float64Array(2 * degree + 2));
      expect(backwardError(coefficients, polynomialRoots(coefficients))).toBeLessThan(1e-13);
    }
  });

  it('finds the double roots of a noise subspace on the circle, and the others in pairs z, 1/z*', () => {
    const frequencies = [-1.2, 0.3, 0.5];
    const coefficients = nullSpectrum(frequencies, 200);
    const roots = polynomialRoots(coefficients);
    const points = Array.from({ length: 398 }, (_, k): Point => [roots[2 * k]!, roots[2 * k + 1]!]);
    const onCircle = points.filter(([x, y]) => Math.abs(Math.hypot(x, y) - 1) < 1e-6);
    const wanted = frequencies.flatMap((mu): Point[] => Array(2).fill([Math.cos(mu), Math.sin(mu)]));
    expect(largestMiss(Float64Array.from(onCircle.flat()), wanted)).toBeLessThan(1e-7);
    const mirrored = points.map(([x, y]): Point => [x / (x * x + y * y), y / (x * x + y * y)]);
    expect(largestMiss(roots, mirrored)).toBeLessThan(1e-7);
    expect(backwardError(coefficients, roots)).toBeLessThan(1e-13);
  });

  it('names bad input', () => {
    expect(() => polynomialRoots(new Float64Array(3))).toThrow('allowed: even');
    expect(() => polynomialRoots(new Float64Array(6))).toThrow('polynomial is 0');
    expect(() => polynomialRoots(new Float64Array(0))).toThrow('polynomial is 0');
    expect(() => polynomialRoots(Float64Array.of(1, Number.NaN))).toThrow('coefficient NaN');
    expect(() => polynomialRoots(new Float64Array(2 * 5000).fill(1))).toThrow('degree 4999');
  });
});

/** Root-MUSIC's polynomial: the sums along the diagonals of I - Q Q^H, with Q spanning the signals' responses. */
function nullSpectrum(frequencies: readonly number[], n: number): Float64Array {
  const { q } = qrFactors(
    matrixFrom(n, frequencies.length, (i, k) => [
      Math.cos(frequencies[k]! * i),
      Math.sin(frequencies[k]! * i),
    ]),
  );
  const projector = rowGramMatrix(q).data;
  const out = new Float64Array(2 * (2 * n - 1));
  out[2 * (n - 1)] = n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = 2 * (j - i + n - 1);
      out[at]! -= projector[2 * (i * n + j)]!;
      out[at + 1]! -= projector[2 * (i * n + j) + 1]!;
    }
  }
  return out;
}
