import { requireRange } from '../../base/index.js';
import { MAP, MAP_CELLS } from './cameras.js';
import { forecasts, type TemporalModel } from './context.js';
import { codeBits, type EntropyModel } from './entropy-model.js';
import { type Features, requireSymbols, type SymbolMap, wholeSymbol } from './features.js';
import { symbolBits } from './likelihood.js';

const ALL_CELLS = Array.from({ length: MAP_CELLS }, (_, cell) => cell);

/**
 * Features as whole numbers, of the two nearest and the likeliest the one that costs least: squared error plus `bitWeight` times
 * the bits that the number takes. The same trade as an information bottleneck's, distortion against what is sent; 0 rounds.
 * @param past what the receiver has, latest first
 * @param bitWeight squared steps a bit, 0 to 100
 * @throws InputError for a weight out of range, or features of another number.
 */
export function quantise(
  features: Features,
  entropy: EntropyModel,
  past: readonly SymbolMap[],
  bitWeight: number,
): SymbolMap {
  requireRange('bitWeight', bitWeight, 0, 100);
  requireSymbols('features', features);
  const map = new Int16Array(features.length);
  for (let channel = 0; channel < MAP.channels; channel++) {
    let at = channel * MAP_CELLS;
    for (const range of entropy(past, channel, ALL_CELLS)) {
      const value = features[at]!;
      const nearest = wholeSymbol(value);
      let [best, least] = [nearest, Number.POSITIVE_INFINITY];
      for (const symbol of [nearest, wholeSymbol(nearest + (value < nearest ? -1 : 1)), range.likely]) {
        const cost = (value - symbol) ** 2 + bitWeight * codeBits(range, symbol);
        if (cost < least) [best, least] = [symbol, cost];
      }
      map[at++] = best;
    }
  }
  return map;
}

/** A camera's features one frame after the other, each quantised on what the receiver has of the two before. */
export function quantiseSequence(
  sequence: readonly Features[],
  entropy: EntropyModel,
  bitWeight: number,
): SymbolMap[] {
  const maps: SymbolMap[] = [];
  for (const features of sequence)
    maps.push(quantise(features, entropy, maps.slice(-2).reverse(), bitWeight));
  return maps;
}

/** Bits of a map under the model's forecasts. */
export function forecastBits(map: SymbolMap, model: TemporalModel, past: readonly SymbolMap[]): number {
  let [bits, at] = [0, 0];
  for (let channel = 0; channel < MAP.channels; channel++) {
    for (const foreseen of forecasts(model, past, channel, ALL_CELLS))
      bits += symbolBits(map[at++]!, foreseen);
  }
  return bits;
}
