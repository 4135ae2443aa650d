import { InputError, requireChoice, requireInteger } from '../base/index.js';
import { keyBytes } from './key-stream.js';

/**
 * What a key does to the symbols of a codeword; none of these changes its energy.
 * - `permutation`: channel uses change places. Their values, and so their statistics, stay as they are.
 * - `signed permutation`: and real and imaginary parts change sign at random.
 * - `rotation`: two rounds of signs, permutation of the real values and Walsh-Hadamard transforms, and signs. Every value
 *   sent is a signed sum of many features, near Gaussian, and white noise stays white noise.
 */
export const SCRAMBLES = ['permutation', 'signed permutation', 'rotation'] as const;
export type ScrambleKind = (typeof SCRAMBLES)[number];

/** An orthogonal map of the real values of a codeword. */
export interface Scramble {
  apply(symbols: Float32Array): Float32Array;
  undo(symbols: Float32Array): Float32Array;
  /** What becomes of the noise variances of channel uses, or of the one of a codeword, when it is undone. */
  undoVariance(noiseVariance: Float32Array): Float32Array;
}

/**
 * The scramble of a key. The stream of `keyBytes` draws the permutations (Fisher and Yates, words that would bias them
 * thrown away) and signs: to anyone without the key they are random as far as AES is. That is computational security;
 * `permutationBits` is what true chance would take.
 * @param key 256 bits, 0 and 1
 * @param number another scramble of the same key for each, 0 to 2^53 - 1
 * @throws InputError for an unknown kind or another number of bits.
 */
export function keyedScramble(kind: ScrambleKind, key: Uint8Array, number: number, uses: number): Scramble {
  requireChoice('scramble', kind, SCRAMBLES);
  requireInteger('channel uses', uses, 1);
  const stream = wordsOf(keyBytes(key, 'scramble', number));
  if (kind === 'rotation') return rotation(stream, 2 * uses);
  const places = permutation(stream, uses);
  const signs = kind === 'permutation' ? new Int8Array(2 * uses).fill(1) : randomSigns(stream, 2 * uses);
  return {
    apply: (symbols) => symbols.map((_, i) => signs[i]! * symbols[2 * places[i >> 1]! + (i & 1)]!),
    undo(symbols) {
      const out = new Float32Array(symbols.length);
      for (let i = 0; i < out.length; i++) out[2 * places[i >> 1]! + (i & 1)] = signs[i]! * symbols[i]!;
      return out;
    },
    undoVariance(noiseVariance) {
      if (noiseVariance.length === 1) return noiseVariance;
      const out = new Float32Array(noiseVariance.length);
      for (let i = 0; i < out.length; i++) out[places[i]!] = noiseVariance[i]!;
      return out;
    },
  };
}

/** log2(n!): bits of chance in a permutation of n places, by Stirling's series (error below 1e-3 bit from n = 2 on). */
export function permutationBits(places: number): number {
  const n = requireInteger('places', places, 1);
  if (n === 1) return 0;
  return (n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3)) / Math.LN2;
}

function rotation(stream: () => number, length: number): Scramble {
  const rounds = [0, 1].map(() => ({
    signs: randomSigns(stream, length),
    places: permutation(stream, length),
  }));
  const last = randomSigns(stream, length);
  return {
    apply(symbols) {
      let values = symbols;
      for (const { signs, places } of rounds) {
        values = values.map((_, i) => signs[i]! * values[places[i]!]!);
        hadamardChunks(values);
      }
      return values.map((value, i) => last[i]! * value);
    },
    undo(symbols) {
      let values = symbols.map((value, i) => last[i]! * value);
      for (const { signs, places } of [...rounds].reverse()) {
        hadamardChunks(values);
        const out = new Float32Array(length);
        for (let i = 0; i < length; i++) out[places[i]!] = signs[i]! * values[i]!;
        values = out;
      }
      return values;
    },
    undoVariance(noiseVariance) {
      if (noiseVariance.length === 1) return noiseVariance;
      throw new InputError(
        'a rotation of symbols whose noise changes within the codeword (fast fading); allowed: one noise variance a codeword',
      );
    },
  };
}

/** Orthonormal Walsh-Hadamard transforms, their own inverses, of chunks as long as the powers of two that add up to all. */
function hadamardChunks(values: Float32Array): void {
  for (let start = 0, left = values.length; left > 0; ) {
    const size = 2 ** Math.floor(Math.log2(left));
    hadamard(values.subarray(start, start + size));
    start += size;
    left -= size;
  }
}

function hadamard(values: Float32Array): void {
  for (let half = 1; half < values.length; half *= 2) {
    for (let start = 0; start < values.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const [a, b] = [values[i]!, values[i + half]!];
        values[i] = (a + b) * Math.SQRT1_2;
        values[i + half] = (a - b) * Math.SQRT1_2;
      }
    }
  }
}

/** Place i of what is sent comes from place `result[i]`. */
function permutation(stream: () => number, length: number): Uint32Array {
  const places = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = below(stream, i + 1);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places;
}

function wordsOf(next: (count: number) => Uint8Array): () => number {
  let words: DataView = new DataView(new ArrayBuffer(0));
  let at = 0;
  return () => {
    if (at === words.byteLength) {
      const bytes = next(STREAM_BYTES);
      words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      at = 0;
    }
    at += 4;
    return words.getUint32(at - 4);
  };
}

const STREAM_BYTES = 2 ** 16;

/** A number from 0 to limit - 1, each as likely as the others. */
function below(stream: () => number, limit: number): number {
  const unbiased = 2 ** 32 - (2 ** 32 % limit);
  let word = stream();
  while (word >= unbiased) word = stream();
  return word % limit;
}

function randomSigns(stream: () => number, length: number): Int8Array {
  const signs = new Int8Array(length);
  for (let i = 0, word = 0; i < length; i++) {
    if (i % 32 === 0) word = stream();
    signs[i] = (word >>> (i % 32)) & 1 ? 1 : -1;
  }
  return signs;
}
