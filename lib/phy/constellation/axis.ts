import type { Received } from './demap.js';
import { bitsOf, labelBit } from './points.js';
import { type DemapMethod, LabelReducer } from './reduce.js';

/** One real dimension of a constellation, whose bits depend on that dimension alone. */
export interface Axis {
  /** 0: real part; 1: imaginary part. */
  readonly part: 0 | 1;
  /** Gray-labelled, equally spaced levels by label. */
  readonly levels: Float64Array;
  /** The label's bits stand at places first, first + stride, ... of the symbol's bits. */
  readonly first: number;
  readonly stride: number;
}

/** Demaps one axis of a constellation: its tables, made once. */
export class AxisDemapper {
  private readonly bits: number;
  /** Half the spacing of the levels. */
  private readonly half: number;
  /** The labels in ascending order of their levels. */
  private readonly ascending: Uint16Array;
  private readonly reducer: LabelReducer;
  private readonly metrics: Float64Array;
  private readonly pieces: { slopes: Float64Array; offsets: Float64Array };

  constructor(
    private readonly axis: Axis,
    /** Bits of a whole symbol. */
    private readonly width: number,
  ) {
    const { levels } = axis;
    this.bits = bitsOf(levels.length);
    this.half = Math.max(...levels) / (levels.length - 1);
    this.ascending = Uint16Array.from(levels.keys()).sort((a, b) => levels[a]! - levels[b]!);
    this.reducer = new LabelReducer(this.bits);
    this.metrics = new Float64Array(levels.length);
    this.pieces = linearPieces(levels, this.half);
  }

  /** LLRs of the bits of this axis, written to their places in `out`. */
  demap(received: Received, method: DemapMethod, out: Float32Array): void {
    if (received.priors) this.withPriors(received, received.priors, method, out);
    else if (method === 'app') this.exact(received, out);
    else this.maxLog(received, out);
  }

  private withPriors(
    { symbols, inverseNoise }: Received,
    priors: Float32Array,
    method: DemapMethod,
    out: Float32Array,
  ): void {
    const { axis, width, bits, reducer } = this;
    for (let symbol = 0; 2 * symbol < symbols.length; symbol++) {
      const metrics = this.metricsOf(symbols[2 * symbol + axis.part]!, inverseNoise(symbol));
      const start = symbol * width + axis.first;
      addPriors(metrics, priors, start, axis.stride, bits);
      if (method === 'app') reducer.sum(metrics, out, start, axis.stride);
      else reducer.maximise(metrics, out, start, axis.stride);
    }
  }

  /**
   * The likelihoods of equally spaced levels fall off from the nearest one in ratios that themselves shrink by one
   * constant factor, so that an axis needs two exponentials whatever its number of levels.
   */
  private exact({ symbols, inverseNoise }: Received, out: Float32Array): void {
    const { axis, width, half, ascending, reducer } = this;
    const count = ascending.length;
    const shares = new Float64Array(count);
    let shrinkScale = Number.NaN;
    let shrink = 0;
    for (let symbol = 0; 2 * symbol < symbols.length; symbol++) {
      const y = symbols[2 * symbol + axis.part]!;
      const scale = inverseNoise(symbol);
      const nearest = Math.min(count - 1, Math.max(0, Math.floor(y / (2 * half) + count / 2)));
      const offset = y - (2 * nearest + 1 - count) * half;
      if (scale !== shrinkScale) {
        shrink = Math.exp(-8 * half * half * scale);
        shrinkScale = scale;
      }
      const up = Math.exp(4 * half * (offset - half) * scale);
      const down = Math.exp(-4 * half * (offset + half) * scale);
      shares[ascending[nearest]!] = 1;
      for (let place = nearest + 1, ratio = up, share = up; place < count; place++) {
        shares[ascending[place]!] = share;
        ratio *= shrink;
        share *= ratio;
      }
      for (let place = nearest - 1, ratio = down, share = down; place >= 0; place--) {
        shares[ascending[place]!] = share;
        ratio *= shrink;
        share *= ratio;
      }
      const start = symbol * width + axis.first;
      if (reducer.sumShares(shares, out, start, axis.stride)) continue;
      reducer.sum(this.metricsOf(y, scale), out, start, axis.stride);
    }
  }

  /**
   * Max-log without priors is piecewise linear: within each half spacing the nearest level of either bit value stays
   * the same, so that an LLR is one multiplication and one addition.
   */
  private maxLog({ symbols, inverseNoise }: Received, out: Float32Array): void {
    const { axis, width, half, bits } = this;
    const { slopes, offsets } = this.pieces;
    const count = axis.levels.length;
    for (let symbol = 0; 2 * symbol < symbols.length; symbol++) {
      const y = symbols[2 * symbol + axis.part]!;
      const scale = inverseNoise(symbol);
      const piece = Math.min(2 * count - 1, Math.max(0, Math.floor(y / half) + count));
      let at = symbol * width + axis.first;
      for (let row = piece; row < bits * 2 * count; row += 2 * count) {
        out[at] = (slopes[row]! * y + offsets[row]!) * scale;
        at += axis.stride;
      }
    }
  }

  private metricsOf(y: number, scale: number): Float64Array {
    const { levels } = this.axis;
    for (let label = 0; label < levels.length; label++) {
      const distance = y - levels[label]!;
      this.metrics[label] = -distance * distance * scale;
    }
    return this.metrics;
  }
}

/** Slope and offset of the max-log LLR times N0, by bit and half spacing. */
function linearPieces(levels: Float64Array, half: number): { slopes: Float64Array; offsets: Float64Array } {
  const count = levels.length;
  const bits = bitsOf(count);
  const slopes = new Float64Array(bits * 2 * count);
  const offsets = new Float64Array(bits * 2 * count);
  for (let row = 0; row < slopes.length; row++) {
    const middle = ((row % (2 * count)) + 0.5 - count) * half;
    const place = Math.floor(row / (2 * count));
    const nearest = (bit: number) => {
      const having = levels.filter((_, label) => labelBit(label, bits, place) === bit);
      return having.reduce((best, level) =>
        Math.abs(level - middle) < Math.abs(best - middle) ? level : best,
      );
    };
    const [zero, one] = [nearest(0), nearest(1)];
    slopes[row] = 2 * (zero - one);
    offsets[row] = one * one - zero * zero;
  }
  return { slopes, offsets };
}

/** A label's metric grows by half the prior LLR of each of its bits, or falls by it where the bit is 1. */
export function addPriors(
  metrics: Float64Array,
  priors: Float32Array,
  start: number,
  stride: number,
  bits: number,
): void {
  for (let place = 0; place < bits; place++) {
    const half = priors[start + place * stride]! / 2;
    for (let label = 0; label < metrics.length; label++) {
      metrics[label]! += labelBit(label, bits, place) === 1 ? -half : half;
    }
  }
}
