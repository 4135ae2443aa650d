import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { cramerRaoBound, singleSourceBound } from '../bounds/index.js';
import {
  allocatePower,
  allocationOf,
  bestUnder,
  indexSpread,
  type PowerFrame,
  paretoFront,
  type SensingGoal,
  timeShared,
  weightedBound,
} from './index.js';

const goals: SensingGoal[] = [
  { range: 1, velocity: 0 },
  { range: 0, velocity: 1 },
  { range: 0.7, velocity: 0.3 },
];

interface Case {
  frame: PowerFrame;
  goal: SensingGoal;
  rng: Rng;
}

/** Rayleigh-fading subcarriers, with and without a limit of the peak. */
const cases = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    subcarriers: fc.integer({ min: 2, max: 10 }),
    symbols: fc.integer({ min: 2, max: 5 }),
    snrDb: fc.integer({ min: -10, max: 30 }),
    peak: fc.constantFrom(undefined, 1, 1.5, 4),
    goal: fc.constantFrom(...goals),
  })
  .map(({ seed, subcarriers, symbols, snrDb, peak, goal }): Case => {
    const rng = Rng.of(seed);
    const gains = Float64Array.from(
      { length: subcarriers },
      () => rng.exponential(10 ** (snrDb / 10)) + 1e-9,
    );
    return { frame: { gains, symbols, ...(peak ? { peak } : {}) }, goal, rng };
  });

/** Water-filling over sorted gains, channel by channel: the closed form, another way than the library's. */
function waterFillingRate(gains: Float64Array): number {
  const sorted = [...gains].sort((a, b) => b - a);
  for (let used = sorted.length; ; used--) {
    const best = sorted.slice(0, used);
    const level = (gains.length + best.reduce((sum, g) => sum + 1 / g, 0)) / used;
    if (level >= 1 / best.at(-1)!)
      return best.reduce((sum, g) => sum + Math.log2(level * g), 0) / gains.length;
  }
}

/** Any allocation within the limits: skewed, sparse or smooth at random, mixed with an even one down to the peak. */
function anyPower({ frame, rng }: Case): Float64Array {
  const count = frame.gains.length * frame.symbols;
  const skew = rng.uniform(0, 6);
  const raw = Float64Array.from({ length: count }, () => rng.uniform() ** skew);
  const total = raw.reduce((sum, p) => sum + p, 0);
  const power = raw.map((p) => (p * count) / total);
  const most = power.reduce((a, b) => Math.max(a, b));
  const peak = frame.peak ?? Number.POSITIVE_INFINITY;
  const part = most > peak ? (peak - 1) / (most - 1) : 1;
  return power.map((p) => 1 + part * (p - 1));
}

