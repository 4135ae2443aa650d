import type { Drawn } from '../../../nn/index.js';
import { MAP, MAP_CELLS } from '../cameras.js';
import { bandOf, CAMERAS, GRID, groundLookup } from './ground-grid.js';
import type { GroundViews } from './model.js';

/** Tables of the ground from a row on. */
export function viewsOf(row: number, rows: number): GroundViews<Drawn> {
  const { foot, head, scale, seen } = groundLookup();
  const count = CAMERAS * rows * GRID.columns;
  const table = (values: Float32Array | Int32Array, width: number, ...shape: number[]): Drawn => ({
    shape: [count, ...shape],
    data: bandOf(values, width, row, rows),
  });
  return {
    foot: table(foot.first, 1),
    footShares: table(foot.shares, 4, 4, 1),
    head: table(head.first, 1),
    headShares: table(head.shares, 4, 4, 1),
    scale: table(scale, 1, 1),
    seen: table(seen, 1, 1),
  };
}

/** Maps of channel after channel as pictures of four values a cell, each times `factor`. */
export function pictures(maps: readonly ArrayLike<number>[], factor = 1): Drawn {
  const data = new Float32Array(maps.length * MAP_CELLS * MAP.channels);
  let at = 0;
  for (const map of maps)
    for (let cell = 0; cell < MAP_CELLS; cell++)
      for (let channel = 0; channel < MAP.channels; channel++)
        data[at++] = factor * map[channel * MAP_CELLS + cell]!;
  return { shape: [maps.length, MAP.rows, MAP.columns, MAP.channels], data };
}
