import { type LiftedGraph, satisfiesChecks } from './base-graph.js';
import { hardBits } from './channel-values.js';
import type { DecodedWord, StopRule } from './word-decoder.js';

/** What a decoder works on. */
interface Iterated {
  readonly graph: LiftedGraph;
  readonly stop: StopRule;
  /** Base rows that are used. */
  readonly rows: number;
  /** Where the decisions go. */
  readonly bits: Uint8Array;
}

/**
 * Iterations until all checks hold, or as many as may be; without an early stop only the last one's bits are checked.
 * @param iterate one iteration; gives the posterior LLRs
 */
export function iterated(
  { graph, stop, rows, bits }: Iterated,
  iterate: () => Float32Array | Float64Array,
): DecodedWord {
  let ok = false;
  let iterations = 0;
  while (iterations < stop.iterations && !(ok && stop.earlyStop)) {
    iterations++;
    const posterior = iterate();
    if (!stop.earlyStop && iterations < stop.iterations) continue;
    const decided = hardBits(posterior, bits, (graph.infoColumns + rows) * graph.liftingSize);
    ok = decided && satisfiesChecks(graph, bits, rows);
  }
  return { bits: bits.subarray(0, graph.infoColumns * graph.liftingSize), ok, iterations };
}
