import { requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';

/** A stretch of a secret key. */
export interface SecretKey {
  /** 0 and 1, the same at both ends. */
  readonly bits: Uint8Array;
  /** Seconds after the source was switched on when both ends hold all of them; infinite: never. */
  readonly readySec: number;
}

/**
 * Gives both ends of a link the same secret bits, ever more of them: a quantum link, or a stand-in. What it delivers is a
 * function of place and time alone, so two askers at different moments agree on every bit.
 */
export interface KeySource {
  readonly name: string;
  /** One sentence: against whom the bits are secret, and on which assumptions. */
  readonly security: string;
  /** Secret bits per second in the long run; 0 for a source that makes none. */
  readonly secretBitsPerSec: number;
  /** Seconds from switching on to the first bit; infinite for a source that makes none. */
  readonly latencySec: number;
  /** The bits `from` to `from + count` of the key. */
  take(from: number, count: number): SecretKey;
  /** Classical bits that both ends together have sent within the first `timeSec` seconds to make the key. */
  controlBitsUntil(timeSec: number): number;
}

/** How a key arrives that is made block by block. */
export interface BlockKeyOptions {
  name: string;
  security: string;
  /** Secret bits of each block, a whole number; 0: no key at all. */
  blockBits: number;
  /** Seconds from one block to the next, above 0. */
  blockSec: number;
  /** Seconds to the first block. */
  firstBlockSec: number;
  /** Classical bits that a block costs, spread evenly over its time. */
  controlBitsPerBlock: number;
  /** Stands for the randomness of the link. */
  rng: Rng;
}

/**
 * A key that comes in equal blocks at equal intervals.
 * @throws InputError when an option is out of range.
 */
export function blockKeySource(options: BlockKeyOptions): KeySource {
  const { name, security, rng } = options;
  const blockBits = requireInteger('blockBits', options.blockBits, 0);
  const blockSec = requireRange('blockSec', options.blockSec, 1e-15, 1e15, 's');
  const firstBlockSec = requireRange('firstBlockSec', options.firstBlockSec, 0, 1e15, 's');
  const control = requireRange('controlBitsPerBlock', options.controlBitsPerBlock, 0, 1e18);
  return {
    name,
    security,
    secretBitsPerSec: blockBits / blockSec,
    latencySec: blockBits > 0 ? firstBlockSec : Number.POSITIVE_INFINITY,
    take(from, count) {
      requireInteger('first bit of the key', from, 0);
      requireInteger('bits of the key', count, 1);
      if (blockBits === 0) return { bits: new Uint8Array(0), readySec: Number.POSITIVE_INFINITY };
      const block = Math.floor((from + count - 1) / blockBits);
      return { bits: randomBits(rng, from, count), readySec: firstBlockSec + block * blockSec };
    },
    controlBitsUntil: (timeSec) => (control * Math.max(0, timeSec)) / blockSec,
  };
}

/**
 * A key without flaw or delay, bit by bit at an even rate and without classical traffic: for tests, and the reference that
 * links are compared with.
 * @param options.secretBitsPerSec 1e-15 to 1e15
 * @param options.latencySec seconds to the first bit, default 0
 * @throws InputError when an option is out of range.
 */
export function idealKeySource(options: {
  secretBitsPerSec: number;
  rng: Rng;
  latencySec?: number;
}): KeySource {
  const rate = requireRange('secretBitsPerSec', options.secretBitsPerSec, 1e-15, 1e15, 'bit/s');
  return blockKeySource({
    name: 'ideal key',
    security: 'perfect by assumption; stands for any key source',
    blockBits: 1,
    blockSec: 1 / rate,
    firstBlockSec: options.latencySec ?? 0,
    controlBitsPerBlock: 0,
    rng: options.rng,
  });
}

const WORD_BITS = 32;

/** Bit i of the key is the same whatever was asked before: each word has a stream of its own. */
function randomBits(rng: Rng, from: number, count: number): Uint8Array {
  const bits = new Uint8Array(count);
  let word = Number.NaN;
  let value = 0;
  for (let i = 0; i < count; i++) {
    const place = from + i;
    if (Math.floor(place / WORD_BITS) !== word) {
      word = Math.floor(place / WORD_BITS);
      value = rng.fork(word).uint32();
    }
    bits[i] = (value >>> (place % WORD_BITS)) & 1;
  }
  return bits;
}
