import { describe, expect, it } from 'vitest';
import { meanPower, power, Rng } from '../math/index.js';
import { averageOverEnsemble, onConstellation, peak, perCodeword } from './power.js';

const uses = 50;
const symbols = () =>
  Rng.of('power')
    .fillNormal(new Float32Array(8 * uses))
    .map((value, index) => value * (1 + Math.floor(index / (2 * uses))));
const codeword = (array: Float32Array, index: number) =>
  array.subarray(2 * uses * index, 2 * uses * (index + 1));

describe('perCodeword', () => {
  it('gives each codeword unit mean symbol energy, keeping its direction', () => {
    const before = symbols();
    const after = perCodeword().normalise(before, uses);
    expect(before).toEqual(symbols());
    for (const index of [0, 1, 2, 3]) {
      expect(meanPower(codeword(after, index))).toBeCloseTo(1, 6);
      expect(after[2 * uses * index]! / before[2 * uses * index]!).toBeCloseTo(
        after[2 * uses * index + 3]! / before[2 * uses * index + 3]!,
        5,
      );
    }
    perCodeword().check(after, uses);
  });

  it('leaves a silent codeword silent', () => {
    const before = symbols().fill(0, 0, 2 * uses);
    const after = perCodeword().normalise(before, uses);
    expect(codeword(after, 0).every((value) => value === 0)).toBe(true);
    expect(meanPower(codeword(after, 1))).toBeCloseTo(1, 6);
    perCodeword().check(after, uses);
    averageOverEnsemble().check(averageOverEnsemble().normalise(new Float32Array(2 * uses), uses), uses);
  });

  it('names the codeword that breaks it by more than 1e-4', () => {
    const after = perCodeword().normalise(symbols(), uses);
    const scaled = (factor: number) =>
      after.map((value, index) => (index < 4 * uses ? value : value * factor));
    perCodeword().check(scaled(Math.sqrt(1 + 5e-5)), uses);
    perCodeword().check(scaled(0.5), uses);
    expect(() => perCodeword().check(scaled(Math.sqrt(1 + 2e-4)), uses)).toThrow(
      'mean symbol energy of codeword 2 is 1.00020;',
    );
    const broken = after.slice();
    broken[2 * uses + 7] = Number.NaN;
    expect(() => perCodeword().check(broken, uses)).toThrow('codeword 1 holds NaN');
    expect(() => averageOverEnsemble().check(broken, uses)).toThrow('codeword 1 holds NaN');
    expect(() => perCodeword().check(after, 37)).toThrow('allowed: a multiple of 74');
    expect(() => perCodeword().check(new Float32Array(0), uses)).toThrow('0 numbers');
  });

  it('checks codewords of different lengths', () => {
    const unit = (length: number) => Float32Array.from({ length }, () => Math.SQRT1_2);
    perCodeword().checkEach([unit(4), unit(10)]);
    expect(() => perCodeword().checkEach([unit(4), unit(10).map((value) => 2 * value)])).toThrow(
      'mean symbol energy of codeword 1 is 4.00000;',
    );
    expect(() => perCodeword().checkEach([new Float32Array(3)])).toThrow('codeword 0 has 3 numbers');
    // One symbol of energy 4 among seven in all: the mean counts symbols, not codewords.
    const quiet = unit(12).map((value) => value * 0.5);
    averageOverEnsemble().checkEach([unit(2).map((value) => 2 * value), quiet]);
    expect(() => averageOverEnsemble().checkEach([unit(2).map((value) => 2 * value), unit(12)])).toThrow(
      'mean symbol energy of 2 codewords',
    );
  });
});

describe('averageOverEnsemble', () => {
  it('gives the whole batch unit mean energy and keeps the ratios between codewords', () => {
    const before = symbols();
    const after = averageOverEnsemble().normalise(before, uses);
    expect(meanPower(after)).toBeCloseTo(1, 6);
    const ratio = (array: Float32Array) => meanPower(codeword(array, 3)) / meanPower(codeword(array, 0));
    expect(ratio(after)).toBeCloseTo(ratio(before), 4);
    averageOverEnsemble().check(after, uses);
    expect(() => perCodeword().check(after, uses)).toThrow('codeword');
    expect(() =>
      averageOverEnsemble().check(
        after.map((value) => 1.01 * value),
        uses,
      ),
    ).toThrow('of 4 codewords');
  });
});

describe('peak', () => {
  it('clips the amplitude, keeps the phase, and never exceeds either limit', () => {
    const constraint = peak({ peakEnergy: 2 });
    const mean = perCodeword().normalise(symbols(), uses);
    const after = constraint.normalise(symbols(), uses);
    const [energies, unclipped] = [power(after), power(mean)];
    let clipped = 0;
    energies.forEach((energy, k) => {
      expect(energy).toBeCloseTo(Math.min(2, unclipped[k]!), 5);
      if (unclipped[k]! > 2) clipped++;
      expect(after[2 * k]! * mean[2 * k + 1]!).toBeCloseTo(after[2 * k + 1]! * mean[2 * k]!, 5);
    });
    expect(clipped).toBeGreaterThan(5);
    constraint.check(after, uses);
    expect(() => constraint.check(mean, uses)).toThrow(/energy of symbol \d+ of codeword 0/);
    expect(() =>
      peak({ peakEnergy: 1000 }).check(
        mean.map((value) => value * 1.1),
        uses,
      ),
    ).toThrow('mean symbol energy');
    expect(() => peak({ peakEnergy: 0.5 })).toThrow('peakEnergy is 0.5');
  });
});

describe('onConstellation', () => {
  const points = Float64Array.of(0.6, 0.8, -0.6, 0.8, 0.6, -0.8, -0.6, -0.8);

  it('takes the points alone, however a codeword mixes them', () => {
    const constraint = onConstellation(Float64Array.of(0, 0, Math.SQRT2, 0));
    const loud = Float32Array.of(Math.SQRT2, 0, Math.SQRT2, 0);
    constraint.checkEach([loud, new Float32Array(2)]);
    expect(() => perCodeword().checkEach([loud])).toThrow('mean symbol energy');
    const [good, bad] = [Float32Array.from(points), Float32Array.of(0.6, 0.8, 0.6, 0.79)];
    expect(() => onConstellation(points).checkEach([good, bad])).toThrow('symbol 1 of codeword 1');
  });

  it('refuses points of more than unit mean energy, or none', () => {
    expect(() => onConstellation(points.map((value) => 1.01 * value))).toThrow('mean energy of the points');
    expect(() => onConstellation(new Float64Array())).toThrow('points is 0');
  });
});
