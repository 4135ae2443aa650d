import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BELL_LABELS,
  type BellState,
  bellEntropy,
  bellState,
  combinedLabel,
  FULLY_MIXED,
  fidelity,
  inFrame,
  linearOpticsSuccess,
  mixed,
  pureBell,
  swapped,
  swappedFidelity,
  wernerState,
  wernerWeight,
} from './bell.js';
import * as oracle from './testing.js';
import { anyBellState, expectState, fraction } from './testing.js';

const { cnot, hadamard, identity, one, x, z, zero } = oracle.OPERATORS;

/**
 * The swap by its circuit: pairs (0, 1) and (2, 3), a Bell measurement of 1 and 2 whose bits may be misread, and
 * the correction that the read bits ask for on qubit 3.
 */
function swapCircuit(
  first: BellState,
  second: BellState,
  gateFidelity: number,
  readoutFidelity: number,
): BellState {
  const pairs = oracle.tensor(oracle.densityOf(first), oracle.densityOf(second));
  const worked = oracle.conjugated(oracle.conjugated(pairs, cnot, 1, 2), hadamard, 1);
  const gate = oracle.sumOf([
    oracle.scaled(worked, gateFidelity),
    oracle.scaled(oracle.mixedQubits(pairs, 1, 2), 1 - gateFidelity),
  ]);
  const outcomes = [0, 1, 2, 3].flatMap((truth) =>
    [0, 1, 2, 3].map((misread) => {
      const projected = oracle.conjugated(
        oracle.conjugated(gate, truth & 2 ? one : zero, 1),
        truth & 1 ? one : zero,
        2,
      );
      const read = truth ^ misread;
      const flipped = oracle.conjugated(projected, read & 1 ? x : identity, 3);
      const corrected = oracle.conjugated(flipped, read & 2 ? z : identity, 3);
      const wrongBits = (misread & 1) + (misread >> 1);
      return oracle.scaled(
        corrected,
        (1 - readoutFidelity) ** wrongBits * readoutFidelity ** (2 - wrongBits),
      );
    }),
  );
  return oracle.bellPart(oracle.without(oracle.without(oracle.sumOf(outcomes), 2), 1));
}

describe('a swap', () => {
  it('is what its circuit does, with a gate that fails and bits that are misread', () => {
    fc.assert(
      fc.property(anyBellState, anyBellState, fraction(), fraction(), (first, second, gate, readout) => {
        const found = swapped(first, second, { gateFidelity: gate, readoutFidelity: readout });
        expectState(found, swapCircuit(first, second, gate, readout), 10);
      }),
      { numRuns: 30 },
    );
  });

  it('multiplies the weights of Werner states', () => {
    fc.assert(
      fc.property(fraction(), fraction(), (first, second) => {
        const state = swapped(wernerState(first), wernerState(second));
        expectState(state, wernerState(swappedFidelity(first, second)));
        expect(wernerWeight(state.phiPlus)).toBeCloseTo(wernerWeight(first) * wernerWeight(second), 12);
      }),
    );
    expect(swappedFidelity(0.9, 0.9)).toBeCloseTo(0.8133333333, 10);
    const four = [0, 0, 0].reduce((state) => swapped(state, wernerState(0.95)), wernerState(0.95));
    expect(fidelity(four)).toBeCloseTo(0.8191259259, 10);
  });

  it('does not depend on the order of the swaps of a chain', () => {
    fc.assert(
      fc.property(anyBellState, anyBellState, anyBellState, (a, b, c) => {
        expectState(swapped(swapped(a, b), c), swapped(a, swapped(c, b)));
      }),
    );
  });

  it('needs a station whose fidelities are probabilities', () => {
    const pair = pureBell('phiPlus');
    expect(() => swapped(pair, pair, { gateFidelity: 1.1 })).toThrow(
      'gateFidelity is 1.1; allowed: a number from 0 to 1',
    );
    expect(() => swapped(pair, pair, { readoutFidelity: -1 })).toThrow('readoutFidelity is -1');
  });
});

describe('frames', () => {
  it('are Pauli operators on one qubit', () => {
    const paulis = { phiPlus: identity, phiMinus: z, psiPlus: x, psiMinus: oracle.OPERATORS.y };
    fc.assert(
      fc.property(
        anyBellState,
        fc.constantFrom(...BELL_LABELS),
        fc.constantFrom(0, 1),
        (state, frame, qubit) => {
          const acted = oracle.conjugated(oracle.densityOf(state), paulis[frame], qubit);
          expectState(inFrame(state, frame), oracle.bellPart(acted));
        },
      ),
    );
  });

  it('combine, and each undoes itself', () => {
    for (const first of BELL_LABELS) {
      expect(combinedLabel(first, first)).toBe('phiPlus');
      expect(inFrame(pureBell(first), first)).toEqual(pureBell('phiPlus'));
      for (const second of BELL_LABELS) {
        const label = combinedLabel(first, second);
        expect(inFrame(pureBell(first), second)).toEqual(pureBell(label));
        expect(swapped(pureBell(first), pureBell(second))).toEqual(pureBell(label));
      }
    }
  });
});

describe('states', () => {
  it('are checked', () => {
    expect(bellState({ phiPlus: 0.5, phiMinus: 0.5, psiPlus: 0, psiMinus: 0 }).phiMinus).toBe(0.5);
    expect(() => bellState({ phiPlus: 0.5, phiMinus: 0.6, psiPlus: 0, psiMinus: 0 })).toThrow(
      /sum to 1.1; allowed: 1/,
    );
    expect(() => bellState({ phiPlus: 1.5, phiMinus: -0.5, psiPlus: 0, psiMinus: 0 })).toThrow(
      'phiPlus is 1.5',
    );
    expect(() => wernerState(Number.NaN)).toThrow('fidelity is NaN');
    expect(() => mixed(2, FULLY_MIXED, FULLY_MIXED)).toThrow('weight is 2');
  });

  it('have the entropy of their probabilities', () => {
    expect(bellEntropy(pureBell('psiPlus'))).toBe(0);
    expect(bellEntropy(FULLY_MIXED)).toBe(2);
  });

  it('are measured by linear optics at best half the time', () => {
    expect(linearOpticsSuccess(1)).toBe(0.5);
    expect(linearOpticsSuccess(0.8)).toBeCloseTo(0.32, 12);
  });
});
