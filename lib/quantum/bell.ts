import { InputError } from '../base/index.js';

/** The four Bell states: (|00> ± |11>)/√2 and (|01> ± |10>)/√2. */
export const BELL_LABELS = ['phiPlus', 'phiMinus', 'psiPlus', 'psiMinus'] as const;

export type BellLabel = (typeof BELL_LABELS)[number];

/**
 * A two-qubit state that is diagonal in the Bell basis: its four probabilities, which sum to one. Libraries
 * differ in the order of the labels, so they are always named here.
 *
 * The same four numbers describe a Pauli channel on either qubit, by what it makes of phiPlus: phiPlus is the
 * identity, phiMinus Z, psiPlus X and psiMinus Y.
 */
export type BellState = Readonly<Record<BellLabel, number>>;

/** How well a station works. Both are 1 unless given. */
export interface StationErrors {
  /** Probability that a two-qubit gate acts as wished; it leaves its two qubits fully mixed otherwise. */
  gateFidelity?: number;
  /** Probability that a measured bit is read right. */
  readoutFidelity?: number;
}

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

/**
 * A state from its four probabilities.
 * @throws InputError unless they are probabilities that sum to 1 within 1e-9.
 */
export function bellState(probabilities: Record<BellLabel, number>): BellState {
  let sum = 0;
  for (const label of BELL_LABELS) sum += requireProbability(label, probabilities[label]);
  if (Math.abs(sum - 1) > 1e-9) {
    throw new InputError(`the probabilities of a Bell-diagonal state sum to ${sum}; allowed: 1`);
  }
  const { phiPlus, phiMinus, psiPlus, psiMinus } = probabilities;
  return { phiPlus, phiMinus, psiPlus, psiMinus };
}

/** Fidelity with a Bell state. */
export const fidelity = (state: BellState, label: BellLabel = 'phiPlus'): number => state[label];

/** The Werner state of the same fidelity with phiPlus: what a random bilateral rotation leaves. */
export const twirled = (state: BellState): BellState => wernerState(state.phiPlus);

/** Weight w of phiPlus in a Werner state w |phiPlus><phiPlus| + (1 - w) 1/4. It multiplies under swapping. */
export const wernerWeight = (fidelity: number): number => (4 * fidelity - 1) / 3;

/** Fidelity of two Werner pairs swapped by a perfect station: F1 F2 + (1 - F1)(1 - F2) / 3. */
export const swappedFidelity = (first: number, second: number): number =>
  first * second + ((1 - first) * (1 - second)) / 3;

/** `weight` of one state and the rest of another. @throws InputError for a weight outside [0, 1]. */
export function mixed(weight: number, state: BellState, rest: BellState): BellState {
  const other = 1 - requireProbability('weight', weight);
  return {
    phiPlus: weight * state.phiPlus + other * rest.phiPlus,
    phiMinus: weight * state.phiMinus + other * rest.phiMinus,
    psiPlus: weight * state.psiPlus + other * rest.psiPlus,
    psiMinus: weight * state.psiMinus + other * rest.psiMinus,
  };
}

/** Two qubits that know nothing of each other, nor of anything else. */
export const FULLY_MIXED: BellState = Object.freeze(wernerState(1 / 4));

/**
 * The exclusive-or convolution of two vectors of labels: what a perfect swap makes of two pairs, and what a Pauli
 * channel makes of a pair.
 */
export function convolved(a: BellState, b: BellState): BellState {
  return {
    phiPlus:
      a.phiPlus * b.phiPlus + a.phiMinus * b.phiMinus + a.psiPlus * b.psiPlus + a.psiMinus * b.psiMinus,
    phiMinus:
      a.phiPlus * b.phiMinus + a.phiMinus * b.phiPlus + a.psiPlus * b.psiMinus + a.psiMinus * b.psiPlus,
    psiPlus:
      a.phiPlus * b.psiPlus + a.psiPlus * b.phiPlus + a.phiMinus * b.psiMinus + a.psiMinus * b.phiMinus,
    psiMinus:
      a.phiPlus * b.psiMinus + a.psiMinus * b.phiPlus + a.phiMinus * b.psiPlus + a.psiPlus * b.phiMinus,
  };
}

/** Two Bell labels as one: the exclusive or of their bits (bit 0 the phase, bit 1 the flip). */
export function combinedLabel(first: BellLabel, second: BellLabel): BellLabel {
  return BELL_LABELS[BELL_LABELS.indexOf(first) ^ BELL_LABELS.indexOf(second)]!;
}

/**
 * A pair after the Pauli operator that takes phiPlus to `frame` acted on one of its qubits. It is its own inverse, so
 * it also corrects: `inFrame(state, 'psiMinus')` turns a heralded psiMinus into phiPlus. A protocol that defers its
 * corrections carries the frame along instead, with `combinedLabel`; relaxation (T1) tells phi from psi, so such a pair
 * must be stored as what it is.
 */
export function inFrame(state: BellState, frame: BellLabel): BellState {
  const from = (label: BellLabel) => state[combinedLabel(label, frame)];
  return {
    phiPlus: from('phiPlus'),
    phiMinus: from('phiMinus'),
    psiPlus: from('psiPlus'),
    psiMinus: from('psiMinus'),
  };
}

/**
 * The pair that a swap leaves once its outcome was told and corrected. A gate that fails leaves no correlation; each
 * bit of the outcome that is read wrongly puts the correction in a wrong frame.
 * @throws InputError when a fidelity of the station is outside [0, 1].
 */
export function swapped(first: BellState, second: BellState, station: StationErrors = {}): BellState {
  const { gateFidelity = 1, readoutFidelity = 1 } = station;
  const perfect = convolved(first, second);
  const read = readoutFidelity === 1 ? perfect : convolved(perfect, readoutErrors(readoutFidelity));
  return gateFidelity === 1
    ? read
    : mixed(requireProbability('gateFidelity', gateFidelity), read, FULLY_MIXED);
}

/** What two bits, each read right with probability `readoutFidelity`, do to the frame. */
function readoutErrors(readoutFidelity: number): BellState {
  const right = requireProbability('readoutFidelity', readoutFidelity);
  const wrong = 1 - right;
  return { phiPlus: right * right, phiMinus: right * wrong, psiPlus: right * wrong, psiMinus: wrong * wrong };
}

/**
 * Success probability of a Bell-state measurement with beam splitters alone: two of the four states are told apart
 * (Lütkenhaus, Calsamiglia, Suominen 1999), and both photons must be detected.
 * @param photonEfficiency probability that a photon is detected, from 0 to 1
 */
export const linearOpticsSuccess = (photonEfficiency: number): number =>
  requireProbability('photonEfficiency', photonEfficiency) ** 2 / 2;

/** Entropy of the four probabilities, bits. */
export function bellEntropy(state: BellState): number {
  let bits = 0;
  for (const label of BELL_LABELS) if (state[label] > 0) bits -= state[label] * Math.log2(state[label]);
  return bits;
}

/** @throws InputError outside [0, 1]. */
export function requireProbability(name: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new InputError(`${name} is ${value}; allowed: a number from 0 to 1`);
  return value;
}
