import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { binaryEntropy } from './optimum.js';

const share = z.number().min(0).max(1);
const error = z.number().min(0).max(0.5);

/**
 * A relay with one spin in a cavity. After an initialisation come N time slots, Alice's and Bob's in turn; a slot's photon
 * is stored when its detection after the cavity heralds so. The spin, read at the end, tells the parity of the two senders'
 * bits. Assumed: the spin is in a superposition from initialisation to readout, so that dephasing over all N slots
 * flips the result, in either basis; slots of the same sender after the first herald change nothing.
 */
export const memoryRelaySchema = z
  .strictObject({
    /** N, even: slots after an initialisation. */
    slots: z.int().min(2).max(1e6).multipleOf(2).default(124),
    /** Mean photon number of a slot at the relay, the losses of the arm taken off. */
    photonsPerSlot: z.number().min(0).max(1).default(0.02),
    /** Probability that a photon at the relay heralds its storage. */
    heraldEfficiency: share.default(0.423),
    /** Duration of a slot. */
    slotSec: z.number().min(1e-12).max(1).default(1e-6),
    /** Coherence time of the spin, decay exp(-t/T2). */
    t2Sec: z.number().min(1e-9).max(1e6).default(1e-3),
    /** Duration of initialisation and readout. */
    resetSec: z.number().min(0).max(1).default(0),
    /** Error rates of a parity without dephasing, when both senders used the first or the second basis. */
    errorFirst: error.default(0),
    errorSecond: error.default(0),
    /** Share of the results for which the bases agree. */
    sifting: share.default(0.5),
  })
  .readonly();

/** See `memoryRelaySchema`. Frozen. */
export type MemoryRelay = z.output<typeof memoryRelaySchema>;
export type MemoryRelayInput = z.input<typeof memoryRelaySchema>;

/** @throws InputError for an unknown field, or one out of its range. */
export const memoryRelay = (input: MemoryRelayInput = {}): MemoryRelay =>
  requireSchema('memory relay', memoryRelaySchema, input);

/** What an initialisation gives on average. */
export interface MemoryRates {
  /** Probability p_m that a slot heralds. */
  heraldProbability: number;
  /** Probability that both senders have a photon stored. */
  bothProbability: number;
  /** Error rates with dephasing. */
  errorFirst: number;
  errorSecond: number;
  /** Sifted bits per slot. */
  siftedPerSlot: number;
  /** Secret bits per slot: key from both bases, 1 - h(first) - h(second). */
  secretPerSlot: number;
  /** Secret bits per second, initialisation and readout counted. */
  secretPerSec: number;
}

/**
 * Rates of the relay: [1 - (1 - p_m)^(N/2)]^2 / N per slot, times sifting and secret fraction (Bhaskar et al. 2020, idealised).
 */
export function memoryRates(relay: MemoryRelay): MemoryRates {
  const heraldProbability = relay.photonsPerSlot * relay.heraldEfficiency;
  const one = -Math.expm1((relay.slots / 2) * Math.log1p(-heraldProbability));
  const flip = dephasingFlip(relay);
  const errorFirst = flipped(relay.errorFirst, flip);
  const errorSecond = flipped(relay.errorSecond, flip);
  const siftedPerSlot = (one ** 2 / relay.slots) * relay.sifting;
  const fraction = Math.max(0, 1 - binaryEntropy(errorFirst) - binaryEntropy(errorSecond));
  const secretPerSlot = siftedPerSlot * fraction;
  const cycleSec = relay.slots * relay.slotSec + relay.resetSec;
  return {
    heraldProbability,
    bothProbability: one ** 2,
    errorFirst,
    errorSecond,
    siftedPerSlot,
    secretPerSlot,
    secretPerSec: (secretPerSlot * relay.slots) / cycleSec,
  };
}

/** Probability that the spin's phase is flipped by the time it is read. */
export const dephasingFlip = ({ slots, slotSec, t2Sec }: MemoryRelay): number =>
  -Math.expm1((-slots * slotSec) / t2Sec) / 2;

/** Error rate after an independent flip. */
const flipped = (errorRate: number, flip: number): number => errorRate + (1 - 2 * errorRate) * flip;

/**
 * Sifted bits per slot without a memory at equal loss: both photons arrive in the same slot and a linear-optics Bell
 * measurement of perfect detectors succeeds half the time, n^2 / 2.
 */
export const memorylessPerSlot = (relay: MemoryRelay): number =>
  (relay.photonsPerSlot ** 2 / 2) * relay.sifting;

/** Sifted rate over that without a memory, whose errors are none. Infinite at no photons is no number: 0 there. */
export function memoryGain(relay: MemoryRelay): number {
  const reference = memorylessPerSlot(relay);
  return reference > 0 ? memoryRates(relay).siftedPerSlot / reference : 0;
}

/** Secret rate over the secret rate without a memory and without errors. */
export function secretGain(relay: MemoryRelay): number {
  const reference = memorylessPerSlot(relay);
  return reference > 0 ? memoryRates(relay).secretPerSlot / reference : 0;
}

/** x that maximises (1 - e^-x)^2 / x: the root of e^x = 1 + 2x. */
const BEST_HALF = 1.2564312086261697;

/**
 * Where the curve of the gain over N turns, when slots are short against T2: it grows as N eta_m^2 / 2 while N p_m << 1, passes
 * 1 near N = 2 / eta_m^2, and is largest at N p_m = 2.513, where nearly each half has a photon.
 */
export function memoryTurningPoints(relay: MemoryRelay): { crossoverSlots: number; bestSlots: number } {
  const heraldProbability = relay.photonsPerSlot * relay.heraldEfficiency;
  return {
    crossoverSlots: 2 / relay.heraldEfficiency ** 2,
    bestSlots: (2 * BEST_HALF) / heraldProbability,
  };
}
