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
 * Returns `llrs` if there are `length` of them and none is NaN.
 * @throws InputError with the count, or the first NaN.
 */
export function requireLlrs(llrs: Float32Array, length: number): Float32Array {
  if (llrs.length !== length) throw new InputError(`llrs: ${llrs.length} values; allowed: ${length}`);
  const wrong = llrs.findIndex(Number.isNaN);
  if (wrong >= 0) throw new InputError(`llrs[${wrong}] is NaN; allowed: a number or an infinity`);
  return llrs;
}
