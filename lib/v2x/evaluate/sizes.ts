import { requireInteger, requireRange } from '../../base/index.js';

/** Bytes of a tensor sent as it is. @param bytesPerValue 4 of float32 (default), 2 of float16 */
export function tensorBytes(shape: readonly number[], bytesPerValue = 4): number {
  requireInteger('bytesPerValue', bytesPerValue, 1, 8);
  return shape.reduce((product, size) => product * requireInteger('size', size, 0), bytesPerValue);
}

/** Megabits (1e6 bits), the unit of most papers' bandwidth. @throws InputError for a negative count. */
export function megabits(bytes: number): number {
  return (requireRange('bytes', bytes, 0, Number.MAX_VALUE) * 8) / 1e6;
}

/**
 * Communication volume as Where2comm reports it (Hu et al. 2022): log2 of the bytes of the feature values alone, without
 * indices, poses and headers. Messages of ours count all of them; this is for comparison.
 * @param cells features sent, 1 or more
 */
export function logVolume(cells: number, channels: number, bytesPerValue = 4): number {
  return Math.log2(tensorBytes([requireInteger('cells', cells, 1), channels], bytesPerValue));
}
