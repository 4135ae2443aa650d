import fc from 'fast-check';
import { expect } from 'vitest';
import { BELL_LABELS, type BellState } from './bell.js';

/**
 * Density matrices of a few qubits with real entries, row-major, as an oracle for the Bell-diagonal closed forms: every
 * operation here acts on all amplitudes and knows no Bell state.
 */
export interface Density {
  qubits: number;
  values: Float64Array;
}

const ROOT = Math.SQRT1_2;

/** Amplitudes over |00>, |01>, |10>, |11>. */
const BELL_KETS = {
  phiPlus: [ROOT, 0, 0, ROOT],
  phiMinus: [ROOT, 0, 0, -ROOT],
  psiPlus: [0, ROOT, ROOT, 0],
  psiMinus: [0, ROOT, -ROOT, 0],
} as const;

/** One- and two-qubit operators, row-major. Y stands without its factor i: it cancels in Y ρ Y†. */
export const OPERATORS = {
  identity: [1, 0, 0, 1],
  x: [0, 1, 1, 0],
  y: [0, -1, 1, 0],
  z: [1, 0, 0, -1],
  hadamard: [ROOT, ROOT, ROOT, -ROOT],
  zero: [1, 0, 0, 0],
  one: [0, 0, 0, 1],
  cnot: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0],
} as const;

export function densityOf(state: BellState): Density {
  const values = new Float64Array(16);
  for (const label of BELL_LABELS) {
    const ket = BELL_KETS[label];
    for (let k = 0; k < 16; k++) values[k]! += state[label] * ket[k >> 2]! * ket[k & 3]!;
  }
  return { qubits: 2, values };
}

/** The Bell-diagonal part of two qubits, not normalised. */
export function bellPart({ values }: Density): BellState {
  const weight = (ket: readonly number[]) => {
    let sum = 0;
    for (let k = 0; k < 16; k++) sum += ket[k >> 2]! * values[k]! * ket[k & 3]!;
    return sum;
  };
  const [phiPlus, phiMinus, psiPlus, psiMinus] = BELL_LABELS.map((label) => weight(BELL_KETS[label]));
  return { phiPlus: phiPlus!, phiMinus: phiMinus!, psiPlus: psiPlus!, psiMinus: psiMinus! };
}

export function tensor(a: Density, b: Density): Density {
  const [rowsA, rowsB] = [2 ** a.qubits, 2 ** b.qubits];
  const size = rowsA * rowsB;
  const values = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const upper = a.values[Math.floor(row / rowsB) * rowsA + Math.floor(column / rowsB)]!;
      values[row * size + column] = upper * b.values[(row % rowsB) * rowsB + (column % rowsB)]!;
    }
  }
  return { qubits: a.qubits + b.qubits, values };
}

/** M ρ M^T with M on some qubits; qubit 0 is the leftmost. */
export function conjugated(rho: Density, operator: readonly number[], ...qubits: number[]): Density {
  const once = onRows(rho, operator, qubits);
  return transposed(onRows(transposed(once), operator, qubits));
}

/** A sum of Kraus operators' conjugations. */
export const channel = (rho: Density, kraus: readonly (readonly number[])[], ...qubits: number[]): Density =>
  sumOf(kraus.map((operator) => conjugated(rho, operator, ...qubits)));

export function sumOf(parts: readonly Density[]): Density {
  const values = new Float64Array(parts[0]!.values.length);
  for (const part of parts) for (let k = 0; k < values.length; k++) values[k]! += part.values[k]!;
  return { qubits: parts[0]!.qubits, values };
}

/** The state without one qubit. */
export function without(rho: Density, qubit: number): Density {
  const size = 2 ** rho.qubits;
  const bit = rho.qubits - 1 - qubit;
  const values = new Float64Array((size * size) / 4);
  const spread = (index: number, value: number) =>
    ((index >> bit) << (bit + 1)) | (value << bit) | (index & ((1 << bit) - 1));
  for (let row = 0; row < size / 2; row++) {
    for (let column = 0; column < size / 2; column++) {
      for (const value of [0, 1]) {
        const from = spread(row, value) * size + spread(column, value);
        values[(row * size) / 2 + column]! += rho.values[from]!;
      }
    }
  }
  return { qubits: rho.qubits - 1, values };
}

export function scaled({ qubits, values }: Density, factor: number): Density {
  return { qubits, values: values.map((value) => value * factor) };
}

/** What is left of a state when some of its qubits were fully mixed: an average over all Pauli operators on each. */
export function mixedQubits(rho: Density, ...qubits: number[]): Density {
  const paulis = [OPERATORS.identity, OPERATORS.x, OPERATORS.y, OPERATORS.z].map((one) =>
    one.map((v) => v / 2),
  );
  return qubits.reduce((state, qubit) => channel(state, paulis, qubit), rho);
}

function onRows({ qubits, values }: Density, operator: readonly number[], on: readonly number[]): Density {
  const size = 2 ** qubits;
  const order = 2 ** on.length;
  const bits = on.map((qubit) => 1 << (qubits - 1 - qubit));
  const mask = bits.reduce((sum, bit) => sum | bit, 0);
  const spread = Array.from({ length: order }, (_, index) =>
    bits.reduce((sum, bit, k) => sum | ((index >> (on.length - 1 - k)) & 1 ? bit : 0), 0),
  );
  const out = new Float64Array(values.length);
  for (let row = 0; row < size; row++) {
    const place = spread.indexOf(row & mask);
    for (let k = 0; k < order; k++) {
      const factor = operator[place * order + k]!;
      const source = (row & ~mask) | spread[k]!;
      if (factor === 0) continue;
      for (let column = 0; column < size; column++) {
        out[row * size + column]! += factor * values[source * size + column]!;
      }
    }
  }
  return { qubits, values: out };
}

function transposed({ qubits, values }: Density): Density {
  const size = 2 ** qubits;
  return {
    qubits,
    values: Float64Array.from(values, (_, k) => values[(k % size) * size + Math.floor(k / size)]!),
  };
}

/** Any Bell-diagonal state. */
export const anyBellState = fc
  .tuple(fraction(), fraction(), fraction(), fraction())
  .filter((weights) => weights.some((weight) => weight > 1e-3))
  .map(([a, b, c, d]): BellState => {
    const sum = a + b + c + d;
    return { phiPlus: a / sum, phiMinus: b / sum, psiPlus: c / sum, psiMinus: d / sum };
  });

/** Any number from 0 to 1. */
export function fraction(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

/** Expects two states to agree. */
export function expectState(found: BellState, expected: BellState, digits = 12): void {
  for (const label of BELL_LABELS) expect(found[label], label).toBeCloseTo(expected[label], digits);
}
