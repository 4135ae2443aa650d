import type { Trellis } from './trellis.js';

/** The best path through a trellis, from its first state to its last. */
export interface Path {
  bits: Uint8Array;
  start: number;
  end: number;
  /** Correlation of LLRs and code bits, sum of +-LLR/2. */
  metric: number;
}

/** Soft-decision Viterbi algorithm (1967): the likeliest path for given LLRs, with its memory kept from block to block. */
export class Viterbi {
  private metrics: Float64Array;
  private nextMetrics: Float64Array;
  /** Which of the two predecessors won, by step * states + state. */
  private readonly decisions: Uint8Array;
  private readonly wordMetrics: Float64Array;

  constructor(
    private readonly trellis: Trellis,
    private readonly steps: number,
  ) {
    this.metrics = new Float64Array(trellis.states);
    this.nextMetrics = new Float64Array(trellis.states);
    this.decisions = new Uint8Array(steps * trellis.states);
    this.wordMetrics = new Float64Array(2 ** trellis.outputs);
  }

  /**
   * Runs over the trellis once.
   * @param llrs steps * outputs of them, finite; 0 where a bit was punctured
   * @param start the state to start from; undefined: any, all alike
   * @returns the metric of the best path into each state; it is overwritten by the next run
   */
  forward(llrs: Float32Array, start?: number): Float64Array {
    const { states, outputs } = this.trellis;
    this.metrics.fill(start === undefined ? 0 : Number.NEGATIVE_INFINITY);
    if (start !== undefined) this.metrics[start] = 0;
    for (let step = 0; step < this.steps; step++) {
      this.weigh(llrs, step * outputs);
      this.extend(step * states);
      [this.metrics, this.nextMetrics] = [this.nextMetrics, this.metrics];
    }
    return this.metrics;
  }

  /** The path that ended in this state, of the last run. */
  trace(end: number): Path {
    const { states, memory } = this.trellis;
    const bits = new Uint8Array(this.steps);
    let state = end;
    for (let step = this.steps - 1; step >= 0; step--) {
      bits[step] = state >> (memory - 1);
      state = ((2 * state) & (states - 1)) + this.decisions[step * states + state]!;
    }
    return { bits, start: state, end, metric: this.metrics[end]! };
  }

  /** Metrics of all output words of a step. */
  private weigh(llrs: Float32Array, at: number): void {
    const { outputs } = this.trellis;
    const { wordMetrics } = this;
    for (let word = 0; word < wordMetrics.length; word++) {
      let metric = 0;
      for (let output = 0; output < outputs; output++) {
        const half = llrs[at + output]! / 2;
        metric += (word >> (outputs - 1 - output)) & 1 ? -half : half;
      }
      wordMetrics[word] = metric;
    }
  }

  /** One step of add, compare, select. States 2p and 2p + 1 both lead to p and p + states/2. */
  private extend(decisionsAt: number): void {
    const { states, words } = this.trellis;
    const { metrics, nextMetrics, decisions, wordMetrics } = this;
    const half = states / 2;
    for (let pair = 0; pair < half; pair++) {
      const even = metrics[2 * pair]!;
      const odd = metrics[2 * pair + 1]!;
      for (let input = 0; input < 2; input++) {
        const fromEven = even + wordMetrics[words[4 * pair + input]!]!;
        const fromOdd = odd + wordMetrics[words[4 * pair + 2 + input]!]!;
        const state = input * half + pair;
        nextMetrics[state] = Math.max(fromEven, fromOdd);
        decisions[decisionsAt + state] = Number(fromOdd > fromEven);
      }
    }
  }
}
