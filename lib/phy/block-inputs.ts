import { InputError } from '../base/index.js';

/**
 * Returns `bits` if all are 0 or 1, and as many as `length` where it is given.
 * @throws InputError with the count, or the first wrong value.
 */
export function requireBits(name: string, bits: Uint8Array, length = bits.length): Uint8Array {
  if (bits.length !== length) throw new InputError(`${name}: ${bits.length} bits; allowed: ${length}`);
  for (let i = 0; i < length; i++) {
    if (bits[i]! > 1) throw new InputError(`${name}[${i}] is ${bits[i]}; allowed: 0 or 1`);
  }
  return bits;
}

/**
 * Returns `llrs` if there are `length` of them and none is NaN.
 * @throws InputError with the count, or the first NaN.
 */
export function requireLlrs(llrs: Float32Array, length: number): Float32Array {
  largestMagnitude(llrs, length);
  return llrs;
}

/** The largest magnitude of LLRs that are checked as `requireLlrs` does. @throws InputError likewise. */
export function largestMagnitude(llrs: Float32Array, length: number): number {
  if (llrs.length !== length) throw new InputError(`llrs: ${llrs.length} values; allowed: ${length}`);
  let largest = 0;
  for (let i = 0; i < length; i++) {
    const weight = Math.abs(llrs[i]!);
    if (weight <= largest) continue;
    if (Number.isNaN(weight)) throw new InputError(`llrs[${i}] is NaN; allowed: a number or an infinity`);
    largest = weight;
  }
  return largest;
}
