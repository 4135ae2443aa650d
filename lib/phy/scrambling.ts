import { requireInteger } from '../base/index.js';
import { requireBits, requireLlrs } from './block-inputs.js';

/** Steps that both registers run before the sequence begins, N_C. */
const ahead = 1600;

/**
 * The pseudo-random sequence of NR (3GPP TS 38.211 §5.2.1): the sum of two registers of 31 bits.
 * @param length bits, 0 to 2^30
 * @param seed c_init, 0 to 2^31 - 1
 */
export function goldSequence(length: number, seed: number): Uint8Array {
  requireInteger('length', length, 0, 2 ** 30);
  let first = 1;
  let second = requireInteger('seed', seed, 0, 2 ** 31 - 1);
  const sequence = new Uint8Array(length);
  for (let step = 0; step < ahead + length; step++) {
    if (step >= ahead) sequence[step - ahead] = (first ^ second) & 1;
    first = (first >>> 1) | (((first ^ (first >>> 3)) & 1) << 30);
    second = (second >>> 1) | (((second ^ (second >>> 1) ^ (second >>> 2) ^ (second >>> 3)) & 1) << 30);
  }
  return sequence;
}

/** Makes coded bits look random, so that the symbols' mean energy does not depend on the payload. */
export interface Scrambler {
  /** @throws InputError unless there are `length` bits. */
  scramble(bits: Uint8Array): Uint8Array;
  /** @throws InputError unless there are `length` LLRs, none of them NaN. */
  descramble(llrs: Float32Array): Float32Array;
}

/** Scrambling of `length` bits by the sequence of a seed (3GPP TS 38.211 §7.3.1.1). */
export function scrambler(length: number, seed = 0): Scrambler {
  const sequence = goldSequence(length, seed);
  return {
    scramble: (bits) => requireBits('bits', bits, length).map((bit, i) => bit ^ sequence[i]!),
    descramble: (llrs) => requireLlrs(llrs, length).map((llr, i) => (sequence[i] === 1 ? -llr : llr)),
  };
}
