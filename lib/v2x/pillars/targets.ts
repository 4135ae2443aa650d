import type { Box } from '../types.js';
import { boxTarget, cellMiddle } from './boxes.js';
import { type GridOrigin, PILLARS } from './grid.js';
import { BOX_VALUES } from './network.js';

/** What the heads should say of one map. */
export interface Targets {
  /** Of each cell: 1 where a centre is, falling about it. */
  readonly heat: Float32Array;
  /** How much the box of a cell counts. */
  readonly weights: Float32Array;
  readonly boxes: Float32Array;
}

/** How fast the heat falls about a centre. */
const SPREAD_METERS = 1.1;
/** Cells next to a centre learn its box too, from this heat on. */
const LEAST_WEIGHT = 0.2;

/** Targets of the boxes of one map (CenterNet, Zhou et al. 2019: Objects as points). */
export function targetsOf(origin: GridOrigin, objects: readonly Box[]): Targets {
  const cells = PILLARS.featureCells ** 2;
  const targets = {
    heat: new Float32Array(cells),
    weights: new Float32Array(cells),
    boxes: new Float32Array(cells * BOX_VALUES),
  };
  for (const object of objects) draw(targets, origin, object);
  return targets;
}

function draw({ heat, weights, boxes }: Targets, origin: GridOrigin, object: Box): void {
  const { featureCells, featureMeters, reachMeters } = PILLARS;
  const column = Math.floor((object.x - origin.x + reachMeters) / featureMeters);
  const row = Math.floor((object.y - origin.y + reachMeters) / featureMeters);
  if (column < 0 || column >= featureCells || row < 0 || row >= featureCells) return;
  for (let j = Math.max(0, row - 1); j <= Math.min(featureCells - 1, row + 1); j++) {
    for (let i = Math.max(0, column - 1); i <= Math.min(featureCells - 1, column + 1); i++) {
      const cell = j * featureCells + i;
      const middle = cellMiddle(origin, cell);
      const distance = Math.hypot(middle.x - object.x, middle.y - object.y);
      const centre = i === column && j === row;
      const value = centre ? 1 : 0.9 * Math.exp(-(distance ** 2) / (2 * SPREAD_METERS ** 2));
      if (value <= heat[cell]!) continue;
      heat[cell] = value;
      weights[cell] = value >= LEAST_WEIGHT ? value : 0;
      if (weights[cell]! > 0) boxes.set(boxTarget(origin, cell, object), cell * BOX_VALUES);
    }
  }
}
