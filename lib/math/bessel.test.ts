import { describe, expect, it } from 'vitest';
import { besselI0, besselI0m1, besselJ0 } from './bessel.js';

describe('besselJ0', () => {
  it('meets scipy.special.j0 (SciPy 1.10)', () => {
    for (const [x, value] of GOLDEN) {
      expect(Math.abs(besselJ0(x) - value)).toBeLessThan(2e-14);
      expect(besselJ0(-x)).toBe(besselJ0(x));
    }
    expect(Math.abs(besselJ0(1e6) - GOLDEN_MILLION)).toBeLessThan(1e-11);
  });

  it('has its first zero where Abramowitz and Stegun, Table 9.5, have it', () => {
    expect(Math.abs(besselJ0(2.404825557695773))).toBeLessThan(1e-14);
  });

  it('refuses what is no number', () => {
    expect(() => besselJ0(Number.NaN)).toThrow('x is NaN');
    expect(() => besselJ0(1e7)).toThrow('x is 10000000');
  });
});

describe('besselI0', () => {
  it('meets scipy.special.i0 (SciPy 1.10)', () => {
    for (const [x, value] of GOLDEN_I0) expect(Math.abs(besselI0(-x) / value - 1)).toBeLessThan(1e-14);
  });

  it('keeps the digits of I0 - 1 near zero', () => {
    // x^2/4 + x^4/64
    expect(besselI0m1(1e-6)).toBeCloseTo(2.5e-13 + 1.5625e-26, 27);
    expect(besselI0m1(0)).toBe(0);
    expect(() => besselI0(701)).toThrow('x is 701');
  });
});

const GOLDEN_I0: readonly (readonly [x: number, value: number])[] = [
  [0, 1],
  [0.001, 1.0000002500000158],
  [0.1, 1.0025015629340956],
  [1, 1.2660658777520082],
  [2.5, 3.289839144050123],
  [7, 168.59390851028968],
  [12.3, 25257.487596923078],
  [50, 2.9325537838493355e20],
  [333.3, 1.2302867568623119e143],
  [700, 1.5295933476718735e302],
];

const GOLDEN: readonly (readonly [x: number, value: number])[] = [
  [0, 1.0],
  [0.1, 0.99750156206604],
  [1, 0.7651976865579665],
  [2.5, -0.04838377646819804],
  [7, 0.3000792705195556],
  [12.3, 0.11079795030758527],
  [50, 0.055812327669252086],
  [333.3, 0.03846665441671815],
  [1000, 0.02478668615242003],
];
const GOLDEN_MILLION = 0.0003310430137619327;
