import { labelBit } from './points.js';

/**
 * How a demapper sums the likelihoods of the points that share a bit: `app`, exactly; `max-log`, by the
 * largest of them.
 */
export type DemapMethod = 'app' | 'max-log';

/** A share of the likelihood below this is about to underflow; sums are then taken around their own maxima. */
const SMALLEST_SHARE = 1e-290;

/** Turns what is known of labels into LLRs of the labels' bits. */
export class LabelReducer {
  private readonly shares: Float64Array;
  /** For each bit the labels in which it is 0, then those in which it is 1. */
  private readonly members: readonly { readonly zeros: Uint16Array; readonly ones: Uint16Array }[];

  constructor(width: number) {
    this.shares = new Float64Array(2 ** width);
    this.members = Array.from({ length: width }, (_, place) => {
      const labels = Uint16Array.from({ length: 2 ** width }, (_, label) => label);
      const having = (bit: number) => labels.filter((label) => labelBit(label, width, place) === bit);
      return { zeros: having(0), ones: having(1) };
    });
  }

  /** Writes the max-log LLR of bit `place` to out[start + place * stride]; metrics are log-likelihoods by label. */
  maximise(metrics: Float64Array, out: Float32Array, start: number, stride: number): void {
    for (const [place, { zeros, ones }] of this.members.entries()) {
      out[start + place * stride] = maximum(metrics, zeros) - maximum(metrics, ones);
    }
  }

  /** Writes the exact LLRs; metrics are log-likelihoods by label, up to a constant. */
  sum(metrics: Float64Array, out: Float32Array, start: number, stride: number): void {
    const { shares } = this;
    let largest = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < metrics.length; label++) {
      if (metrics[label]! > largest) largest = metrics[label]!;
    }
    for (let label = 0; label < metrics.length; label++) shares[label] = Math.exp(metrics[label]! - largest);
    if (this.sumShares(shares, out, start, stride)) return;
    for (const [place, { zeros, ones }] of this.members.entries()) {
      out[start + place * stride] = logSum(metrics, zeros) - logSum(metrics, ones);
    }
  }

  /**
   * Writes the exact LLRs from likelihoods by label, the largest of them 1.
   * @returns false where a sum underflowed; the logarithms of the likelihoods must then decide (`sum`).
   */
  sumShares(shares: Float64Array, out: Float32Array, start: number, stride: number): boolean {
    const { members } = this;
    for (let place = 0; place < members.length; place++) {
      const { zeros, ones } = members[place]!;
      let zero = 0;
      let one = 0;
      for (let index = 0; index < zeros.length; index++) {
        zero += shares[zeros[index]!]!;
        one += shares[ones[index]!]!;
      }
      if (zero < SMALLEST_SHARE || one < SMALLEST_SHARE) return false;
      out[start + place * stride] = Math.log(zero / one);
    }
    return true;
  }
}

function maximum(metrics: Float64Array, labels: Uint16Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < labels.length; index++) {
    const metric = metrics[labels[index]!]!;
    if (metric > largest) largest = metric;
  }
  return largest;
}

function logSum(metrics: Float64Array, labels: Uint16Array): number {
  const largest = maximum(metrics, labels);
  let sum = 0;
  for (const label of labels) sum += Math.exp(metrics[label]! - largest);
  return largest + Math.log(sum);
}
