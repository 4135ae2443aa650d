import type { DemapMethod } from '../constellation/index.js';
import type { VectorList } from './k-best.js';
import type { VectorDecision } from './vector.js';

/** How LLRs are taken from a list. */
export interface ListOptions {
  bitsPerSymbol: number;
  method: DemapMethod;
  /** Magnitude where no vector of the list has the other bit value. */
  llrLimit: number;
}

/** The nearest vector of a list, and the LLRs of its bits as if the list held all vectors. */
export function listLlrs(list: VectorList, { bitsPerSymbol, method, llrLimit }: ListOptions): VectorDecision {
  const { streams, labels, distances } = list;
  let best = 0;
  for (let vector = 1; vector < distances.length; vector++) {
    if (distances[vector]! < distances[best]!) best = vector;
  }
  const shares = method === 'app' ? likelihoods(distances, distances[best]!) : undefined;
  const llrs = new Float32Array(streams * bitsPerSymbol);
  for (let stream = 0; stream < streams; stream++) {
    for (let place = 0; place < bitsPerSymbol; place++) {
      const shift = bitsPerSymbol - 1 - place;
      const summed = shares ? summedLlr(list, stream, shift, shares) : Number.NaN;
      // Sums underflow where the nearest vectors are far apart; then the nearest of each side decide.
      const llr = Number.isFinite(summed) ? summed : nearestLlr(list, stream, shift);
      llrs[stream * bitsPerSymbol + place] = Number.isFinite(llr) ? llr : Math.sign(llr) * llrLimit;
    }
  }
  return { labels: Uint32Array.from(labels.subarray(best * streams, (best + 1) * streams)), llrs };
}

function likelihoods(distances: Float64Array, least: number): Float64Array {
  const out = new Float64Array(distances.length);
  for (let vector = 0; vector < out.length; vector++) out[vector] = Math.exp(least - distances[vector]!);
  return out;
}

function summedLlr(
  { streams, labels }: VectorList,
  stream: number,
  shift: number,
  shares: Float64Array,
): number {
  let [zero, one] = [0, 0];
  for (let vector = 0; vector < shares.length; vector++) {
    if ((labels[vector * streams + stream]! >> shift) & 1) one += shares[vector]!;
    else zero += shares[vector]!;
  }
  return Math.log(zero / one);
}

function nearestLlr({ streams, labels, distances }: VectorList, stream: number, shift: number): number {
  let [zero, one] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let vector = 0; vector < distances.length; vector++) {
    if ((labels[vector * streams + stream]! >> shift) & 1) one = Math.min(one, distances[vector]!);
    else zero = Math.min(zero, distances[vector]!);
  }
  return one - zero;
}
