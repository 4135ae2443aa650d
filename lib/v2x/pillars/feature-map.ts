import { InputError } from '../../base/index.js';
import { type BevGrid, bevGrid, type GridValues } from '../bev/index.js';
import { type GridOrigin, PILLARS } from './grid.js';

/** Features of a place seen from above: 50 x 50 cells of 2 m with 16 values each, none negative. The grid has the world's axes. */
export interface FeatureMap extends GridValues {
  /** Where its middle stands in the world. */
  readonly origin: GridOrigin;
  /** Of each cell, whether its features are known, 1 or 0; all are unless given. Unknown cells hold 0. */
  readonly known?: Uint8Array;
}

/** The grid of every feature map. */
export const featureGrid: BevGrid = bevGrid(PILLARS.reachMeters, PILLARS.reachMeters, PILLARS.featureMeters);

/** A map of given features, of those cells that are known. @throws InputError unless there are 50 x 50 x 16. */
export function featureMap(origin: GridOrigin, values: Float32Array, known?: Uint8Array): FeatureMap {
  const { channels } = PILLARS;
  const size = featureGrid.columns * featureGrid.rows * channels;
  if (values.length !== size)
    throw new InputError(`feature map of ${values.length} values; allowed: ${size}, ${channels} a cell`);
  return { grid: featureGrid, channels, values, origin, ...(known && { known }) };
}

/** The cell of the grid at `from` that stands where a cell of the grid at `to` does; -1 outside. Exact for origins of `gridAbout`. */
export function sameCell(from: GridOrigin, to: GridOrigin, cell: number): number {
  const { featureCells: side, featureMeters } = PILLARS;
  const column = (cell % side) + Math.round((to.x - from.x) / featureMeters);
  const row = Math.floor(cell / side) + Math.round((to.y - from.y) / featureMeters);
  return column >= 0 && column < side && row >= 0 && row < side ? row * side + column : -1;
}

/** The map on the grid at another origin; where it does not reach is unknown. */
export function shiftedMap({ origin: from, values, known }: FeatureMap, origin: GridOrigin): FeatureMap {
  const { channels } = PILLARS;
  const shifted = new Float32Array(values.length);
  const reached = new Uint8Array(values.length / channels);
  for (let cell = 0; cell < reached.length; cell++) {
    const source = sameCell(from, origin, cell);
    if (source < 0 || known?.[source] === 0) continue;
    shifted.set(values.subarray(source * channels, (source + 1) * channels), cell * channels);
    reached[cell] = 1;
  }
  return featureMap(origin, shifted, reached);
}
