import { InputError } from '../../base/index.js';
import { MAP, MAP_CELLS } from './cameras.js';
import { forecasts, requireModel, type TemporalModel } from './context.js';
import { requireSymbols, type SymbolMap } from './features.js';
import { LEAST_SCALE, likelihood } from './likelihood.js';
import { type SymbolTable, symbolTable, TOTAL } from './range-coder.js';

/** Symbols `low`, `low` + 1 ... by the places of a table, whose last place stands for all others. */
export interface SymbolRange {
  readonly table: SymbolTable;
  readonly low: number;
  /** The likeliest of them. */
  readonly likely: number;
}

/** Bits that follow the last place of a table: the symbol as it is. */
const OTHER_BITS = 16;
const SHARE_BITS = Float64Array.from({ length: TOTAL + 1 }, (_, share) => -Math.log2(share / TOTAL));

/** Bits of a symbol in the code. */
export function codeBits({ table: { starts }, low }: SymbolRange, symbol: number): number {
  const others = starts.length - 2;
  const place = symbol - low;
  if (place >= 0 && place < others) return SHARE_BITS[starts[place + 1]! - starts[place]!]!;
  return SHARE_BITS[starts[others + 1]! - starts[others]!]! + OTHER_BITS;
}

/** What symbols of a map are likely: one range for each cell asked for. Both ends must have the same past. */
export type EntropyModel = (
  past: readonly SymbolMap[],
  channel: number,
  cells: readonly number[],
) => Iterable<SymbolRange>;

/** Scales for which tables are kept, in ratio 2^(1/5), and parts of a step by which their means differ. */
const SCALES_PER_OCTAVE = 5;
const LARGEST_SCALE = 40;
const MEANS = 16;
const REACH = 6;

/**
 * Each symbol by its forecast from the past. Means are rounded to 16ths and scales to fifths of octaves, so that tables are few.
 * @throws InputError for a model of other weights, or some that are no finite numbers.
 */
export function temporalEntropy(model: TemporalModel): EntropyModel {
  requireModel(model);
  const tables = new Map<number, { table: SymbolTable; reach: number }>();
  return function* (past, channel, cells) {
    for (const { mean, scale } of forecasts(model, past, channel, cells)) {
      const level = Math.round(SCALES_PER_OCTAVE * Math.log2(Math.min(scale, LARGEST_SCALE) / LEAST_SCALE));
      const fine = Math.round(MEANS * Math.min(Math.max(mean, -16_000), 16_000));
      const middle = Math.round(fine / MEANS);
      const part = fine - MEANS * middle;
      const key = level * 2 * MEANS + part + MEANS;
      let known = tables.get(key);
      if (!known) {
        known = gaussianTable(part / MEANS, LEAST_SCALE * 2 ** (level / SCALES_PER_OCTAVE));
        tables.set(key, known);
      }
      yield { table: known.table, low: middle - known.reach, likely: middle };
    }
  };
}

function gaussianTable(mean: number, scale: number): { table: SymbolTable; reach: number } {
  const reach = Math.ceil(REACH * scale) + 1;
  const size = 2 * reach + 1;
  const inside = Array.from({ length: size }, (_, place) => likelihood(place - reach, { mean, scale }));
  return { table: symbolTable([...inside, 0]), reach };
}

/**
 * Each symbol by how often it came in maps seen before, channel by channel, whatever its past: the i.i.d. code.
 * @throws InputError for no map, or one of another size.
 */
export function independentEntropy(seen: readonly SymbolMap[]): EntropyModel {
  if (seen.length === 0) throw new InputError('no map to count symbols of; allowed: 1 or more');
  for (const map of seen) requireSymbols('map', map);
  const ranges = Array.from({ length: MAP.channels }, (_, channel) =>
    histogram(seen.map((map) => map.subarray(channel * MAP_CELLS, (channel + 1) * MAP_CELLS))),
  );
  return (_, channel, cells) => cells.map(() => ranges[channel]!);
}

const MOST_SYMBOLS = 1024;

function histogram(planes: readonly SymbolMap[]): SymbolRange {
  let [low, high] = [0, 0];
  for (const plane of planes)
    for (const symbol of plane) [low, high] = [Math.min(low, symbol), Math.max(high, symbol)];
  low = Math.max(low, -MOST_SYMBOLS / 2);
  const counts = new Float64Array(Math.min(high - low + 1, MOST_SYMBOLS) + 1);
  for (const plane of planes)
    for (const symbol of plane) {
      const place = symbol - low;
      counts[place >= 0 && place < counts.length - 1 ? place : counts.length - 1]!++;
    }
  const likely = low + counts.indexOf(Math.max(...counts.subarray(0, -1)));
  return { table: symbolTable(counts), low, likely };
}
