import { InputError, requireInteger, requireRange } from '../base/index.js';
import { type BellState, bellEntropy, requireProbability, wernerWeight } from './bell.js';
import { FIBRE_SPEED_KM_PER_SEC } from './units.js';
import { bestChsh } from './witness.js';

/** Most that two sides win of the coordination game without a word and without entanglement. */
export const CHSH_CLASSICAL_WIN = 3 / 4;

/** Most that two sides win of it with entanglement: 1/2 + √2/4 (Cirel'son 1980). */
export const CHSH_QUANTUM_WIN = 1 / 2 + Math.SQRT2 / 4;

/**
 * Probability to win the coordination game of Clauser, Horne, Shimony and Holt with a shared pair at its best settings:
 * each side gets a random bit and answers with a bit, and the answers must differ exactly when both got 1. It is
 * 1/2 + S/8; where the pair gives less than 3/4, a side that knows it ignores the pair.
 */
export const chshWin = (state: BellState): number =>
  Math.max(CHSH_CLASSICAL_WIN, 1 / 2 + bestChsh(state).value / 8);

/**
 * Most that `parties` win of Mermin's parity game without entanglement: 1/2 + 2^-⌈n/2⌉ (Brassard, Broadbent, Tapp 2005);
 * 3/4 for three.
 * @throws InputError unless parties is an integer from 3 to 1,000.
 */
export const ghzClassicalWin = (parties: number): number =>
  1 / 2 + 2 ** -Math.ceil(requireInteger('parties', parties, 3, 1000) / 2);

/**
 * Probability to win it with a GHZ state that a station sent to the parties, teleporting one qubit over a Werner pair to
 * each: 1/2 + v/2, the visibility v being the product of the pairs' weights. The parties ignore the state where it gives
 * less than the classical strategy.
 * @param fidelities of the pairs, one a party
 * @throws InputError for fewer than three parties or a fidelity outside [0, 1].
 */
export function ghzWin(fidelities: readonly number[]): number {
  const visibility = fidelities.reduce((v, f) => v * wernerWeight(requireProbability('fidelity', f)), 1);
  return Math.max(ghzClassicalWin(fidelities.length), 1 / 2 + visibility / 2);
}

/**
 * Classical bits that one noiseless qubit carries when the two sides shared a pair before: 2 - entropy of the pair
 * (Bose, Plenio, Vedral 2000; Hiroshima 2001), never below the 1 bit that the qubit carries by itself.
 */
export const superdenseBits = (state: BellState): number => Math.max(1, 2 - bellEntropy(state));

/** When two sides that must answer consistently can do so, seconds after their questions. */
export interface DecisionLatency {
  /** One side tells the other its question: no less than the distance over the speed of light there. */
  classicalSec: number;
  /** Both measure a pair that they shared before: their own measurement. Nothing is told, so nothing is faster than light. */
  quantumSec: number;
}

/**
 * @param speedKmPerSec of the signals, 2e5 km/s (fibre) unless given; 299,792.458 km/s in free space
 * @throws InputError for a negative distance or time, or a speed past that of light.
 */
export function decisionLatency(coordination: {
  distanceKm: number;
  speedKmPerSec?: number;
  measurementSec?: number;
}): DecisionLatency {
  const { distanceKm, speedKmPerSec = FIBRE_SPEED_KM_PER_SEC, measurementSec = 0 } = coordination;
  requireRange('distanceKm', distanceKm, 0, 1e9, 'km');
  requireRange('speedKmPerSec', speedKmPerSec, 1, 299_792.458, 'km/s');
  requireRange('measurementSec', measurementSec, 0, 1e9, 's');
  return { classicalSec: distanceKm / speedKmPerSec, quantumSec: measurementSec };
}

/** Problems that two sides solve about inputs of n bits each. */
export const COMMUNICATION_PROBLEMS = ['deutsch-jozsa', 'equality', 'disjointness'] as const;

export type CommunicationProblem = (typeof COMMUNICATION_PROBLEMS)[number];

/** What must be sent in all. */
export interface CommunicationCost {
  /** Of a protocol that is spelled out: an upper bound with its constants. */
  sent: number;
  /** How the best possible protocol grows. */
  order: string;
}

/** What a problem costs in bits, and in qubits. */
export interface CommunicationCosts {
  classicalBits: CommunicationCost;
  quantumQubits: CommunicationCost;
}

