import type { LiftedGraph } from './base-graph.js';
import { usefulRows } from './channel-values.js';
import { iterated } from './iterations.js';
import type { DecodedWord, StopRule, WordDecoder } from './word-decoder.js';

/** What a check's messages are scaled by, since the minimum overestimates (Chen and Fossorier 2002). */
const normalisation = 0.75;

/**
 * Layered normalised min-sum (Hocevar 2004; Chen and Fossorier 2002): a base row at a time, whose Z checks share
 * no bit, each working on the posterior that the rows before left.
 */
export class LayeredMinSum implements WordDecoder {
  private readonly posterior: Float32Array;
  /** From check to bit, Z values an edge. */
  private readonly messages: Float32Array;
  private readonly bits: Uint8Array;
  /** From bit to check, of the check at hand. */
  private readonly incoming = new Float32Array(32);
  private readonly places = new Int32Array(32);

  constructor(
    private readonly graph: LiftedGraph,
    private readonly stop: StopRule,
  ) {
    this.posterior = new Float32Array(graph.columns * graph.liftingSize);
    this.messages = new Float32Array(graph.column.length * graph.liftingSize);
    this.bits = new Uint8Array(graph.columns * graph.liftingSize);
  }

  decode(channel: Float32Array): DecodedWord {
    const { graph, stop, bits, posterior } = this;
    const rows = usefulRows(graph, channel);
    posterior.set(channel);
    this.messages.fill(0);
    return iterated({ graph, stop, rows, bits }, () => {
      for (let row = 0; row < rows; row++) this.updateRow(row);
      return posterior;
    });
  }

  private updateRow(row: number): void {
    const { rowStart, liftingSize } = this.graph;
    for (let lane = 0; lane < liftingSize; lane++) {
      this.updateCheck(rowStart[row]!, rowStart[row + 1]!, lane);
    }
  }

  private updateCheck(first: number, end: number, lane: number): void {
    const { graph, posterior, messages, incoming, places } = this;
    const { column, shift, liftingSize: size } = graph;
    let least = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let leastAt = first;
    let negative = false;
    for (let edge = first; edge < end; edge++) {
      const turned = lane + shift[edge]!;
      const place = column[edge]! * size + (turned < size ? turned : turned - size);
      const value = posterior[place]! - messages[edge * size + lane]!;
      places[edge - first] = place;
      incoming[edge - first] = value;
      const weight = Math.abs(value);
      if (value < 0) negative = !negative;
      if (weight < least) {
        second = least;
        least = weight;
        leastAt = edge;
      } else if (weight < second) second = weight;
    }
    least *= normalisation;
    second *= normalisation;
    for (let edge = first; edge < end; edge++) {
      const value = incoming[edge - first]!;
      const weight = edge === leastAt ? second : least;
      const message = value < 0 !== negative ? -weight : weight;
      messages[edge * size + lane] = message;
      posterior[places[edge - first]!] = value + message;
    }
  }
}
