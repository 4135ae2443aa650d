import { type FeatureMap, featureGrid, featureMap, shiftedMap } from './feature-map.js';
import { type GridOrigin, PILLARS } from './grid.js';

/** How maps of several agents become one, on the grid at `origin`; the first map is that of the ego. */
export type Fusion = (maps: readonly FeatureMap[], origin: GridOrigin) => FeatureMap;

/** The largest of each feature over all maps (F-Cooper, Chen et al. 2019). */
export function fusedByMaximum(maps: readonly FeatureMap[], origin: GridOrigin): FeatureMap {
  const fused = new Float32Array(featureGrid.columns * featureGrid.rows * PILLARS.channels);
  for (const map of maps) {
    const { values } = shiftedMap(map, origin);
    for (let at = 0; at < fused.length; at++) if (values[at]! > fused[at]!) fused[at] = values[at]!;
  }
  return featureMap(origin, fused);
}

/**
 * Attention over agents at each cell (Xu et al. 2022, OPV2V: attentive fusion), without parameters: of the scaled dot products
 * of all agents' features, the ego's row. Features x_j count softmax_j(x_ego x_j / sqrt(channels)); an agent that does not
 * know a cell has no part in it.
 */
export function fusedByAttention(maps: readonly FeatureMap[], origin: GridOrigin): FeatureMap {
  const cells = featureGrid.columns * featureGrid.rows;
  const fused = new Float32Array(cells * PILLARS.channels);
  const placed = maps.map((map) => shiftedMap(map, origin));
  for (let cell = 0; cell < cells; cell++) attend(placed, cell, fused);
  return featureMap(origin, fused);
}

function attend(maps: readonly FeatureMap[], cell: number, fused: Float32Array): void {
  const { channels } = PILLARS;
  const featuresOf = ({ values }: FeatureMap) => values.subarray(cell * channels, (cell + 1) * channels);
  const query = maps[0] && featuresOf(maps[0]);
  const known = maps.filter((map) => map.known?.[cell] !== 0).map(featuresOf);
  if (!query || known.length === 0) return;
  const scores = known.map((key) => dot(query, key) / Math.sqrt(channels));
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  for (const [n, features] of known.entries())
    for (let c = 0; c < channels; c++) fused[cell * channels + c]! += (parts[n]! / whole) * features[c]!;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c]! * b[c]!;
  return sum;
}
