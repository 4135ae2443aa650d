/** The range [low, high] that 8 bits of an activation cover. It holds 0. */
export interface Range {
  low: number;
  high: number;
}

/** Levels of an 8-bit activation, less one. */
const steps = 255;
const bins = 2048;
/** Shares of the found range that are tried as ends of the one that is kept. */
const shares = Array.from({ length: 80 }, (_, i) => 1 - i / 100);

/** How often the values of one activation fall into each part of their range. */
export class Histogram {
  private readonly counts = new Float64Array(bins);
  private readonly width: number;

  constructor(private readonly range: Range) {
    this.width = (range.high - range.low) / bins || 1;
  }

  add(values: Float32Array): void {
    const { low } = this.range;
    for (const value of values) {
      const bin = Math.floor((value - low) / this.width);
      this.counts[Math.max(0, Math.min(bins - 1, bin))]!++;
    }
  }

  /** The range of least squared error of rounding and clipping, no end beyond what was found. */
  leastSquares(): Range {
    let best = { ...this.range };
    let least = this.error(best);
    for (const end of ['high', 'low', 'high', 'low'] as const) {
      for (const share of shares) {
        const tried = { ...best, [end]: this.range[end] * share };
        const error = this.error(tried);
        if (error < least) [best, least] = [tried, error];
      }
    }
    return best;
  }

  private error({ low, high }: Range): number {
    const rounding = ((high - low) / steps) ** 2 / 12;
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) {
      const count = this.counts[bin]!;
      if (count === 0) continue;
      const value = this.range.low + (bin + 0.5) * this.width;
      const beyond = Math.max(0, low - value, value - high);
      sum += count * (beyond > 0 ? beyond ** 2 : rounding);
    }
    return sum;
  }
}

/** The extremes of all values so far, and 0: zeros are exact in 8 bits, as padding asks. */
export function widen(range: Range, values: Float32Array): Range {
  let { low, high } = range;
  for (const value of values) {
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  return { low, high };
}

/** Scale and zero point of a range: value = scale · (level − zero), levels 0 to 255. */
export function levelsOf({ low, high }: Range): { scale: number; zero: number } {
  const scale = Math.fround((high - low) / steps) || 1;
  return { scale, zero: Math.max(0, Math.min(steps, Math.round(-low / scale))) };
}
