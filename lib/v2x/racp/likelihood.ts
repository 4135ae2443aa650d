import { qFunction } from '../../math/index.js';

/** What the next symbol is taken for: a Gaussian, of which a whole number gets what lies within half a step. */
export interface Forecast {
  readonly mean: number;
  /** Not below `LEAST_SCALE`. */
  readonly scale: number;
}

export const LEAST_SCALE = 0.11;
/** No symbol is taken for less likely. */
export const LEAST_LIKELIHOOD = 1e-9;

/**
 * Probability of a whole number under a Gaussian rounded to whole numbers, not below 1e-9: Phi((0.5 - |y - mean|) / s) -
 * Phi((-0.5 - |y - mean|) / s) (Ballé et al. 2018; R-ACP's entropy model).
 */
export function likelihood(symbol: number, { mean, scale }: Forecast): number {
  const off = Math.abs(symbol - mean);
  return Math.max(LEAST_LIKELIHOOD, qFunction((off - 0.5) / scale) - qFunction((off + 0.5) / scale));
}

/** Bits of a symbol under a forecast. */
export const symbolBits = (symbol: number, forecast: Forecast): number =>
  -Math.log2(likelihood(symbol, forecast));

/** Derivatives of the nats of a symbol by mean and scale; beyond the floor those of the density. */
export function likelihoodGradient(symbol: number, forecast: Forecast): { mean: number; scale: number } {
  const { mean, scale } = forecast;
  const off = symbol - mean;
  const p = likelihood(symbol, forecast);
  if (p <= LEAST_LIKELIHOOD) return { mean: -off / scale ** 2, scale: 1 / scale - off ** 2 / scale ** 3 };
  const [low, high] = [(off - 0.5) / scale, (off + 0.5) / scale];
  const [atLow, atHigh] = [density(low), density(high)];
  return { mean: (atHigh - atLow) / (scale * p), scale: (high * atHigh - low * atLow) / (scale * p) };
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Bits of symbols by their own empirical entropy: the least that any code of single symbols takes. */
export function empiricalBits(symbols: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < symbols.length; at++) counts.set(symbols[at]!, (counts.get(symbols[at]!) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / symbols.length);
  return bits;
}
