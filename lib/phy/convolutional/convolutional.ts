import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import type { BlockCode, Decoded } from '../types.js';
import { type Trellis, trellisOf } from './trellis.js';
import { type Path, Viterbi } from './viterbi.js';

/** Settings of a convolutional code. */
export interface ConvolutionalOptions {
  /**
   * One generator an output, written in octal as in the literature: [0o133, 0o171]. The most significant bit of the
   * longest taps the current input.
   */
  generators: readonly number[];
  /** Information bits a block, 1 to 2^20. */
  k: number;
  /**
   * `zero` (default): as many zeros as the memory is long follow the block, which costs rate. `tail-biting`: the encoder
   * starts in the state in which it will end; k is at least the memory.
   */
  termination?: 'zero' | 'tail-biting';
  /**
   * Which code bits are sent, 1, and which not, 0, in the order in which they leave the encoder, repeated: [1, 1, 0, 1]
   * makes 2/3 of a code of rate 1/2. Default: all.
   */
  puncturing?: readonly number[];
}

/** No LLR counts for more: sums stay exact enough, and infinite ones do not cancel. */
const LARGEST_LLR = 1e6;

/**
 * A convolutional code as a block code, decoded by maximum likelihood of the block with soft decisions (Viterbi 1967);
 * tail-biting ones too, by a search over starting states that the best open-ended paths bound from above.
 * @throws InputError for generators, k or puncturing out of range.
 */
export function convolutionalCode(options: ConvolutionalOptions): BlockCode {
  const { termination = 'zero', puncturing = [1] } = options;
  requireChoice('termination', termination, ['zero', 'tail-biting']);
  const trellis = trellisOf(options.generators);
  const isTailBiting = termination === 'tail-biting';
  const k = requireInteger('k', options.k, isTailBiting ? trellis.memory : 1, 2 ** 20);
  for (const flag of puncturing) requireChoice('flag of the puncturing', flag, [0, 1]);
  const steps = isTailBiting ? k : k + trellis.memory;
  const sent = Uint32Array.from({ length: steps * trellis.outputs }, (_, at) => at).filter(
    (at) => puncturing[at % puncturing.length] === 1,
  );
  if (sent.length < k) {
    throw new InputError(
      `puncturing leaves ${sent.length} code bits for ${k} bits; allowed: at least as many`,
    );
  }
  const names = options.generators.map((generator) => generator.toString(8)).join(',');
  return new Convolutional(`convolutional (${names}) ${termination}`, k, trellis, sent, isTailBiting);
}

class Convolutional implements BlockCode {
  private readonly viterbi: Viterbi;
  private readonly steps: number;

  constructor(
    readonly name: string,
    readonly k: number,
    private readonly trellis: Trellis,
    /** Which bits of the mother code are sent. */
    private readonly sent: Uint32Array,
    private readonly isTailBiting: boolean,
  ) {
    this.steps = isTailBiting ? k : k + trellis.memory;
    this.viterbi = new Viterbi(trellis, this.steps);
  }

  get n(): number {
    return this.sent.length;
  }

  encode(bits: Uint8Array): Uint8Array {
    requireBits(bits, this.k);
    const { states, outputs, memory, words } = this.trellis;
    let state = this.isTailBiting ? this.stateAfter(bits.subarray(this.k - memory)) : 0;
    const whole = new Uint8Array(this.steps * outputs);
    for (let step = 0; step < this.steps; step++) {
      const input = bits[step] ?? 0;
      const word = words[2 * state + input]!;
      for (let output = 0; output < outputs; output++) {
        whole[step * outputs + output] = (word >> (outputs - 1 - output)) & 1;
      }
      state = (input * states) / 2 + (state >> 1);
    }
    return Uint8Array.from(this.sent, (at) => whole[at]!);
  }

  decode(llrs: Float32Array): Decoded {
    const whole = this.depuncture(llrs);
    return {
      bits: (this.isTailBiting ? this.bestCycle(whole) : this.bestFromZero(whole)).bits.slice(0, this.k),
    };
  }

  private bestFromZero(llrs: Float32Array): Path {
    this.viterbi.forward(llrs, 0);
    return this.viterbi.trace(0);
  }

  /**
   * The likeliest path that ends where it starts. The best path into a state from anywhere is at least as likely as the
   * best cycle through it, so states are tried in that order until no bound is above the best cycle found.
   */
  private bestCycle(llrs: Float32Array): Path {
    const { viterbi } = this;
    const bounds = viterbi.forward(llrs).slice();
    const order = [...bounds.keys()].sort((a, b) => bounds[b]! - bounds[a]!);
    const open = viterbi.trace(order[0]!);
    if (open.start === open.end) return open;
    let best: Path | undefined;
    for (const state of order) {
      if (best && bounds[state]! <= best.metric) break;
      const metric = viterbi.forward(llrs, state)[state]!;
      if (!best || metric > best.metric) best = viterbi.trace(state);
    }
    return best!;
  }

  /** The state that a run of as many inputs as the memory is long leads to, from anywhere. */
  private stateAfter(inputs: Uint8Array): number {
    return inputs.reduce((state, input) => (input * this.trellis.states) / 2 + (state >> 1), 0);
  }

  private depuncture(llrs: Float32Array): Float32Array {
    if (llrs.length !== this.n)
      throw new InputError(`${llrs.length} LLRs for ${this.name}; allowed: ${this.n}`);
    const whole = new Float32Array(this.steps * this.trellis.outputs);
    for (let index = 0; index < llrs.length; index++) {
      const llr = llrs[index]!;
      if (Number.isNaN(llr)) throw new InputError(`LLR ${index} is NaN; allowed: a number`);
      whole[this.sent[index]!] = Math.max(-LARGEST_LLR, Math.min(LARGEST_LLR, llr));
    }
    return whole;
  }
}

function requireBits(bits: Uint8Array, k: number): void {
  if (bits.length !== k) throw new InputError(`${bits.length} bits to encode; allowed: ${k}`);
  for (let index = 0; index < k; index++) {
    if (bits[index]! > 1) throw new InputError(`bit ${index} is ${bits[index]}; allowed: 0 or 1`);
  }
}
