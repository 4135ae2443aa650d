import { InputError } from '../../base/index.js';

/** Which classical communication the stations of a strategy may use along the chain. */
export const CLASSICAL_COMMUNICATION = ['one-way', 'two-way'] as const;

export type ClassicalCommunication = (typeof CLASSICAL_COMMUNICATION)[number];

/**
 * Ebits, secret bits or qubits that a pure-loss channel carries at most per use with two-way classical communication and
 * no repeater: -log2(1 - η) (Pirandola, Laurenza, Ottaviani, Banchi 2017). Infinite at η = 1.
 * @throws InputError for a transmissivity outside [0, 1].
 */
export const plobBits = (transmissivity: number): number =>
  Math.abs(Math.log1p(-requireTransmissivity(transmissivity))) / Math.LN2;

/**
 * Qubits that a pure-loss channel carries at most per use with no classical communication, or with forward one:
 * max(0, log2(η / (1 - η))) (Wolf, Pérez-García, Giedke 2007). Nothing passes half the photons lost.
 * @throws InputError for a transmissivity outside [0, 1].
 */
export const oneWayBits = (transmissivity: number): number =>
  Math.max(0, Math.log2(requireTransmissivity(transmissivity)) - Math.log1p(-transmissivity) / Math.LN2);

/** Capacity of a pure-loss link within a class of strategies, bits per use. */
export const linkBits = (transmissivity: number, communication: ClassicalCommunication): number =>
  communication === 'two-way' ? plobBits(transmissivity) : oneWayBits(transmissivity);

/** @throws InputError outside [0, 1]. */
export function requireTransmissivity(value: number, name = 'transmissivity'): number {
  if (!(value >= 0 && value <= 1)) throw new InputError(`${name} is ${value}; allowed: a number from 0 to 1`);
  return value;
}
