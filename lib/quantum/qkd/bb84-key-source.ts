import { requireInteger } from '../../base/index.js';
import type { KeySource, SecretKey } from '../../link/index.js';
import type { Rng } from '../../math/index.js';
import type { Bb84Link, KeyBlock } from './bb84-link.js';

/** Blocks without a key that end the search for more: the link is then taken to make none. */
const BARREN_BLOCKS = 3;

/**
 * The key of a BB84 link, made block by block as it is asked for; blocks follow one another without a gap.
 * `secretBitsPerSec` is that of the first block.
 * @param rng one stream a block is forked from it by number
 */
export function bb84KeySource(link: Bb84Link, rng: Rng): KeySource {
  const blocks: KeyBlock[] = [];
  const block = (k: number): KeyBlock => {
    while (blocks.length <= k) blocks.push(link.block(rng.fork(`block ${blocks.length}`)));
    return blocks[k]!;
  };
  const first = block(0);
  return {
    name: link.name,
    security: link.security,
    secretBitsPerSec: first.secretBitsPerSec,
    latencySec: first.bits.length > 0 ? first.latencySec : Number.POSITIVE_INFINITY,
    take: (from, count) => take(block, from, count),
    controlBitsUntil: (timeSec) => {
      const { classicalBits, durationSec } = first;
      return (classicalBits * Math.max(0, timeSec)) / durationSec;
    },
  };
}

function take(block: (k: number) => KeyBlock, from: number, count: number): SecretKey {
  requireInteger('first bit of the key', from, 0);
  requireInteger('bits of the key', count, 1);
  const bits = new Uint8Array(count);
  let [start, barren] = [0, 0];
  for (let k = 0; barren < BARREN_BLOCKS; k++) {
    const own = block(k);
    const end = start + own.bits.length;
    barren = own.bits.length > 0 ? 0 : barren + 1;
    const [low, high] = [Math.max(from, start), Math.min(from + count, end)];
    if (low < high) bits.set(own.bits.subarray(low - start, high - start), low - from);
    if (end >= from + count) return { bits, readySec: k * own.durationSec + own.latencySec };
    start = end;
  }
  return { bits: new Uint8Array(0), readySec: Number.POSITIVE_INFINITY };
}
