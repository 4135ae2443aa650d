import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  corridorRecall,
  distanceToRoute,
  insideRange,
  logVolume,
  megabits,
  moda,
  plausible,
  tensorBytes,
} from './index.js';
import { car } from './testing.js';

const at = (...xs: number[]) => xs.map((x) => ({ x, y: 0 }));

describe('MODA', () => {
  it('counts misses and false alarms over all truths', () => {
    const result = moda([
      { truths: at(0, 10, 20), detections: at(0.1, 10.2, 30) },
      { truths: at(5), detections: at(5) },
    ]);
    expect(result).toMatchObject({ misses: 1, falseAlarms: 1, truths: 4, precision: 0.75, recall: 0.75 });
    expect(result.moda).toBeCloseTo(0.5, 14);
    expect(result.modp).toBeCloseTo((0.8 + 0.6 + 1) / 3, 12);
  });

  it('pairs as many as can be, where the greedy would lose one', () => {
    // The nearest pair first (0.4 with 0.3) would leave 0 without a partner.
    expect(moda([{ truths: at(0, 0.4), detections: at(0.3, 0.85) }]).moda).toBe(1);
    expect(moda([{ truths: at(0), detections: at(0.51) }])).toMatchObject({ moda: 0, modp: 0 });
    expect(moda([]).moda).toBe(0);
    expect(() => moda([], 0)).toThrow('maxMeters');
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => moda([{ truths: at(0), detections: at(x) }])).toThrow(`position is ${x}, 0`);
      expect(() => moda([{ truths: [], detections: at(x) }])).toThrow(`position is ${x}, 0`);
    }
  });

  it('is not below 0 nor above 1, and 1 of the truth itself in any order', () => {
    const places = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(places, places, (truths, found) => {
        const { moda: value } = moda([{ truths: at(...truths), detections: at(...found) }]);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(moda([{ truths: at(...truths), detections: at(...truths.toReversed()) }]).moda).toBe(1);
      }),
      { numRuns: 100, seed: 10 },
    );
  });
});

describe('recall along a path', () => {
  const route = [
    [0, 0],
    [10, 0],
    [10, 10],
  ] as const;

  it('measures the distance from a bent path and from one point', () => {
    expect(distanceToRoute({ x: 5, y: 2 }, route)).toBe(2);
    expect(distanceToRoute({ x: 13, y: 14 }, route)).toBe(5);
    expect(distanceToRoute({ x: 3, y: 4 }, [[0, 0]])).toBe(5);
    expect(distanceToRoute({ x: 3, y: 4 }, [])).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts truths in the corridor only', () => {
    const frame = {
      route,
      truths: [car(5, 1), car(5, -2.9), car(5, 20)],
      detections: [car(5, 1, { score: 0.9 }), car(5, 20), car(5, -2.8, { score: 0.2 })],
    };
    expect(corridorRecall([frame], { minIou: 0.5 })).toEqual({ recall: 1, found: 2, truths: 2 });
    expect(corridorRecall([frame], { minIou: 0.5, minScore: 0.5 }).recall).toBe(0.5);
    expect(corridorRecall([frame], { minIou: 0.5, widthMeters: 3 }).truths).toBe(1);
    expect(corridorRecall([], { minIou: 0.5 }).recall).toBe(0);
    expect(() => corridorRecall([], { minIou: 0.5, widthMeters: -1 })).toThrow('widthMeters');
  });
});

describe('range and plausibility of OPV2V', () => {
  it('ask for all corners', () => {
    expect(insideRange(car(137, 0))).toBe(true);
    expect(insideRange(car(138, 0))).toBe(false);
    expect(insideRange(car(0, 39))).toBe(true);
    expect(insideRange(car(0, -39.2))).toBe(false);
    expect(plausible(car(0, 0))).toBe(true);
    expect(plausible(car(0, 0, { length: 6.1 }))).toBe(false);
    expect(plausible(car(0, 0, { z: 1.1 }))).toBe(false);
  });
});

describe('sizes', () => {
  it('are those reported for dense features and raw clouds', () => {
    expect(megabits(tensorBytes([256, 50, 176]))).toBeCloseTo(72.0896, 10);
    expect(Math.log2(tensorBytes([256, 50, 176]))).toBeCloseTo(23.1033, 4);
    expect(megabits(tensorBytes([128, 200, 704]))).toBeCloseTo(576.7168, 10);
    expect(megabits(tensorBytes([60_000, 4]))).toBeCloseTo(7.68, 12);
    expect(logVolume(1000, 64)).toBeCloseTo(17.9658, 4);
    expect(() => logVolume(0, 64)).toThrow('cells is 0');
    expect(() => tensorBytes([3, -1])).toThrow('size is -1');
    expect(() => megabits(-1)).toThrow('bytes is -1');
  });
});
