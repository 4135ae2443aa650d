import { InputError } from '../../base/index.js';
import { symmetricEigen } from '../../math/index.js';
import { type FeatureMap, PILLARS } from '../pillars/index.js';

/** Side of a block of cells. */
const SIDE = 5;
const PER_SIDE = PILLARS.featureCells / SIDE;

/** Blocks of a map, and values of each. */
export const BLOCKS = PER_SIDE ** 2;
export const BLOCK_VALUES = SIDE ** 2 * PILLARS.channels;

/** Mean, variances and directions (as rows, most variance first) of blocks of 5 x 5 cells. */
export interface FeatureComponents {
  readonly mean: Float64Array;
  readonly variances: Float64Array;
  readonly vectors: Float64Array;
}

/** Below this share of the largest variance a direction carries only rounding; it would get an unbounded gain. */
const SMALLEST = 1e-6;

/** Where a value of a block stands in the map. */
function placeOf(block: number, value: number): number {
  const { channels, featureCells } = PILLARS;
  const cell = Math.floor(value / channels);
  const row = SIDE * Math.floor(block / PER_SIDE) + Math.floor(cell / SIDE);
  const column = SIDE * (block % PER_SIDE) + (cell % SIDE);
  return (row * featureCells + column) * channels + (value % channels);
}

const places = Int32Array.from({ length: BLOCKS * BLOCK_VALUES }, (_, at) =>
  placeOf(Math.floor(at / BLOCK_VALUES), at % BLOCK_VALUES),
);

/** The values of a map, block after block. */
export const toBlocks = (values: Float32Array): Float32Array =>
  Float32Array.from(places, (place) => values[place]!);

/** The other way round; features are never negative. */
export function fromBlocks(blocks: Float32Array): Float32Array {
  const values = new Float32Array(blocks.length);
  for (const [at, place] of places.entries()) values[place] = Math.max(0, blocks[at]!);
  return values;
}

/** Principal components (Karhunen-Loève basis) of the maps' blocks. @throws InputError for fewer than 4 maps. */
export function featureComponents(maps: readonly FeatureMap[]): FeatureComponents {
  if (maps.length < 4) throw new InputError(`components of ${maps.length} maps; allowed: 4 or more`);
  const n = BLOCK_VALUES;
  const blocks = maps.map(({ values }) => toBlocks(values));
  const count = maps.length * BLOCKS;
  const mean = new Float64Array(n);
  for (const values of blocks) for (const [at, value] of values.entries()) mean[at % n]! += value / count;
  const { values, vectors } = symmetricEigen(covariance(blocks, mean, count), n);
  const floor = SMALLEST * Math.max(values[0]!, SMALLEST);
  return { mean, variances: values.map((value) => Math.max(value, floor)), vectors };
}

function covariance(blocks: readonly Float32Array[], mean: Float64Array, count: number): Float64Array {
  const n = BLOCK_VALUES;
  const sums = new Float64Array(n * n);
  const centred = new Float64Array(n);
  for (const values of blocks) {
    for (let start = 0; start < values.length; start += n) {
      for (let i = 0; i < n; i++) centred[i] = values[start + i]! - mean[i]!;
      for (let i = 0; i < n; i++) {
        const value = centred[i]! / count;
        for (let j = i; j < n; j++) sums[i * n + j]! += value * centred[j]!;
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sums[i * n + j] = sums[j * n + i]!;
  return sums;
}