/**
 * What must be sent for inputs of `bits` bits on each side, by protocols spelled out.
 *
 * - `deutsch-jozsa` (Buhrman, Cleve, Wigderson 1998): are the inputs equal, or do they differ in exactly half of the
 *   places; without error. Classically, n/2 + 1 places decide; a register of log2 n qubits does.
 * - `equality` with neither shared coins nor a conversation, both sides telling a referee (Buhrman, Cleve, Watrous, de
 *   Wolf 2001), wrongly with probability `errorProbability`. A random code stretches the inputs; classically one side
 *   sends a row of the code word and the other a column, in qubits both send fingerprints for a swap test.
 * - `disjointness`, wrongly with probability 1/3: classically one side sends all; in qubits both search together with
 *   6.75 √n steps of Grover (Boyer, Brassard, Høyer, Tapp 1998), each register going there and back. The order √n is
 *   that of Aaronson and Ambainis (2003), whose protocol has no such constants. Checks of found places, of order
 *   (log n)², are left out.
 * @param bits from 2 to 2^50; even for `deutsch-jozsa`
 * @param errorProbability of `equality`, 0.01 unless given
 * @throws InputError otherwise.
 */
export function communicationCosts(
  problem: CommunicationProblem,
  bits: number,
  errorProbability = 0.01,
): CommunicationCosts {
  requireInteger('bits', bits, 2, 2 ** 50);
  requireRange('errorProbability', errorProbability, 1e-300, 0.5);
  return COSTS[problem](bits, errorProbability);
}

const COSTS: Record<CommunicationProblem, (bits: number, error: number) => CommunicationCosts> = {
  'deutsch-jozsa': (bits) => {
    if (bits % 2 !== 0) throw new InputError(`bits is ${bits}; allowed: an even number for deutsch-jozsa`);
    return {
      classicalBits: { sent: bits / 2 + 1, order: 'n' },
      quantumQubits: { sent: Math.ceil(Math.log2(bits)), order: 'log n' },
    };
  },
  equality: (bits, error) => ({
    classicalBits: {
      sent: Math.min(
        2 * bits,
        leastOverCodes((d) => rowsAndColumns(bits, d, error)),
      ),
      order: '√n',
    },
    quantumQubits: {
      sent: Math.min(
        2 * bits,
        leastOverCodes((d) => fingerprints(bits, d, error)),
      ),
      order: 'log n',
    },
  }),
  disjointness: (bits) => ({
    classicalBits: { sent: bits + 1, order: 'n' },
    quantumQubits: {
      sent: 2 * (Math.ceil(Math.log2(bits)) + 1) * Math.ceil(6.75 * Math.sqrt(bits)),
      order: '√n',
    },
  }),
};

/** The cheapest of the codes with relative distance 0.01 to 0.49. */
function leastOverCodes(costOf: (distance: number) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let percent = 1; percent < 50; percent++) least = Math.min(least, costOf(percent / 100));
  return least;
}

/**
 * Length of a random linear code whose words differ in a share of `distance` to 1 - `distance` of their places: by the
 * union bound over both tails of the binomial distribution it exists from (n + 2) / (1 - h(distance)) on.
 */
function codeLength(bits: number, distance: number): number {
  const entropy = -distance * Math.log2(distance) - (1 - distance) * Math.log2(1 - distance);
  return Math.ceil((bits + 2) / (1 - entropy));
}

/** Words are squares of bits: a random row of one and a random column of the other meet in one bit. */
function rowsAndColumns(bits: number, distance: number, error: number): number {
  const length = codeLength(bits, distance);
  const side = Math.ceil(Math.sqrt(length));
  const caught = (distance * length) / side ** 2;
  const rounds = Math.ceil(Math.log(error) / Math.log1p(-caught));
  return 2 * rounds * (side + Math.ceil(Math.log2(side)));
}

/** Fingerprints overlap by at most 1 - 2 `distance`, and a swap test misses that with probability (1 + overlap²) / 2. */
function fingerprints(bits: number, distance: number, error: number): number {
  const missed = (1 + (1 - 2 * distance) ** 2) / 2;
  const rounds = Math.ceil(Math.log(error) / Math.log(missed));
  return 2 * rounds * Math.ceil(Math.log2(codeLength(bits, distance)));
}

/**
 * Probability that the quantum protocol of `deutsch-jozsa` says "equal": Alice sends Σ (-1)^x_i |i> / √n, Bob applies the
 * signs of his input and measures whether the register is in the state that it began in.
 * @throws InputError unless both inputs have the same length, 2 or more.
 */
export function deutschJozsaEqual(alice: Uint8Array, bob: Uint8Array): number {
  if (alice.length !== bob.length || alice.length < 2) {
    throw new InputError(`inputs of ${alice.length} and ${bob.length} bits; allowed: equal lengths from 2`);
  }
  let amplitude = 0;
  for (let index = 0; index < alice.length; index++) amplitude += alice[index] === bob[index] ? 1 : -1;
  return (amplitude / alice.length) ** 2;
}
