import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { type MemoryTimes, PERFECT_MEMORY } from '../noise.js';
import { PS_PER_SEC, picoseconds } from '../units.js';

const lifetimeSec = z.number().min(1e-12).max(1e12).optional();

/** A quantum memory: one qubit that can emit a photon entangled with it, or absorb one. */
export const memorySchema = z
  .strictObject({
    /** Probability that a photon leaves into the fibre when the memory is excited bright, or is absorbed and kept. */
    efficiency: z.number().min(0).max(1).default(0.75),
    /** Fidelity, at the herald, of the pair that two such memories make over perfect optics; a Werner state. */
    rawFidelity: z.number().min(0.25).max(1).default(1),
    /** Largest number of excitations a second; its reciprocal is the time to reset. */
    rateHz: z.number().min(1e-3).max(1e11).default(2000),
    /** Relaxation to |0>; without it the memory does not relax. */
    t1Sec: lifetimeSec,
    /** Loss of coherence, at most 2 T1; without it, 2 T1. */
    t2Sec: lifetimeSec,
    /** A pair is given up so long after its emission, whatever is left of it; without it, never. */
    cutoffSec: z.number().min(1e-12).max(9000).optional(),
  })
  .refine(({ t1Sec = Infinity, t2Sec = 0 }) => t2Sec <= 2 * t1Sec, {
    error: ({ input }) => {
      const { t1Sec, t2Sec } = input as MemoryTimes;
      return `T2 of ${t2Sec} s with T1 of ${t1Sec} s; allowed: T2 <= 2 T1`;
    },
  })
  .readonly();

/** See `memorySchema`. Frozen. */
export type Memory = z.output<typeof memorySchema>;
export type MemoryInput = z.input<typeof memorySchema>;

/** @throws InputError for an unknown field, one out of its range, or T2 > 2 T1. */
export const memory = (input: MemoryInput = {}): Memory => requireSchema('memory', memorySchema, input);

/** Lifetimes of a memory, seconds; infinite where none was given. */
export function memoryTimes({ t1Sec, t2Sec }: Memory): MemoryTimes {
  if (t1Sec === undefined && t2Sec === undefined) return PERFECT_MEMORY;
  const t1 = t1Sec ?? Number.POSITIVE_INFINITY;
  return { t1Sec: t1, t2Sec: t2Sec ?? 2 * t1 };
}

/** Time between two excitations. */
export const resetPs = ({ rateHz }: Memory): number => picoseconds('reset of the memory', 1 / rateHz);

/** Age at which a pair is given up; infinite without a cutoff. */
export const cutoffPs = ({ cutoffSec }: Memory): number =>
  cutoffSec === undefined ? Number.POSITIVE_INFINITY : Math.round(cutoffSec * PS_PER_SEC);
