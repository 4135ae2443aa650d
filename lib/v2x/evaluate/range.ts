import { boxFootprint } from '../geometry/index.js';
import type { Box } from '../types.js';

/** A region about the ego, metres either side. */
export interface EvaluationRange {
  readonly x: number;
  readonly y: number;
}

/** What OPV2V's results are evaluated in. */
export const OPV2V_RANGE: EvaluationRange = { x: 140, y: 40 };

/** Whether all corners of a box, in the ego's frame, lie within the range. */
export function insideRange(box: Box, range: EvaluationRange = OPV2V_RANGE): boolean {
  return boxFootprint(box).every(([x, y]) => Math.abs(x) <= range.x && Math.abs(y) <= range.y);
}

/** Whether a prediction passes OPV2V's filters: at most 6 m along x and y, its centre's z in -3 to 1 m. */
export function plausible(box: Box): boolean {
  const corners = boxFootprint(box);
  const extent = (axis: 0 | 1) => {
    const values = corners.map((corner) => corner[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return extent(0) <= 6 && extent(1) <= 6 && box.z >= -3 && box.z <= 1;
}
