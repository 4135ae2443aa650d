import { InputError } from '../base/index.js';
import { blockGrid, blockSide, blockValues } from './blocks.js';

/** Complex channel uses that one 8 x 8 block takes at a bandwidth ratio (channel uses per source value). */
export function usesPerBlock(ratio: number): number {
  const uses = Math.round(blockValues * ratio);
  if (!(uses >= 1 && uses <= blockValues / 2) || Math.abs(uses - blockValues * ratio) > 1e-6) {
    throw new InputError(
      `bandwidth ratio is ${ratio}; allowed: n/${blockValues} channel uses per source value, n an integer from 1 to ${blockValues / 2}`,
    );
  }
  return uses;
}

/**
 * Requires sides that are multiples of 8: otherwise the blocks' channel uses would exceed the ratio.
 * @throws InputError naming the picture.
 */
export function requireWholeBlocks(picture: { name: string; width: number; height: number }): void {
  if (picture.width % blockSide !== 0 || picture.height % blockSide !== 0) {
    throw new InputError(
      `picture ${picture.name} is ${picture.width} x ${picture.height}; allowed: sides that are multiples of ${blockSide}`,
    );
  }
}

/** Channel uses of a whole picture. */
export function usesOf(picture: { width: number; height: number }, ratio: number): number {
  const { rows, columns } = blockGrid(picture);
  return rows * columns * usesPerBlock(ratio);
}

/** Bits in which a codeword's scale is sent beside it. */
export const scaleBits = 16;
/** Steps in which its binary logarithm is said. */
export const stepsPerOctave = 1024;

/** SNRs outside the range of training are told to the gates of the default codec as its ends. */
export const knownSnrDb = { low: -3, high: 20.5 };

/**
 * The largest scale not above `scale` that 16 bits of side information can say: its binary logarithm in
 * steps of 1/1024 (0.07 %).
 */
export function quantiseScale(scale: number): number {
  const steps = Math.floor(Math.log2(scale) * stepsPerOctave);
  return 2 ** (Math.max(-32768, Math.min(32767, steps)) / stepsPerOctave);
}
