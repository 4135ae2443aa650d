import { describe, expect, it } from 'vitest';
import { erfc, qFunction, qInverse, scaledExponentialIntegral } from './special.js';

// python3 -c "from scipy.stats import norm; print([(x, norm.sf(x)) for x in (...)])"
const TAILS: readonly (readonly [number, number])[] = [
  [-3, 0.9986501019683699],
  [-0.5, 0.6914624612740131],
  [0, 0.5],
  [0.5, 0.3085375387259869],
  [1, 0.15865525393145707],
  [1.5, 0.06680720126885807],
  [2, 0.022750131948179195],
  [2.1, 0.017864420562816542],
  [2.2, 0.013903447513498595],
  [3, 0.0013498980316300933],
  [4, 3.167124183311986e-5],
  [5, 2.866515718791933e-7],
  [6, 9.865876450376946e-10],
  [7, 1.279812543885835e-12],
  [8, 6.22096057427174e-16],
  [20, 2.7536241186061556e-89],
  [37, 5.7255712225239266e-300],
];

// python3 -c "from scipy.stats import norm; print([(p, norm.isf(p)) for p in (...)])"
const QUANTILES: readonly (readonly [number, number])[] = [
  [1e-100, 21.273453560965322],
  [1e-15, 7.941345326170998],
  [1e-8, 5.612001244174789],
  [1e-3, 3.090232306167813],
  [0.025, 1.9599639845400545],
  [0.3, 0.5244005127080409],
  [0.5, 0],
  [0.7, -0.5244005127080407],
  [0.999, -3.090232306167813],
];

describe('Gaussian tail', () => {
  it('agrees with scipy to a relative 1e-12', () => {
    for (const [x, expected] of TAILS) expect(Math.abs(qFunction(x) / expected - 1)).toBeLessThan(1e-12);
  });

  it('has no seam where series meets fraction, and the right limits', () => {
    expect(erfc(1.5 - 1e-12) / erfc(1.5 + 1e-12) - 1).toBeCloseTo(0, 10);
    expect(qFunction(Number.POSITIVE_INFINITY)).toBe(0);
    expect(qFunction(Number.NEGATIVE_INFINITY)).toBe(1);
    expect(qFunction(Number.NaN)).toBeNaN();
    expect(erfc(0)).toBe(1);
  });

  it('is inverted', () => {
    for (const [p, expected] of QUANTILES) expect(qInverse(p)).toBeCloseTo(expected, 11);
    for (let x = -8; x <= 30; x += 0.37) {
      const p = qFunction(x);
      // Above 1/2 the spacing of p near 1, not the inverse, limits what can come back.
      const limit = 1e-12 + (x < 0 ? Number.EPSILON / Math.exp((-x * x) / 2) : 0) * 5;
      expect(Math.abs(qInverse(p) - x)).toBeLessThan(limit);
    }
    for (const bad of [0, 1, -0.1, Number.NaN]) expect(() => qInverse(bad)).toThrow('p is');
  });
});

describe('scaled exponential integral', () => {
  // python3 -c "from scipy.special import exp1; from math import exp; print([(x, exp(x)*exp1(x)) for x in (...)])"
  it('agrees with scipy', () => {
    const values: readonly (readonly [number, number])[] = [
      [1e-10, 22.448635267383786],
      [0.01, 4.078511443456425],
      [0.1, 2.014642544708452],
      [0.5, 0.9229106324837305],
      [0.99, 0.6004139419416398],
      [1, 0.596347362323195],
      [1.01, 0.5923404212715495],
      [2, 0.36132861688822265],
      [10, 0.09156333393978809],
      [100, 0.009901942286733018],
      [500, 0.0019960159047604114],
    ];
    for (const [x, expected] of values) {
      expect(Math.abs(scaledExponentialIntegral(x) / expected - 1)).toBeLessThan(1e-12);
    }
    expect(() => scaledExponentialIntegral(0)).toThrow('x is 0');
  });
});
