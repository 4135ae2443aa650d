import { InputError } from '../base/index.js';
import type { Reception } from '../link/index.js';

/** What a receiver of pictures knows beforehand. */
export interface PictureShape {
  name: string;
  width: number;
  height: number;
}

/**
 * Real values [places, 2c] to interleaved complex symbols [places, c]: the first c values of a place are the
 * real parts of its symbols, the last c the imaginary ones.
 */
export function toSymbols(values: ArrayLike<number>, kept: number): Float32Array {
  const half = kept / 2;
  const symbols = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += kept) {
    for (let j = 0; j < half; j++) {
      symbols[start + 2 * j] = values[start + j]!;
      symbols[start + 2 * j + 1] = values[start + half + j]!;
    }
  }
  return symbols;
}

/** The inverse of `toSymbols`. */
export function fromSymbols(symbols: Float32Array, kept: number): Float32Array {
  const half = kept / 2;
  const values = new Float32Array(symbols.length);
  for (let start = 0; start < symbols.length; start += kept) {
    for (let j = 0; j < half; j++) {
      values[start + j] = symbols[start + 2 * j]!;
      values[start + half + j] = symbols[start + 2 * j + 1]!;
    }
  }
  return values;
}

/** The factor that gives interleaved complex symbols unit mean energy. */
export function unitScale(symbols: Float32Array): number {
  let energy = 0;
  for (const value of symbols) energy += value * value;
  return 1 / Math.sqrt(Math.max((2 * energy) / symbols.length, 1e-12));
}

/**
 * The one noise variance (per complex dimension) of a codeword.
 * @throws InputError when it changes within the codeword (fast fading), which the networks here do not model.
 */
export function blockNoise({ noiseVariance }: Reception, codec: string): number {
  if (noiseVariance.length !== 1) {
    throw new InputError(
      `${codec}: the gain changes within the codeword (fast fading); allowed: no fading or block fading`,
    );
  }
  return noiseVariance[0]!;
}
