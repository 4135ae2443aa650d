import { InputError, requireInteger, requireRange } from '../base/index.js';
import { blockKeySource, type KeySource } from '../link/index.js';
import type { Rng } from '../math/index.js';
import {
  type Bb84,
  type Bb84Link,
  expectedCounts,
  finiteDecoyKey,
  type KeyBlock,
  type KeySecurity,
} from './qkd/index.js';
import { binaryEntropy } from './qkd/optimum.js';

/**
 * Secret bits of a block that authenticate the next: each side sends one tag of 64 bits over all that it said, encrypted by
 * fresh key (Wegman and Carter 1981). The very first block needs as many bits that both ends were given by hand.
 */
export const AUTHENTICATION_BITS = 128;

/** Blocks without a key after which a link counts as one that makes none. */
const PATIENCE = 8;

/** Secret bits of a block that are left for others than its own link. */
const usableBits = (secretBits: number): number => Math.max(0, secretBits - AUTHENTICATION_BITS);

/**
 * A quantum link as the source of keys of the classical side: its blocks one after the other, each simulated when first
 * asked for, with the bits, delay and classical traffic that the simulation gave. What `AUTHENTICATION_BITS` says is taken
 * off, and its tags are counted as traffic.
 * @param rng block i draws from `rng.fork(i)`, so that what was asked before changes nothing
 * @throws InputError when the key asked for takes more than a million blocks.
 */
export function linkKeySource(link: Bb84Link, rng: Rng): KeySource {
  const blocks = new Blocks(link, rng);
  const first = blocks.firstWithKey();
  return {
    name: link.name,
    security: link.security,
    secretBitsPerSec: first ? first.bits.length / first.durationSec : 0,
    latencySec: first?.readySec ?? Number.POSITIVE_INFINITY,
    take(from, count) {
      const end =
        requireInteger('first bit of the key', from, 0) + requireInteger('bits of the key', count, 1);
      const bits: number[] = [];
      for (let index = 0; ; index++) {
        const block = first && blocks.at(index);
        if (!block) return { bits: new Uint8Array(0), readySec: Number.POSITIVE_INFINITY };
        const [low, high] = [Math.max(from, block.from), Math.min(end, block.from + block.bits.length)];
        bits.push(...block.bits.subarray(low - block.from, Math.max(low, high) - block.from));
        if (block.from + block.bits.length >= end) {
          return { bits: Uint8Array.from(bits), readySec: block.readySec };
        }
      }
    },
    controlBitsUntil: (timeSec) => blocks.controlBitsUntil(timeSec),
  };
}

interface TimedBlock {
  /** Place of its first bit in the key. */
  from: number;
  bits: Uint8Array;
  startSec: number;
  durationSec: number;
  readySec: number;
  controlBits: number;
}

/** Blocks in the order of sending, simulated once each. */
class Blocks {
  private readonly done: TimedBlock[] = [];

  constructor(
    private readonly link: Bb84Link,
    private readonly rng: Rng,
  ) {}

  firstWithKey(): TimedBlock | undefined {
    for (let index = 0; index < PATIENCE; index++) if (this.at(index).bits.length > 0) return this.at(index);
    return undefined;
  }

  at(index: number): TimedBlock {
    requireInteger('blocks of a link', index, 0, 1e6);
    for (let next = this.done.length; next <= index; next++) {
      const { bits, durationSec, latencySec, classicalBits } = this.link.block(this.rng.fork(next));
      const last = this.done.at(-1);
      const startSec = last ? last.startSec + last.durationSec : 0;
      this.done.push({
        from: last ? last.from + last.bits.length : 0,
        bits: bits.subarray(0, usableBits(bits.length)),
        startSec,
        durationSec,
        // A block that took fewer messages than the one before still comes after it.
        readySec: Math.max(last?.readySec ?? 0, startSec + latencySec),
        controlBits: classicalBits + AUTHENTICATION_BITS,
      });
    }
    return this.done[index]!;
  }

  controlBitsUntil(timeSec: number): number {
    let sum = 0;
    for (let index = 0; ; index++) {
      const { startSec, durationSec, controlBits } = this.at(index);
      if (timeSec <= startSec) return sum;
      sum += controlBits * Math.min(1, (timeSec - startSec) / durationSec);
    }
  }
}

/**
 * The key source of a link all of whose blocks take as long and give as much as this one: for long times at little cost. The
 * bits themselves are drawn from `rng`.
 */
export function steadyKeySource(
  { name, security }: Omit<Bb84Link, 'block'>,
  block: KeyBlock,
  rng: Rng,
): KeySource {
  return blockKeySource({
    name,
    security,
    blockBits: usableBits(block.bits.length),
    blockSec: block.durationSec,
    firstBlockSec: block.latencySec,
    controlBitsPerBlock: block.classicalBits + AUTHENTICATION_BITS,
    rng,
  });
}

/**
 * Secret bits that a block of BB84 with two decoys gives on average over its counts, `AUTHENTICATION_BITS` taken off.
 * @param options.inefficiency bits that error correction tells over Shannon's limit, 1 to 2; 1.07 when left out, as Cascade took in
 *   simulations
 * @throws InputError unless the configuration has two decoys, or a number of the security is out of range.
 */
export function expectedSecretBits(options: {
  config: Bb84;
  blockPulses: number;
  security?: KeySecurity;
  inefficiency?: number;
}): number {
  const { config, blockPulses, security = { secrecy: 1e-9, correctness: 1e-15 } } = options;
  const inefficiency = requireRange('inefficiency', options.inefficiency ?? 1.07, 1, 2);
  const [signal, decoy, dimmest] = expectedCounts(config, blockPulses);
  if (!signal || !decoy || !dimmest) {
    throw new InputError(`BB84 with ${config.decoys.length} decoys; allowed: 2`);
  }
  const sum = (of: 'keyBits' | 'keyErrors') => signal[of] + decoy[of] + dimmest[of];
  const keyBits = sum('keyBits');
  const errorRate = keyBits > 0 ? sum('keyErrors') / keyBits : 0;
  const leaked = inefficiency * keyBits * binaryEntropy(errorRate);
  return usableBits(finiteDecoyKey([signal, decoy, dimmest], leaked, security).secretBits);
}
