import { InputError, requireInteger } from '../../base/index.js';
import { fft, ifft } from '../../math/index.js';

/**
 * Bits of a random Toeplitz matrix times a key, modulo 2: a two-universal hash, for privacy amplification and to verify
 * that keys agree. The product is a convolution, done by FFT; its whole numbers stay far below the 53 bits of a double.
 * @param outputs bits wanted, 0 to the length of the key
 * @param seed the matrix's first column from below and its first row: key length + outputs - 1 public random bits
 * @throws InputError when lengths do not fit.
 */
export function toeplitzHash(key: Uint8Array, outputs: number, seed: Uint8Array): Uint8Array {
  requireInteger('outputs', outputs, 0, key.length);
  if (outputs === 0) return new Uint8Array(0);
  const needed = key.length + outputs - 1;
  if (seed.length !== needed) throw new InputError(`seed of ${seed.length} bits; allowed: ${needed}`);
  const length = 2 ** Math.ceil(Math.log2(needed));
  const left = fft(interleaved(key, length));
  const right = fft(interleaved(seed, length));
  for (let k = 0; k < left.length; k += 2) {
    const [a, b, c, d] = [left[k]!, left[k + 1]!, right[k]!, right[k + 1]!];
    left[k] = a * c - b * d;
    left[k + 1] = a * d + b * c;
  }
  const product = ifft(left);
  return Uint8Array.from({ length: outputs }, (_, j) => Math.round(product[2 * (key.length - 1 + j)]!) & 1);
}

function interleaved(bits: Uint8Array, length: number): Float64Array {
  const out = new Float64Array(2 * length);
  for (let k = 0; k < bits.length; k++) out[2 * k] = bits[k]!;
  return out;
}
