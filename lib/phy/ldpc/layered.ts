import { type LiftedGraph, satisfiesChecks } from './base-graph.js';
import { hardBits, usefulRows } from './channel-values.js';
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
    const { graph, stop } = this;
    const rows = usefulRows(graph, channel);
    const { bits } = this;
    this.posterior.set(channel);
    this.messages.fill(0);
    let ok = false;
    let iterations = 0;
    while (iterations < stop.iterations && !(ok && stop.earlyStop)) {
      iterations++;
      for (let row = 0; row < rows; row++) this.updateRow(row);
      if (!stop.earlyStop && iterations < stop.iterations) continue;
      const decided = hardBits(this.posterior, bits, (graph.infoColumns + rows) * graph.liftingSize);
      ok = decided && satisfiesChecks(graph, bits, rows);
    }
    return { bits: bits.subarray(0, graph.infoColumns * graph.liftingSize), ok, iterations };
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
