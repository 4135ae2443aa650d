import { requireChoice } from '../../base/index.js';
import type { BlockLayout } from './parameters.js';

export type RedundancyVersion = 0 | 1 | 2 | 3;

/** @throws InputError unless the version is 0 to 3. */
export function requireVersion(version: RedundancyVersion): RedundancyVersion {
  return requireChoice('redundancy version', version, [0, 1, 2, 3]);
}

/** Start of each redundancy version in the circular buffer, in columns (3GPP TS 38.212, table 5.4.2.1-2). */
const starts = { 1: [0, 17, 33, 56], 2: [0, 13, 25, 43] } as const;

/**
 * For each sent bit, its place in the codeword with the 2 Z punctured bits: the circular buffer from its start,
 * without fillers and round and round, then the bit interleaver (3GPP TS 38.212 §5.4.2; no limited buffer).
 * @param columns of the base graph
 * @param n bits to send, a multiple of `bitsPerSymbol`
 */
export function sentPlaces(
  layout: BlockLayout,
  columns: number,
  n: number,
  bitsPerSymbol: number,
  version: RedundancyVersion,
): Uint32Array {
  const { baseGraph, liftingSize, k, fillers } = layout;
  const punctured = 2 * liftingSize;
  const buffer = columns * liftingSize - punctured;
  const selected = new Uint32Array(n);
  let at = starts[baseGraph][version] * liftingSize;
  for (let count = 0; count < n; at = (at + 1) % buffer) {
    const place = at + punctured;
    if (place < k || place >= k + fillers) selected[count++] = place;
  }
  return interleave(selected, bitsPerSymbol);
}

/** Row-wise in, column-wise out of a matrix with a row for each bit of a symbol (§5.4.2.2). */
function interleave(places: Uint32Array, bitsPerSymbol: number): Uint32Array {
  const symbols = places.length / bitsPerSymbol;
  return places.map((_, i) => places[(i % bitsPerSymbol) * symbols + Math.floor(i / bitsPerSymbol)]!);
}
