import { InputError, requireRange } from '../../base/index.js';
import { nrReliabilitySequence } from './reliability.data.js';

/** Whether `length` is 2^n with n from 1 to 10, the lengths of the polar transform here. */
export const isTransformLength = (length: number): boolean =>
  Number.isInteger(Math.log2(length)) && length >= 2 && length <= 1024;

/** The input positions of the transform of `length` in ascending reliability, as NR orders them. */
export const nrSequence = (length: number): number[] =>
  nrReliabilitySequence.filter((position) => position < length);

/**
 * The input positions of the polar transform in ascending reliability over the binary erasure channel,
 * where density evolution is exact: an erasure probability z splits into 2z - z^2 and z^2 (Arikan 2009).
 * @param length N = 2^n, 2 to 1024
 * @param erasureProbability of the channel it is designed for, 0 to 1
 * @throws InputError when one is out of range.
 */
export function becPolarSequence(length: number, erasureProbability: number): number[] {
  if (!isTransformLength(length)) {
    throw new InputError(`length is ${length}; allowed: a power of two from 2 to 1024`);
  }
  requireRange('erasureProbability', erasureProbability, 0, 1);
  let erasures = [erasureProbability];
  while (erasures.length < length) erasures = erasures.flatMap((z) => [2 * z - z * z, z * z]);
  const positions = Array.from({ length }, (_, position) => position);
  return positions.sort((a, b) => erasures[b]! - erasures[a]! || a - b);
}

/**
 * 1 where an input of the transform is frozen to 0: all but the `count` most reliable of `sequence` that are
 * not `excluded`.
 * @throws InputError when fewer than `count` are left.
 */
export function frozenMask(
  sequence: readonly number[],
  count: number,
  excluded: ReadonlySet<number>,
): Uint8Array {
  const candidates = sequence.filter((position) => !excluded.has(position));
  if (candidates.length < count) {
    throw new InputError(`${count} bits to encode; allowed: ${candidates.length} at this rate matching`);
  }
  const frozen = new Uint8Array(sequence.length).fill(1);
  for (const position of candidates.slice(candidates.length - count)) frozen[position] = 0;
  return frozen;
}
