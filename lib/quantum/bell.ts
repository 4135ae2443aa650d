import { InputError } from '../base/index.js';

/** The four Bell states: (|00> ± |11>)/√2 and (|01> ± |10>)/√2. */
export const BELL_LABELS = ['phiPlus', 'phiMinus', 'psiPlus', 'psiMinus'] as const;

export type BellLabel = (typeof BELL_LABELS)[number];

/**
 * A two-qubit state that is diagonal in the Bell basis: its four probabilities, which sum to one. Libraries
 * differ in the order of the labels, so they are always named here.
 */
export type BellState = Readonly<Record<BellLabel, number>>;

/** A Bell state itself. */
export function pureBell(label: BellLabel): BellState {
  return { phiPlus: 0, phiMinus: 0, psiPlus: 0, psiMinus: 0, [label]: 1 };
}

/**
 * The Werner state of a fidelity: `fidelity` on one Bell state, the rest evenly on the others.
 * @throws InputError for a fidelity outside [0, 1].
 */
export function wernerState(fidelity: number, label: BellLabel = 'phiPlus'): BellState {
  const rest = (1 - requireProbability('fidelity', fidelity)) / 3;
  return { phiPlus: rest, phiMinus: rest, psiPlus: rest, psiMinus: rest, [label]: fidelity };
}

/** Fidelity with a Bell state. */
export const fidelity = (state: BellState, label: BellLabel = 'phiPlus'): number => state[label];

/** @throws InputError outside [0, 1]. */
export function requireProbability(name: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new InputError(`${name} is ${value}; allowed: a number from 0 to 1`);
  return value;
}
