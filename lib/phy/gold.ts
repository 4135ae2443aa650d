import { requireInteger } from '../base/index.js';

const SKIPPED = 1600;
const LENGTH = 31;

/**
 * The pseudo-random sequence of 3GPP TS 38.211 clause 5.2.1: the sum of two m-sequences of length 31, of which
 * the first 1600 bits are skipped.
 * @param initial c_init, 0 to 2^31 - 1: the state of the second m-sequence
 * @returns `count` bits
 * @throws InputError when a number is out of range.
 */
export function goldSequence(initial: number, count: number): Uint8Array {
  requireInteger('c_init', initial, 0, 2 ** LENGTH - 1);
  requireInteger('count', count, 0, 2 ** 28);
  const out = new Uint8Array(count);
  // Bit i of a register is x(n + i).
  let [first, second] = [1, initial];
  for (let n = 0; n < SKIPPED + count; n++) {
    if (n >= SKIPPED) out[n - SKIPPED] = (first ^ second) & 1;
    const feedFirst = ((first >>> 3) ^ first) & 1;
    const feedSecond = ((second >>> 3) ^ (second >>> 2) ^ (second >>> 1) ^ second) & 1;
    first = (first >>> 1) | (feedFirst << (LENGTH - 1));
    second = (second >>> 1) | (feedSecond << (LENGTH - 1));
  }
  return out;
}
