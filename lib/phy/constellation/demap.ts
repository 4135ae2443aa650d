import { InputError } from '../../base/index.js';
import { addPriors } from './axis.js';
import { bitsOf } from './points.js';
import { type DemapMethod, LabelReducer } from './reduce.js';

/** What a demapper is given, checked. */
export interface Received {
  /** Interleaved complex. */
  readonly symbols: Float32Array;
  /** 1/N0 of each symbol. */
  readonly inverseNoise: (symbol: number) => number;
  readonly priors: Float32Array | undefined;
}

/**
 * 1/N0 by symbol, from one variance for all symbols, one a symbol, or one a run of equally many.
 * @throws InputError when a variance is not above 0 (infinity is: nothing was received), or they do not divide the symbols.
 */
export function inverseNoise(
  noiseVariance: number | ArrayLike<number>,
  symbols: number,
): (symbol: number) => number {
  const variances = typeof noiseVariance === 'number' ? [noiseVariance] : noiseVariance;
  const inverses = new Float64Array(variances.length);
  for (let index = 0; index < variances.length; index++) {
    const variance = variances[index]!;
    if (!(variance > 0)) throw new InputError(`noise variance is ${variance}; allowed: a number above 0`);
    inverses[index] = 1 / variance;
  }
  const run = symbols / inverses.length;
  if (inverses.length === 1) return () => inverses[0]!;
  if (run === 1) return (symbol) => inverses[symbol]!;
  if (Number.isInteger(run)) return (symbol) => inverses[Math.floor(symbol / run)]!;
  throw new InputError(
    `${inverses.length} noise variances for ${symbols} symbols; allowed: one, one a symbol, or one a run of equally many`,
  );
}

/** LLRs of all bits from the distances to all points: any constellation. */
export function demapPoints(
  points: Float64Array,
  { symbols, inverseNoise, priors }: Received,
  method: DemapMethod,
  out: Float32Array,
): void {
  const order = points.length / 2;
  const bits = bitsOf(order);
  const metrics = new Float64Array(order);
  const reducer = new LabelReducer(bits);
  for (let symbol = 0; 2 * symbol < symbols.length; symbol++) {
    const [re, im] = [symbols[2 * symbol]!, symbols[2 * symbol + 1]!];
    const scale = -inverseNoise(symbol);
    for (let label = 0; label < order; label++) {
      const dr = re - points[2 * label]!;
      const di = im - points[2 * label + 1]!;
      metrics[label] = (dr * dr + di * di) * scale;
    }
    const start = symbol * bits;
    if (priors) addPriors(metrics, priors, start, 1, bits);
    if (method === 'app') reducer.sum(metrics, out, start, 1);
    else reducer.maximise(metrics, out, start, 1);
  }
}
