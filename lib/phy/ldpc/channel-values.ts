import type { LiftedGraph } from './base-graph.js';

/** The LLR of a filler bit: larger than any sum of received ones. */
export const knownZero = 1e9;

/** Received LLRs are clipped to this, so that infinite ones (an erasure channel's) stay numbers. */
export const largestLlr = 1e6;

/**
 * The base rows worth decoding: a row below the core whose own parity bits were not sent says nothing, so all rows
 * after the last one that was sent are left out.
 */
export function usefulRows(graph: LiftedGraph, channel: Float32Array): number {
  let last = graph.columns * graph.liftingSize - 1;
  while (channel[last] === 0) last--;
  return Math.max(4, Math.floor(last / graph.liftingSize) - graph.infoColumns + 1);
}

/**
 * Bit 1 where the LLR is negative.
 * @param used bits that take part; the others are of rows left out
 * @returns whether all of those are decided: an LLR of 0 is no bit, or a block that was lost whole would pass as zeros
 */
export function hardBits(llrs: Float32Array | Float64Array, bits: Uint8Array, used: number): boolean {
  let decided = true;
  for (let i = 0; i < used; i++) {
    const llr = llrs[i]!;
    bits[i] = llr < 0 ? 1 : 0;
    if (llr === 0) decided = false;
  }
  return decided;
}
