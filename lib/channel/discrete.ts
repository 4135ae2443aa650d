import { InputError, requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';

/** What a receiver gets for a bit that the channel erased. */
export const ERASED = 2;

/** Magnitude of the LLR of a bit that the receiver knows for sure: finite, so that decoders can add and subtract. */
export const CERTAIN_LLR = 100;

/** One draw of a channel of bits: what happens to each bit is fixed, so applying it twice gives the same. */
export interface BitRealisation {
  readonly count: number;
  /**
   * What the receiver gets for each bit: 0, 1, or `ERASED` of an erasure channel.
   * @throws InputError unless there are `count` bits, each 0 or 1.
   */
  apply(bits: Uint8Array): Uint8Array;
}

/** A memoryless channel whose input is a bit a use. */
export interface BitChannel {
  readonly name: string;
  /** Bits a channel use; of the Z-channel under its best input distribution. */
  readonly capacity: number;
  /**
   * Draws what happens to `count` bits.
   * @throws InputError unless count is an integer from 1 to 2^30.
   */
  sample(rng: Rng, count: number): BitRealisation;
  /**
   * LLR log p(y | bit 0) - log p(y | bit 1) of each received symbol y; `CERTAIN_LLR` at most.
   * @throws InputError when a symbol is none that this channel gives.
   */
  llrs(received: Uint8Array): Float32Array;
}

/**
 * Binary symmetric channel: each bit is flipped with the given probability (Shannon 1948).
 * @param options.flipProbability 0 to 1
 * @throws InputError when it is out of range.
 */
export function binarySymmetric(options: { flipProbability: number }): BitChannel {
  const p = requireRange('flipProbability', options.flipProbability, 0, 1);
  return bitChannel('bsc', 1 - binaryEntropy(p), { zeroTo: [1 - p, p], oneTo: [p, 1 - p] });
}

/**
 * Binary erasure channel: each bit is lost, and known to be, with the given probability (Elias 1955).
 * @param options.erasureProbability 0 to 1
 * @throws InputError when it is out of range.
 */
export function binaryErasure(options: { erasureProbability: number }): BitChannel {
  const p = requireRange('erasureProbability', options.erasureProbability, 0, 1);
  return bitChannel('bec', 1 - p, { zeroTo: [1 - p, 0, p], oneTo: [0, 1 - p, p] });
}

/**
 * Z-channel: a 1 becomes 0 with the given probability, a 0 stays 0. Its capacity is
 * log2(1 + (1 - p) p^(p/(1 - p))) (Golomb 1980).
 * @param options.flipProbability 0 to 1
 * @throws InputError when it is out of range.
 */
export function zChannel(options: { flipProbability: number }): BitChannel {
  const p = requireRange('flipProbability', options.flipProbability, 0, 1);
  const capacity = p === 1 ? 0 : Math.log2(1 + (1 - p) * p ** (p / (1 - p)));
  return bitChannel('z', capacity, { zeroTo: [1, 0], oneTo: [p, 1 - p] });
}

/** The probabilities of the outputs 0, 1 and perhaps `ERASED` of either input. */
interface Transitions {
  zeroTo: readonly number[];
  oneTo: readonly number[];
}

function bitChannel(name: string, capacity: number, transitions: Transitions): BitChannel {
  const { zeroTo, oneTo } = transitions;
  const table = Float32Array.from(zeroTo, (probability, output) => llrOf(probability, oneTo[output]!));
  return {
    name,
    capacity,
    sample(rng, count) {
      requireInteger('count', count, 1, 2 ** 30);
      const [afterZero, afterOne] = [new Uint8Array(count), new Uint8Array(count)];
      for (let index = 0; index < count; index++) {
        const place = rng.uniform();
        afterZero[index] = outcome(zeroTo, place, 0);
        afterOne[index] = outcome(oneTo, place, 1);
      }
      return {
        count,
        apply(bits) {
          requireBits(bits, count);
          return bits.map((bit, index) => (bit === 0 ? afterZero : afterOne)[index]!);
        },
      };
    },
    llrs(received) {
      const bad = received.findIndex((symbol) => symbol >= table.length);
      if (bad >= 0) {
        throw new InputError(`received symbol ${bad} is ${received[bad]}; allowed: 0 to ${table.length - 1}`);
      }
      return Float32Array.from(received, (symbol) => table[symbol]!);
    },
  };
}

/** Of an output that neither input gives, 0. */
function llrOf(ifZero: number, ifOne: number): number {
  if (ifZero === ifOne) return 0;
  return Math.max(-CERTAIN_LLR, Math.min(CERTAIN_LLR, Math.log(ifZero) - Math.log(ifOne)));
}

/** The output in whose share of [0, 1) `place` lies; changes come first, so that they befall both inputs alike. */
function outcome(probabilities: readonly number[], place: number, input: number): number {
  let passed = 0;
  for (let output = 0; output < probabilities.length; output++) {
    if (output === input) continue;
    passed += probabilities[output]!;
    if (place < passed) return output;
  }
  return input;
}

function requireBits(bits: Uint8Array, count: number): void {
  if (bits.length !== count) throw new InputError(`${bits.length} bits; allowed: ${count}`);
  const bad = bits.findIndex((bit) => bit > 1);
  if (bad >= 0) throw new InputError(`bit ${bad} is ${bits[bad]}; allowed: 0 and 1`);
}

function binaryEntropy(p: number): number {
  return p === 0 || p === 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}
