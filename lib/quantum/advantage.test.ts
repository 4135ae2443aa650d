import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import {
  CHSH_CLASSICAL_WIN,
  CHSH_QUANTUM_WIN,
  COMMUNICATION_PROBLEMS,
  chshWin,
  communicationCosts,
  decisionLatency,
  deutschJozsaEqual,
  ghzClassicalWin,
  ghzWin,
  superdenseBits,
} from './advantage.js';
import { FULLY_MIXED, pureBell, wernerState } from './bell.js';

/** All deterministic strategies: for each party what it answers to 0 and to 1. */
function bestDeterministic(
  parties: number,
  wins: (questions: number[], answers: number[]) => boolean | undefined,
): number {
  let best = 0;
  for (let strategy = 0; strategy < 4 ** parties; strategy++) {
    let [won, asked] = [0, 0];
    for (let question = 0; question < 2 ** parties; question++) {
      const questions = Array.from({ length: parties }, (_, k) => (question >> k) & 1);
      const result = wins(
        questions,
        questions.map((bit, k) => (strategy >> (2 * k + bit)) & 1),
      );
      if (result === undefined) continue;
      asked++;
      if (result) won++;
    }
    best = Math.max(best, won / asked);
  }
  return best;
}

const sum = (bits: readonly number[]) => bits.reduce((a, b) => a + b, 0);

describe('the coordination game', () => {
  it('is won as often as all classical strategies allow, and more with entanglement', () => {
    const wins = ([x, y]: number[], [a, b]: number[]) => (a! ^ b!) === (x! & y!);
    expect(bestDeterministic(2, wins)).toBe(CHSH_CLASSICAL_WIN);
    expect(chshWin(pureBell('psiMinus'))).toBeCloseTo(CHSH_QUANTUM_WIN, 12);
    expect(CHSH_QUANTUM_WIN).toBeCloseTo(0.853553, 6);
    expect(chshWin(wernerState(0.9))).toBeCloseTo(0.806412939, 9);
    expect(chshWin(FULLY_MIXED)).toBe(CHSH_CLASSICAL_WIN);
  });
});

describe("Mermin's game", () => {
  it('is won classically as brute force says', () => {
    const wins = (questions: number[], answers: number[]) =>
      sum(questions) % 2 === 1 ? undefined : sum(answers) % 2 === (sum(questions) / 2) % 2;
    for (const parties of [3, 4, 5]) expect(ghzClassicalWin(parties)).toBe(bestDeterministic(parties, wins));
    expect(ghzClassicalWin(3)).toBe(0.75);
  });

  it('is always won with a perfect GHZ state', () => {
    expect(ghzWin([1, 1, 1])).toBe(1);
    expect(ghzWin([0.925, 0.925, 0.925])).toBeCloseTo(1 / 2 + 0.9 ** 3 / 2, 12);
    expect(ghzWin([0.5, 0.5, 0.5])).toBe(0.75);
    expect(() => ghzWin([1, 1])).toThrow('parties is 2; allowed: an integer from 3 to 1000');
    expect(() => ghzWin([1, 1, 2])).toThrow('fidelity is 2');
  });
});

describe('superdense coding', () => {
  it('carries 2 bits a qubit over a pure pair, and never less than 1', () => {
    expect(superdenseBits(pureBell('phiMinus'))).toBe(2);
    expect(superdenseBits(FULLY_MIXED)).toBe(1);
    const entropy = -0.95 * Math.log2(0.95) - 0.05 * Math.log2(0.05 / 3);
    expect(superdenseBits(wernerState(0.95))).toBeCloseTo(2 - entropy, 12);
  });
});

describe('communication', () => {
  it('of Deutsch-Jozsa never errs under its promise', () => {
    const rng = Rng.of('promise');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (halves) => {
        const alice = Uint8Array.from({ length: 2 * halves }, () => rng.integer(2));
        const flips = rng.permutation(2 * halves).subarray(0, halves);
        const bob = Uint8Array.from(alice, (bit, place) => (flips.includes(place) ? 1 - bit : bit));
        expect(deutschJozsaEqual(alice, alice)).toBe(1);
        expect(deutschJozsaEqual(alice, bob)).toBe(0);
      }),
      { numRuns: 20 },
    );
    expect(() => deutschJozsaEqual(new Uint8Array(2), new Uint8Array(4))).toThrow('inputs of 2 and 4 bits');
  });

  it('grows as the stated orders', () => {
    const ratio = (
      problem: (typeof COMMUNICATION_PROBLEMS)[number],
      kind: 'classicalBits' | 'quantumQubits',
    ) => communicationCosts(problem, 2 ** 44)[kind].sent / communicationCosts(problem, 2 ** 40)[kind].sent;
    expect(ratio('deutsch-jozsa', 'classicalBits')).toBeCloseTo(16, 6);
    expect(ratio('deutsch-jozsa', 'quantumQubits')).toBeCloseTo(44 / 40, 6);
    expect(ratio('equality', 'classicalBits')).toBeCloseTo(4, 2);
    expect(ratio('equality', 'quantumQubits')).toBeCloseTo(44 / 40, 1);
    expect(ratio('disjointness', 'classicalBits')).toBeCloseTo(16, 6);
    expect(ratio('disjointness', 'quantumQubits')).toBeCloseTo((4 * 45) / 41, 3);
    for (const problem of COMMUNICATION_PROBLEMS) {
      const { classicalBits, quantumQubits } = communicationCosts(problem, 2 ** 30);
      expect(quantumQubits.sent).toBeLessThan(classicalBits.sent);
    }
    expect(communicationCosts('equality', 4).classicalBits.sent).toBe(8);
    expect(() => communicationCosts('deutsch-jozsa', 3)).toThrow('bits is 3; allowed: an even number');
    expect(() => communicationCosts('equality', 1)).toThrow('bits is 1');
  });
});

describe('decisions', () => {
  it('wait for light, unless a pair was there before', () => {
    expect(decisionLatency({ distanceKm: 100, measurementSec: 1e-6 })).toEqual({
      classicalSec: 5e-4,
      quantumSec: 1e-6,
    });
    expect(() => decisionLatency({ distanceKm: 1, speedKmPerSec: 3e5 })).toThrow('speedKmPerSec is 300000');
  });
});
