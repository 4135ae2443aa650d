import { expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { constantRate, cosineRate, linearRate, stepRate } from './schedules.js';

it('constant and linear', () => {
  expect(constantRate(0.1)(1000)).toBe(0.1);
  const line = linearRate({ from: 1, to: 0.5, steps: 10 });
  expect([0, 5, 10, 20].map(line)).toEqual([1, 0.75, 0.5, 0.5]);
});

it('cosine with warm-up: rises in a line, halves at the middle, ends at the floor', () => {
  const rate = cosineRate({ peak: 1, steps: 110, warmUp: 10, floor: 0.2 });
  expect(rate(0)).toBeCloseTo(0.1, 12);
  expect(rate(9)).toBeCloseTo(1, 12);
  expect(rate(10)).toBeCloseTo(1, 12);
  expect(rate(60)).toBeCloseTo(0.6, 12);
  expect(rate(110)).toBeCloseTo(0.2, 12);
  expect(rate(500)).toBeCloseTo(0.2, 12);
});

it('steps down at each milestone', () => {
  const rate = stepRate({ rate: 1, factor: 0.1, at: [10, 20] });
  for (const [step, value] of [
    [0, 1],
    [9, 1],
    [10, 0.1],
    [19, 0.1],
    [20, 0.01],
  ] as const)
    expect(rate(step)).toBeCloseTo(value, 12);
});

it('refuses what cannot be', () => {
  expect(() => cosineRate({ peak: 1, steps: 10, warmUp: 10 })).toThrow(InputError);
  expect(() => linearRate({ from: Number.NaN, to: 0, steps: 1 })).toThrow(InputError);
  expect(() => stepRate({ rate: 1, factor: -1, at: [] })).toThrow(InputError);
});
