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
  const { labels, distances } = list;
  let best = 0;
  distances.forEach((distance, vector) => {
    if (distance < distances[best]!) best = vector;
  });
  const likelihoods =
    method === 'app' ? distances.map((distance) => Math.exp(distances[best]! - distance)) : undefined;
  const llrs = new Float32Array(labels.length * bitsPerSymbol);
  labels.forEach((row, stream) => {
    for (let place = 0; place < bitsPerSymbol; place++) {
      const shift = bitsPerSymbol - 1 - place;
      const llr = likelihoods ? summedLlr(row, shift, likelihoods) : Number.NaN;
      // Sums underflow where the nearest vectors are far apart; then the nearest of each side decide.
      const settled = Number.isFinite(llr) ? llr : nearestLlr(row, shift, distances);
      llrs[stream * bitsPerSymbol + place] = Number.isFinite(settled)
        ? settled
        : Math.sign(settled) * llrLimit;
    }
  });
  return { labels: Uint32Array.from(labels, (row) => row[best]!), llrs };
}

function summedLlr(row: Uint16Array, shift: number, likelihoods: Float64Array): number {
  let [zero, one] = [0, 0];
  for (let vector = 0; vector < row.length; vector++) {
    if ((row[vector]! >> shift) & 1) one += likelihoods[vector]!;
    else zero += likelihoods[vector]!;
  }
  return Math.log(zero) - Math.log(one);
}

function nearestLlr(row: Uint16Array, shift: number, distances: Float64Array): number {
  let [zero, one] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let vector = 0; vector < row.length; vector++) {
    if ((row[vector]! >> shift) & 1) one = Math.min(one, distances[vector]!);
    else zero = Math.min(zero, distances[vector]!);
  }
  return one - zero;
}
