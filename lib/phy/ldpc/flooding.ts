import type { LiftedGraph } from './base-graph.js';
import { usefulRows } from './channel-values.js';
import { iterated } from './iterations.js';
import type { DecodedWord, StopRule, WordDecoder } from './word-decoder.js';

/** The largest product of hyperbolic tangents below 1; its message is 2 atanh of it, 36.7. */
const almostOne = 1 - 2 ** -52;

/**
 * Flooding sum-product (Gallager 1963; Kschischang et al. 2001): all checks from the same posterior, by the exact
 * rule tanh(m / 2) = product of tanh(q / 2) over the other edges, in double precision.
 */
export class FloodingSumProduct implements WordDecoder {
  private posterior: Float64Array;
  private next: Float64Array;
  /** From check to bit, Z values an edge. */
  private readonly messages: Float64Array;
  private readonly bits: Uint8Array;
  /** Of the check at hand: tanh of half the incoming LLRs, and their products from the left. */
  private readonly tangents = new Float64Array(32);
  private readonly products = new Float64Array(32);
  private readonly places = new Int32Array(32);

  constructor(
    private readonly graph: LiftedGraph,
    private readonly stop: StopRule,
  ) {
    this.posterior = new Float64Array(graph.columns * graph.liftingSize);
    this.next = new Float64Array(graph.columns * graph.liftingSize);
    this.messages = new Float64Array(graph.column.length * graph.liftingSize);
    this.bits = new Uint8Array(graph.columns * graph.liftingSize);
  }

  decode(channel: Float32Array): DecodedWord {
    const { graph, stop, bits } = this;
    const rows = usefulRows(graph, channel);
    this.posterior.set(channel);
    this.messages.fill(0);
    return iterated({ graph, stop, rows, bits }, () => {
      this.iterate(channel, rows);
      return this.posterior;
    });
  }

  private iterate(channel: Float32Array, rows: number): void {
    const { rowStart, liftingSize } = this.graph;
    this.next.set(channel);
    for (let row = 0; row < rows; row++) {
      for (let lane = 0; lane < liftingSize; lane++) {
        this.updateCheck(rowStart[row]!, rowStart[row + 1]!, lane);
      }
    }
    [this.posterior, this.next] = [this.next, this.posterior];
  }

  private updateCheck(first: number, end: number, lane: number): void {
    const { graph, posterior, next, messages, tangents, products, places } = this;
    const { column, shift, liftingSize: size } = graph;
    let product = 1;
    for (let edge = first; edge < end; edge++) {
      const place = column[edge]! * size + ((lane + shift[edge]!) % size);
      const tangent = Math.tanh((posterior[place]! - messages[edge * size + lane]!) / 2);
      places[edge - first] = place;
      products[edge - first] = product;
      tangents[edge - first] = tangent;
      product *= tangent;
    }
    product = 1;
    for (let edge = end - 1; edge >= first; edge--) {
      const others = products[edge - first]! * product;
      const bounded = Math.max(-almostOne, Math.min(almostOne, others));
      const message = Math.log((1 + bounded) / (1 - bounded));
      messages[edge * size + lane] = message;
      next[places[edge - first]!]! += message;
      product *= tangents[edge - first]!;
    }
  }
}
