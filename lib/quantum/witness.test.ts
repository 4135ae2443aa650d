import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError, variance } from '../math/index.js';
import { BELL_LABELS, type BellState, pureBell, wernerState } from './bell.js';
import * as oracle from './testing.js';
import { anyBellState } from './testing.js';
import {
  bestChsh,
  type Coincidences,
  chshFrom,
  chshValue,
  correlationAlong,
  correlationFrom,
  correlationsOf,
  type Direction,
  wernerChsh,
  witnessFrom,
  witnessValue,
} from './witness.js';

/** <A B> of real operators on a Bell-diagonal state, by its density matrix. */
function expectation(state: BellState, a: readonly number[], b: readonly number[]): number {
  const { values } = oracle.densityOf(state);
  let sum = 0;
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const operator = a[(row >> 1) * 2 + (column >> 1)]! * b[(row & 1) * 2 + (column & 1)]!;
      sum += operator * values[column * 4 + row]!;
    }
  }
  return sum;
}

const anyAngle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const inPlane = (angle: number): Direction => [Math.sin(angle), 0, Math.cos(angle)];
const spin = ([x, , z]: Direction) => [z, x, x, -z];

/** Coincidences of `count` draws with a correlation. */
function draw(rng: Rng, correlation: number, count: number): Coincidences {
  let same = 0;
  for (let k = 0; k < count; k++) if (rng.uniform() < (1 + correlation) / 2) same++;
  return { same, different: count - same };
}

describe('correlations', () => {
  it('are those of the density matrix, in any direction of the real plane', () => {
    fc.assert(
      fc.property(anyBellState, anyAngle, anyAngle, (state, first, second) => {
        const [a, b] = [inPlane(first), inPlane(second)];
        expect(correlationAlong(correlationsOf(state), a, b)).toBeCloseTo(
          expectation(state, spin(a), spin(b)),
          12,
        );
        // Y Y of two qubits is minus the product of Y without its factor i.
        const y = oracle.OPERATORS.y;
        expect(correlationsOf(state).yy).toBeCloseTo(-expectation(state, y, y), 12);
      }),
    );
  });
});

describe('the fidelity witness', () => {
  it('is 1/2 - F for every Bell state', () => {
    fc.assert(
      fc.property(anyBellState, fc.constantFrom(...BELL_LABELS), (state, label) => {
        expect(witnessValue(correlationsOf(state), label)).toBeCloseTo(1 / 2 - state[label], 12);
      }),
    );
  });

  it('is estimated without bias at F = 0.9, its error as stated: 4 standard errors of 4,000 experiments', () => {
    const [rng, state] = [Rng.of('witness'), wernerState(0.9, 'psiMinus')];
    const { xx, yy, zz } = correlationsOf(state);
    const found = Array.from({ length: 4000 }, () =>
      witnessFrom({ x: draw(rng, xx, 40), y: draw(rng, yy, 60), z: draw(rng, zz, 30) }, 'psiMinus'),
    );
    const values = found.map(({ value }) => value);
    expect(Math.abs(mean(values) + 0.4)).toBeLessThan(4 * standardError(values));
    const squares = found.map(({ standardError: error }) => error ** 2);
    expect(mean(squares) / variance(values)).toBeCloseTo(1, 1);
  });

  it('needs two coincidences a basis', () => {
    expect(() => correlationFrom({ same: 1, different: 0 })).toThrow(
      'a correlation of 1 coincidences; allowed: 2',
    );
    expect(() => correlationFrom({ same: 1.5, different: 0 })).toThrow('same is 1.5');
  });
});

describe('CHSH', () => {
  it('of Werner states has the known values and threshold', () => {
    expect(wernerChsh(0.9)).toBeCloseTo(2.451303508, 9);
    expect(wernerChsh(0.780330086)).toBeCloseTo(2, 8);
    for (const label of BELL_LABELS) expect(bestChsh(pureBell(label)).value).toBeCloseTo(2 * Math.SQRT2, 12);
    expect(bestChsh(wernerState(0.9, 'psiMinus')).value).toBeCloseTo(wernerChsh(0.9), 12);
  });

  it('is reached by the best settings and by no others', () => {
    fc.assert(
      fc.property(anyBellState, anyAngle, anyAngle, anyAngle, anyAngle, (state, a0, a1, b0, b1) => {
        const { value, settings } = bestChsh(state);
        expect(chshValue(state, settings)).toBeCloseTo(value, 12);
        const others = { alice: [inPlane(a0), inPlane(a1)], bob: [inPlane(b0), inPlane(b1)] } as const;
        expect(chshValue(state, others)).toBeLessThanOrEqual(value + 1e-12);
      }),
    );
    expect(bestChsh(wernerState(1 / 4)).value).toBeCloseTo(0, 12);
    const alice = [
      [1, 1, 0],
      [1, 0, 0],
    ] as const;
    expect(() => chshValue(pureBell('phiPlus'), { alice, bob: alice })).toThrow(
      /a direction has length 1.41.*; allowed: 1/,
    );
  });

  it('is estimated without bias at F = 0.9: 4 standard errors of 4,000 experiments', () => {
    const [rng, state] = [Rng.of('chsh'), wernerState(0.9)];
    const { value, settings } = bestChsh(state);
    const questions = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const;
    const sample = () =>
      questions.map(([a, b]) =>
        draw(rng, correlationAlong(correlationsOf(state), settings.alice[a], settings.bob[b]), 50),
      ) as [Coincidences, Coincidences, Coincidences, Coincidences];
    const found = Array.from({ length: 4000 }, () => chshFrom(sample()));
    const values = found.map((one) => one.value);
    expect(Math.abs(mean(values) - value)).toBeLessThan(4 * standardError(values));
    const squares = found.map(({ standardError: error }) => error ** 2);
    expect(mean(squares) / variance(values)).toBeCloseTo(1, 1);
  });
});
