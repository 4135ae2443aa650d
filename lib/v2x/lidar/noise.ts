import { qInverse, type Rng } from '../../math/index.js';

const LEVELS = 65536;

/** A random word of each ray from a key, cheap enough for millions of rays a second. */
export interface RayKey {
  first: number;
  second: number;
}

export function rayKey(rng: Rng): RayKey {
  return { first: rng.uint32(), second: rng.uint32() };
}

/**
 * 32 random bits of a ray: a mixing function of two multiplications (constants of the "lowbias32" family, Wellons 2018) with
 * the second key between them, so that two keys never give the same words in another order.
 */
export function rayWord({ first, second }: RayKey, ray: number): number {
  let word = (ray + first) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15) ^ second, 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}

let levels: Float32Array | undefined;

/** The Gaussian number of 16 random bits: the centres of 65,536 equally likely parts, scaled to variance 1; up to 4.3 standard deviations. */
export function normalLevels(): Float32Array {
  levels ??= makeLevels();
  return levels;
}

function makeLevels(): Float32Array {
  const half = Float64Array.from({ length: LEVELS / 2 }, (_, level) => qInverse((level + 0.5) / LEVELS));
  const scale = Math.sqrt(half.length / half.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from({ length: LEVELS }, (_, level) =>
    level < LEVELS / 2 ? scale * half[level]! : -scale * half[LEVELS - 1 - level]!,
  );
}
