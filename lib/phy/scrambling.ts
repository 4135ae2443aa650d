import { requireBits, requireLlrs } from './block-inputs.js';
import { goldSequence } from './gold.js';

/** Makes coded bits look random, so that the symbols' mean energy does not depend on the payload. */
export interface Scrambler {
  /** @throws InputError unless there are `length` bits. */
  scramble(bits: Uint8Array): Uint8Array;
  /** @throws InputError unless there are `length` LLRs, none of them NaN. */
  descramble(llrs: Float32Array): Float32Array;
}

/** Scrambling of `length` bits by the sequence of a seed (3GPP TS 38.211 §7.3.1.1). */
export function scrambler(length: number, seed = 0): Scrambler {
  const sequence = goldSequence(seed, length);
  return {
    scramble: (bits) => requireBits('bits', bits, length).map((bit, i) => bit ^ sequence[i]!),
    descramble: (llrs) => requireLlrs(llrs, length).map((llr, i) => (sequence[i] === 1 ? -llr : llr)),
  };
}
