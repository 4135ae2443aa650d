import { featureGrid, sameCell } from './feature-map.js';
import { type GridOrigin, PILLARS } from './grid.js';
import type { Knowledge } from './knowledge.js';
import type { FeaturePerception } from './perception.js';
import type { MapPoints } from './points.js';

/** The cell of the feature map at a place of the world; -1 outside. */
export function cellAt(origin: GridOrigin, { x, y }: GridOrigin): number {
  const { featureCells, featureMeters, reachMeters } = PILLARS;
  const column = Math.floor((x - origin.x + reachMeters) / featureMeters);
  const row = Math.floor((y - origin.y + reachMeters) / featureMeters);
  const inside = column >= 0 && column < featureCells && row >= 0 && row < featureCells;
  return inside ? row * featureCells + column : -1;
}

/** The largest value of each cell and its neighbours, which the heads look at too. */
export function widened(values: Float32Array): Float32Array {
  const { columns, rows } = featureGrid;
  const wide = new Float32Array(values.length);
  for (const [cell, value] of values.entries()) {
    if (value === 0) continue;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    for (let j = Math.max(0, row - 1); j <= Math.min(rows - 1, row + 1); j++)
      for (let i = Math.max(0, column - 1); i <= Math.min(columns - 1, column + 1); i++)
        wide[j * columns + i] = Math.max(wide[j * columns + i]!, value);
  }
  return wide;
}

/** Where the ego has points enough to need nobody: 1, elsewhere 0 (the demand mask of CoSDH, Xu et al. 2025, turned round). */
export function enoughPoints(origin: GridOrigin, { count, values }: MapPoints, least: number): Float32Array {
  const points = new Float32Array(featureGrid.columns * featureGrid.rows);
  for (let at = 0; at < 4 * count; at += 4) {
    const cell = cellAt(origin, { x: values[at]!, y: values[at + 1]! });
    if (cell >= 0) points[cell]!++;
  }
  return points.map((number) => (number >= least ? 1 : 0));
}

/**
 * How much each cell of a sender is worth: its confidence C, widened, or what the ego does not know of it, C (1 - K), with the
 * knowledge K that the ego told; -1 where it can have no use of it.
 */
export function cellWorth({ map, confidence }: FeaturePerception, known?: Knowledge): Float32Array {
  const supply = widened(confidence);
  if (!known) return supply;
  return supply.map((value, cell) => {
    const there = sameCell(known.origin, map.origin, cell);
    const doubt = there < 0 ? 0 : 1 - known.values[there]!;
    return doubt > 0 ? value * doubt : -1;
  });
}

/** Cells of enough worth, most first; of equal ones in their order. */
export function mostWorth(worth: Float32Array, least: number): number[] {
  const cells = Array.from(worth.keys()).filter((cell) => worth[cell]! >= least);
  return cells.sort((a, b) => worth[b]! - worth[a]! || a - b);
}
