import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BellState, fidelity, pureBell, wernerState } from './bell.js';
import {
  decayed,
  dephased,
  depolarised,
  idleFlipProbability,
  type MemoryTimes,
  PERFECT_MEMORY,
  pauliDecayed,
} from './noise.js';
import * as oracle from './testing.js';
import { anyBellState, expectState, fraction } from './testing.js';

const anyMemory = fc
  .tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }))
  .map(([t1Sec, share]): MemoryTimes => ({ t1Sec, t2Sec: 2 * share * t1Sec }));
const anyTime = fc.double({ min: 0, max: 3, noNaN: true });

/** Kraus operators of amplitude damping, followed by the dephasing that is still missing for T2. */
function store(
  rho: oracle.Density,
  qubit: number,
  elapsedSec: number,
  { t1Sec, t2Sec }: MemoryTimes,
): oracle.Density {
  const kept = Math.exp(-elapsedSec / t1Sec);
  const damping = [
    [1, 0, 0, Math.sqrt(kept)],
    [0, Math.sqrt(1 - kept), 0, 0],
  ];
  const flip = (1 - Math.exp(elapsedSec / (2 * t1Sec) - elapsedSec / t2Sec)) / 2;
  const flips = [
    [1, 0, 0, 1].map((v) => v * Math.sqrt(1 - flip)),
    [1, 0, 0, -1].map((v) => v * Math.sqrt(flip)),
  ];
  return oracle.channel(oracle.channel(rho, damping, qubit), flips, qubit);
}

describe('storage with T1 and T2', () => {
  it('is amplitude damping and dephasing of both qubits, Bell-twirled, whatever the memories', () => {
    fc.assert(
      fc.property(anyBellState, anyTime, anyMemory, anyMemory, (state, elapsed, a, b) => {
        const stored = store(store(oracle.densityOf(state), 0, elapsed, a), 1, elapsed, b);
        expectState(decayed(state, elapsed, a, b), oracle.bellPart(stored), 10);
      }),
      { numRuns: 60 },
    );
  });

  it('has the fidelities of phi and psi that the literature gives', () => {
    const memory = { t1Sec: 1, t2Sec: 0.5 };
    expect(fidelity(decayed(pureBell('phiPlus'), 0.3, memory))).toBeCloseTo(0.5545938136622554, 14);
    expect(fidelity(decayed(pureBell('psiPlus'), 0.3, memory), 'psiPlus')).toBeCloseTo(0.52100621629696, 14);
  });

  it('adds up its times exactly without relaxation', () => {
    const pure = fc.double({ min: 0.1, max: 5, noNaN: true }).map((t2Sec) => ({ ...PERFECT_MEMORY, t2Sec }));
    fc.assert(
      fc.property(anyBellState, anyTime, anyTime, pure, pure, (state, first, second, a, b) => {
        expectState(decayed(decayed(state, first, a, b), second, a, b), decayed(state, first + second, a, b));
      }),
    );
  });

  it('loses by a twirl on the way at most half of the product of the relaxations', () => {
    fc.assert(
      fc.property(anyBellState, anyTime, anyTime, anyMemory, (state, first, second, memory) => {
        const gap =
          decayed(state, first + second, memory).phiPlus -
          decayed(decayed(state, first, memory), second, memory).phiPlus;
        const gamma = (elapsed: number) => 1 - Math.exp(-elapsed / memory.t1Sec);
        const polarisation = 2 * gamma(first) * (1 - gamma(second)) * gamma(second);
        expect(gap).toBeCloseTo(polarisation / 4, 10);
      }),
    );
  });

  it('ends in two qubits at rest, half phiPlus and half phiMinus after the twirl', () => {
    const rest = decayed(wernerState(0.8), 1000, { t1Sec: 1, t2Sec: 1 });
    expectState(rest, { phiPlus: 0.5, phiMinus: 0.5, psiPlus: 0, psiMinus: 0 });
    expectState(decayed(wernerState(0.8), 1000, PERFECT_MEMORY), wernerState(0.8));
  });

  it('refuses memories and times that cannot be', () => {
    const pair = pureBell('phiPlus');
    expect(() => decayed(pair, 1, { t1Sec: 1, t2Sec: 2.1 })).toThrow(
      'memory A has T1 1 s and T2 2.1 s; allowed: times above 0 with T2 <= 2 T1',
    );
    expect(() => decayed(pair, 1, PERFECT_MEMORY, { t1Sec: 1, t2Sec: 0 })).toThrow('memory B');
    expect(() => decayed(pair, -1, PERFECT_MEMORY)).toThrow('elapsedSec is -1');
    expect(() => decayed(pair, Number.NaN, PERFECT_MEMORY)).toThrow('elapsedSec is NaN');
  });
});

describe('Pauli noise', () => {
  const rates = { xPerSec: 0.4, yPerSec: 0.1, zPerSec: 0.7 };

  it('is the limit of many rare strikes', () => {
    const steps = 20_000;
    const share = 0.8 / steps;
    const probabilities = [1 - 1.2 * share, 0.4 * share, 0.1 * share, 0.7 * share];
    const { identity, x, y, z } = oracle.OPERATORS;
    const kraus = [identity, x, y, z].map((pauli, k) => pauli.map((v) => v * Math.sqrt(probabilities[k]!)));
    let rho = oracle.densityOf(pureBell('phiPlus'));
    for (let step = 0; step < steps; step++) rho = oracle.channel(rho, kraus, 0);
    expectState(pauliDecayed(pureBell('phiPlus'), 0.8, rates), oracle.bellPart(rho), 4);
  });

  it('adds up its times', () => {
    fc.assert(
      fc.property(anyBellState, anyTime, anyTime, (state, first, second) => {
        const twice = pauliDecayed(pauliDecayed(state, first, rates), second, rates);
        expectState(twice, pauliDecayed(state, first + second, rates));
      }),
    );
  });

  it('in Z alone is dephasing, as T2 makes it on both qubits', () => {
    fc.assert(
      fc.property(
        anyBellState,
        anyTime,
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (state, elapsed, t2Sec) => {
          const stored = decayed(state, elapsed, { ...PERFECT_MEMORY, t2Sec });
          expectState(dephased(state, idleFlipProbability(elapsed, t2Sec)), stored);
          // One qubit's rate of flips is 1 / (2 T2); two qubits flip twice as often.
          expectState(pauliDecayed(state, elapsed, { xPerSec: 0, yPerSec: 0, zPerSec: 1 / t2Sec }), stored);
        },
      ),
    );
  });

  it('refuses a negative rate', () => {
    expect(() => pauliDecayed(wernerState(1), 1, { ...rates, yPerSec: -1 })).toThrow(
      'yPerSec is -1; allowed: a rate from 0',
    );
  });
});

describe('depolarising', () => {
  it('leaves a Werner state a Werner state', () => {
    fc.assert(
      fc.property(fraction(), fraction(), (f, probability) => {
        const left: BellState = depolarised(wernerState(f), probability);
        expectState(left, wernerState(f + probability * (1 / 4 - f)));
      }),
    );
  });
});
