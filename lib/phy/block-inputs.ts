import { InputError } from '../base/index.js';

/**
 * Returns `bits` if all are 0 or 1, and as many as `length` where it is given.
 * @throws InputError with the count, or the first wrong value.
 */
export function requireBits(name: string, bits: Uint8Array, length = bits.length): Uint8Array {
  if (bits.length !== length) throw new InputError(`${name}: ${bits.length} bits; allowed: ${length}`);
  const wrong = bits.findIndex((bit) => bit > 1);
  if (wrong >= 0) throw new InputError(`${name}[${wrong}] is ${bits[wrong]}; allowed: 0 or 1`);
  return bits;
}

/**
 * The largest magnitude of `llrs`, of which there must be `length` and none NaN.
 * @throws InputError with the count, or the first NaN.
 */
export function requireLlrs(llrs: Float32Array, length: number): number {
  if (llrs.length !== length) throw new InputError(`llrs: ${llrs.length} values; allowed: ${length}`);
  // A plain loop: this is on the way of every block, and a callback per value costs as much as an iteration.
  let largest = 0;
  for (let i = 0; i < length; i++) {
    const weight = Math.abs(llrs[i]!);
    if (weight <= largest) continue;
    if (Number.isNaN(weight)) throw new InputError(`llrs[${i}] is NaN; allowed: a number or an infinity`);
    largest = weight;
  }
  return largest;
}
