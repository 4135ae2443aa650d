import { InputError, requireInteger } from '../../base/index.js';

/** Memory of 2 to 12 bits beside the current one is what a Viterbi decoder can hold. */
const LONGEST_CONSTRAINT = 13;

/** The trellis of a feed-forward convolutional code of rate 1/outputs. */
export interface Trellis {
  /** Bits in the shift register beside the current one: constraint length - 1. */
  readonly memory: number;
  readonly states: number;
  readonly outputs: number;
  /**
   * Output word (first output most significant) of a transition, by 2 * state + input. A state holds the last inputs, the
   * newest most significant; the next state is input * states/2 + floor(state / 2).
   */
  readonly words: Uint8Array;
}

/**
 * @param generators octal in the literature: 0o133, 0o171; the most significant bit of the longest taps the current input
 * @throws InputError unless there are 2 to 8 generators, from 1 to 13 bits long, the longest of them 2 or more.
 */
export function trellisOf(generators: readonly number[]): Trellis {
  if (generators.length < 2 || generators.length > 8) {
    throw new InputError(`${generators.length} generators; allowed: 2 to 8`);
  }
  for (const generator of generators) {
    if (!Number.isInteger(generator) || generator < 1 || generator >= 2 ** LONGEST_CONSTRAINT) {
      throw new InputError(`generator ${generator}; allowed: an integer from 0o1 to 0o17777`);
    }
  }
  const memory = Math.floor(Math.log2(Math.max(...generators)));
  requireInteger('memory of the generators', memory, 1);
  const states = 2 ** memory;
  const words = new Uint8Array(2 * states);
  for (let state = 0; state < states; state++) {
    for (const input of [0, 1]) {
      const register = input * states + state;
      for (const generator of generators) {
        const at = 2 * state + input;
        words[at] = 2 * words[at]! + (ones(register & generator) & 1);
      }
    }
  }
  return { memory, states, outputs: generators.length, words };
}

/** Number of 1 bits. */
export function ones(word: number): number {
  let count = 0;
  for (let rest = word; rest > 0; rest &= rest - 1) count++;
  return count;
}
