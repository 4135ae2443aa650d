import type { BevCells } from '../bev/index.js';

/** Cells of one thing, close together in memory; means and views as in `BevCells`. */
export interface Patch {
  readonly size: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly viewX: Float64Array;
  readonly viewY: Float64Array;
}

export function patchOf(of: BevCells, cells: readonly number[]): Patch {
  const values = (from: Float64Array) => Float64Array.from(cells, (cell) => from[cell]!);
  return {
    size: cells.length,
    ...{ x: values(of.x), y: values(of.y), viewX: values(of.viewX), viewY: values(of.viewY) },
  };
}

/** How a patch spreads along one axis, metres, and how much its ends face the sensors. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** Mean share of the view that comes from beyond the high and the low end, 0 to 1. */
  readonly fromHigh: number;
  readonly fromLow: number;
}

/** Cells are means, so the outline lies this much beyond the outermost. */
export const OUTLINE_METERS = 0.06;

export function spreadAlong({ size, x, y, viewX, viewY }: Patch, ax: number, ay: number): Spread {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let fromHigh = 0;
  let fromLow = 0;
  for (let cell = 0; cell < size; cell++) {
    const place = ax * x[cell]! + ay * y[cell]!;
    const view = ax * viewX[cell]! + ay * viewY[cell]!;
    if (place < low) low = place;
    if (place > high) high = place;
    if (view > 0) fromHigh += view;
    else fromLow -= view;
  }
  return {
    low: low - OUTLINE_METERS,
    high: high + OUTLINE_METERS,
    fromHigh: fromHigh / size,
    fromLow: fromLow / size,
  };
}