describe('Pareto front of rate and sensing information', () => {
  it('is monotone and concave', () => {
    fc.assert(
      fc.property(cases, ({ frame, goal }) => {
        const front = paretoFront(frame, goal, 6);
        for (const [i, { rate, information }] of front.slice(1).entries()) {
          expect(rate).toBeLessThanOrEqual(front[i]!.rate + 1e-9);
          expect(information).toBeGreaterThanOrEqual(front[i]!.information - 1e-9);
          const next = front[i + 2];
          if (next) expect(rate).toBeGreaterThanOrEqual((front[i]!.rate + next.rate) / 2 - 1e-8);
        }
      }),
      { numRuns: 40, seed: 8 },
    );
  });

  it('begins at water-filling', () => {
    fc.assert(
      fc.property(cases, ({ frame, goal }) => {
        const free = { gains: frame.gains, symbols: frame.symbols };
        expect(paretoFront(free, goal, 2)[0]!.rate).toBeCloseTo(waterFillingRate(frame.gains), 9);
      }),
      { numRuns: 200, seed: 8 },
    );
  });

  it('ends at the least bound: half of the power at either end', () => {
    fc.assert(
      fc.property(cases, ({ frame, goal }) => {
        const { gains, symbols } = frame;
        const last = paretoFront({ gains, symbols }, goal, 2)[1]!;
        expect(last.information).toBeCloseTo(1, 12);
        const shape = [gains.length, symbols];
        const d = goal.range >= goal.velocity ? 0 : 1;
        // Who asks for one frequency only may get nothing on the other.
        if (goal.range * goal.velocity > 0 || indexSpread(last.power, shape, 1 - d) < 1e-9) return;
        // Twice the energy times the square of half the width.
        const least = 1 / (2 * 0.3 * gains.length * symbols * ((shape[d]! - 1) / 2) ** 2);
        expect(weightedBound(last.power, shape, 0.3)[d]! / least).toBeCloseTo(1, 9);
      }),
      { numRuns: 100, seed: 8 },
    );
  });

  it('tends to its end as the price of information grows', () => {
    fc.assert(
      fc.property(cases, ({ frame, goal }) => {
        const end = allocatePower(frame, goal, Number.POSITIVE_INFINITY);
        const near = allocatePower(frame, goal, 1e8);
        expect(Math.abs(near.information - end.information)).toBeLessThan(1e-6);
        expect(Math.abs(near.rate - end.rate)).toBeLessThan(1e-6 * Math.max(1, end.rate));
      }),
      { numRuns: 100, seed: 8 },
    );
  });

  it('is dominated by no allocation', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { frame, goal } = one;
        for (let draw = 0; draw < 5; draw++) {
          const any = allocationOf(frame, goal, anyPower(one));
          expect(any.rate).toBeLessThanOrEqual(bestUnder(frame, goal, any.information).rate + 1e-9);
        }
      }),
      { numRuns: 50, seed: 8 },
    );
  });

  it('lies above time sharing between its ends', () => {
    const gains = Float64Array.of(3, 0.4, 8, 1, 2, 0.1, 5, 6);
    const frame = { gains, symbols: 6 };
    const ends = paretoFront(frame, goals[0]!, 2) as [never, never];
    for (const symbols of [1, 3, 5]) {
      const shared = timeShared(frame, goals[0]!, ends, symbols);
      expect(bestUnder(frame, goals[0]!, shared.information).rate).toBeGreaterThan(shared.rate + 0.01);
    }
    expect(timeShared(frame, goals[0]!, ends, 6).rate).toBeCloseTo(
      paretoFront(frame, goals[0]!, 2)[1]!.rate,
      12,
    );
  });

  it('keeps power, peak and price: strong duality', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: -2, max: 3, noNaN: true }), ({ frame, goal }, exponent) => {
        const priced = allocatePower(frame, goal, 10 ** exponent);
        const count = priced.power.length;
        expect(priced.power.reduce((sum, p) => sum + p, 0) / count).toBeCloseTo(1, 12);
        const most = priced.power.reduce((a, b) => Math.max(a, b));
        expect(most).toBeLessThanOrEqual((frame.peak ?? count) * (1 + 1e-12));
        expect(bestUnder(frame, goal, priced.information).rate).toBeCloseTo(priced.rate, 6);
      }),
      { numRuns: 40, seed: 8 },
    );
  });

  it('refuses what does not fit', () => {
    const frame = { gains: Float64Array.of(1, 2), symbols: 1 };
    const goal = goals[0]!;
    expect(() => allocatePower({ ...frame, gains: Float64Array.of(1, 0) }, goal, 1)).toThrow('gain is 0');
    expect(() => allocatePower({ ...frame, peak: 0.5 }, goal, 1)).toThrow('peak is 0.5');
    expect(() => allocatePower(frame, goals[1]!, 1)).toThrow('share of velocity');
    expect(() => allocatePower(frame, { range: 0.5, velocity: 0 }, 1)).toThrow('sum of shares');
    expect(() => allocatePower(frame, goal, -1)).toThrow('price');
    expect(() => allocationOf(frame, goal, Float64Array.of(1, 2))).toThrow('mean power');
    expect(() => bestUnder({ ...frame, gains: Float64Array.of(1, 2, 3), peak: 1 }, goal, 0.9)).toThrow(
      'information',
    );
  });
});

describe('bound of a frame of any powers', () => {
  it('is the joint bound of a single target when all are alike', () => {
    const shape = [6, 5, 4];
    const powers = new Float64Array(120).fill(2);
    const joint = cramerRaoBound([{ mu: [0.3, -1, 2], gains: Float64Array.of(0.6, 0.8) }], {
      shape,
      noiseVariance: 0.1,
    });
    for (const [d, variance] of weightedBound(powers, shape, 5).entries()) {
      expect(variance / joint.variances[0]![d]!).toBeCloseTo(1, 9);
      expect(variance / singleSourceBound({ shape, dimension: d, snr: 10 })).toBeCloseTo(1, 9);
      expect(indexSpread(powers, shape, d)).toBeCloseTo((shape[d]! ** 2 - 1) / 12, 12);
    }
  });

  it('is that of a smaller frame where the rest is not known', () => {
    const powers = Float64Array.from({ length: 48 }, (_, at) => Number(at % 8 >= 3 && at >= 16));
    const small = weightedBound(new Float64Array(20).fill(1), [4, 5], 2);
    for (const [d, variance] of weightedBound(powers, [6, 8], 2).entries())
      expect(variance / small[d]!).toBeCloseTo(1, 12);
  });

  it('counts what both dimensions share: power along a diagonal tells their sum only', () => {
    const diagonal = Float64Array.from({ length: 16 }, (_, at) => Number(at % 5 === 0));
    expect(() => weightedBound(diagonal, [4, 4], 1)).toThrow('positive definite');
    const tilted = diagonal.map((w, at) => w + (at === 1 ? 1 : 0));
    expect(weightedBound(tilted, [4, 4], 1)[0]!).toBeGreaterThan(
      1 / (2 * 5 * indexSpread(tilted, [4, 4], 0)),
    );
  });
});
