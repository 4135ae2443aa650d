import { requireRange } from '../../base/index.js';
import { MAP, MAP_CELLS } from './cameras.js';
import { forecasts, type TemporalModel } from './context.js';
import type { FeatureMap, Features } from './features.js';
import { symbolBits } from './likelihood.js';

const ALL_CELLS = Array.from({ length: MAP_CELLS }, (_, cell) => cell);

/**
 * Features as the whole numbers that cost least: squared error plus `bitWeight` times the bits that the number takes under
 * the model's forecast. The same trade as an information bottleneck's, distortion against what is sent; 0 rounds.
 * @param past what the receiver has, latest first
 * @param bitWeight squared steps a bit, 0 to 100
 * @throws InputError for a weight out of range.
 */
export function quantise(
  features: Features,
  model: TemporalModel,
  past: readonly FeatureMap[],
  bitWeight: number,
): FeatureMap {
  requireRange('bitWeight', bitWeight, 0, 100);
  const map = new Int16Array(features.length);
  for (let channel = 0; channel < MAP.channels; channel++) {
    let at = channel * MAP_CELLS;
    for (const foreseen of forecasts(model, past, channel, ALL_CELLS)) {
      const value = features[at]!;
      const cost = (symbol: number) => (value - symbol) ** 2 + bitWeight * symbolBits(symbol, foreseen);
      const candidates = new Set([Math.floor(value), Math.ceil(value), Math.round(foreseen.mean)]);
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (const symbol of candidates) {
        const price = cost(symbol);
        if (price < least) [best, least] = [symbol, price];
      }
      map[at++] = best;
    }
  }
  return map;
}

/** Bits of a map under the model's forecasts. */
export function forecastBits(map: FeatureMap, model: TemporalModel, past: readonly FeatureMap[]): number {
  let [bits, at] = [0, 0];
  for (let channel = 0; channel < MAP.channels; channel++) {
    for (const foreseen of forecasts(model, past, channel, ALL_CELLS))
      bits += symbolBits(map[at++]!, foreseen);
  }
  return bits;
}
