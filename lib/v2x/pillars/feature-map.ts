import { InputError } from '../../base/index.js';
import { type BevGrid, bevGrid, type GridValues } from '../bev/index.js';
import { type GridOrigin, PILLARS } from './grid.js';

/** Features of a place seen from above: 50 x 50 cells of 2 m with 16 values each, none negative. The grid has the world's axes. */
export interface FeatureMap extends GridValues {
  /** Where its middle stands in the world. */
  readonly origin: GridOrigin;
}

/** The grid of every feature map. */
export const featureGrid: BevGrid = bevGrid(PILLARS.reachMeters, PILLARS.reachMeters, PILLARS.featureMeters);

/** A map of given features. @throws InputError unless there are 50 x 50 x 16. */
export function featureMap(origin: GridOrigin, values: Float32Array): FeatureMap {
  const { channels } = PILLARS;
  const size = featureGrid.columns * featureGrid.rows * channels;
  if (values.length !== size)
    throw new InputError(`feature map of ${values.length} values; allowed: ${size}, ${channels} a cell`);
  return { grid: featureGrid, channels, values, origin };
}

/** The cell of the grid at `from` that stands where a cell of the grid at `to` does; -1 outside. Exact for origins of `gridAbout`. */
export function sameCell(from: GridOrigin, to: GridOrigin, cell: number): number {
  const { featureCells: side, featureMeters } = PILLARS;
  const column = (cell % side) + Math.round((to.x - from.x) / featureMeters);
  const row = Math.floor(cell / side) + Math.round((to.y - from.y) / featureMeters);
  return column >= 0 && column < side && row >= 0 && row < side ? row * side + column : -1;
}

/** The map on the grid at another origin, 0 where it does not reach. */
export function shiftedMap({ origin: from, values }: FeatureMap, origin: GridOrigin): FeatureMap {
  const { channels } = PILLARS;
  const shifted = new Float32Array(values.length);
  for (let cell = 0; cell < values.length / channels; cell++) {
    const source = sameCell(from, origin, cell);
    if (source < 0) continue;
    shifted.set(values.subarray(source * channels, (source + 1) * channels), cell * channels);
  }
  return featureMap(origin, shifted);
}

/** The largest of each feature over maps of several agents, on the grid at `origin`: what the heads are trained to read. */
export function fusedByMaximum(maps: readonly FeatureMap[], origin: GridOrigin): FeatureMap {
  const fused = new Float32Array(featureGrid.columns * featureGrid.rows * PILLARS.channels);
  for (const map of maps) {
    const { values } = shiftedMap(map, origin);
    for (let at = 0; at < fused.length; at++) if (values[at]! > fused[at]!) fused[at] = values[at]!;
  }
  return featureMap(origin, fused);
}
