import { type BevCells, type BevGrid, bevGrid, gridIndex } from '../bev/index.js';
import type { Detection } from '../types.js';

/** The dense map of which budgets are shares: 256 x 256 cells about an agent, 51.2 m either way. */
export const MAP: BevGrid = bevGrid(51.2);
export const MAP_CELLS = MAP.columns * MAP.rows;

/** Cells on the outline of a box belong to it. */
const MARGIN_METERS = 0.4;
/** 5 x 5 cells, standard deviation 1 cell, amplitude 1 / (2 pi): separable. */
const KERNEL = [-2, -1, 0, 1, 2].map((at) => Math.exp(-(at ** 2) / 2) / Math.sqrt(2 * Math.PI));

/**
 * Confidence that a cell is part of a car, on `MAP`: the highest score of the boxes that cover it, smoothed by the 5 x 5
 * Gaussian of Where2comm (Hu et al. 2022; standard deviation 1 cell, amplitude 1 / (2 pi), so it adds up to 0.98).
 */
export const confidenceMap = (boxes: readonly Detection[]): Float32Array => smoothed(drawnBoxes(boxes));

/** The highest score of the boxes that cover each cell, 0 elsewhere. */
export function drawnBoxes(boxes: readonly Detection[]): Float32Array {
  const map = new Float32Array(MAP_CELLS);
  for (const box of boxes) {
    const { x, y, length, width, yaw, score } = box;
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
    const [ahead, aside] = [length / 2 + MARGIN_METERS, width / 2 + MARGIN_METERS];
    const inside = (u: number, v: number) =>
      Math.abs(c * u + s * v) <= ahead && Math.abs(c * v - s * u) <= aside;
    forCellsNear(x, y, Math.hypot(ahead, aside), (index, u, v) => {
      if (inside(u, v) && score > map[index]!) map[index] = score;
    });
  }
  return map;
}

/** Visits the cells of `MAP` within a square about a place, with what lies from that place to their centres. */
export function forCellsNear(
  x: number,
  y: number,
  reach: number,
  visit: (index: number, dx: number, dy: number) => void,
): void {
  const { cellMeters } = MAP;
  const [left, right] = [Math.floor((x - reach) / cellMeters), Math.floor((x + reach) / cellMeters)];
  const [low, high] = [Math.floor((y - reach) / cellMeters), Math.floor((y + reach) / cellMeters)];
  for (let row = Math.max(low, -MAP.rows / 2); row <= Math.min(high, MAP.rows / 2 - 1); row++) {
    for (
      let column = Math.max(left, -MAP.columns / 2);
      column <= Math.min(right, MAP.columns / 2 - 1);
      column++
    ) {
      visit(gridIndex(MAP, column, row), (column + 0.5) * cellMeters - x, (row + 0.5) * cellMeters - y);
    }
  }
}

function smoothed(map: Float32Array): Float32Array {
  return along(along(map, 1), MAP.columns);
}

/** The kernel along one axis; beyond the border is nothing. */
function along(map: Float32Array, step: number): Float32Array {
  const out = new Float32Array(map.length);
  for (let index = 0; index < map.length; index++) {
    const value = map[index]!;
    if (value === 0) continue;
    const place = step === 1 ? index % MAP.columns : Math.floor(index / MAP.columns);
    for (let tap = 0; tap < 5; tap++) {
      const at = place + tap - 2;
      if (at >= 0 && at < MAP.columns) out[index + (tap - 2) * step]! += KERNEL[tap]! * value;
    }
  }
  return out;
}

/** A map's value at each cell; 0 outside of the map. */
export function atCells(map: ArrayLike<number>, cells: BevCells): Float64Array {
  return Float64Array.from({ length: cells.size }, (_, cell) => {
    const index = gridIndex(MAP, cells.column[cell]!, cells.row[cell]!);
    return index < 0 ? 0 : map[index]!;
  });
}
