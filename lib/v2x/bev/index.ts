/** What stands on the ground, seen from above: sparse cells, their bytes, dense grids, and both in another agent's frame. */
export {
  type BevCells,
  bevCells,
  CELL_METERS,
  cellKey,
  mergeCells,
  selectCells,
  warpCells,
} from './cells.js';
export { CELL_BYTES, decodeCells, encodeCells } from './codec.js';
export {
  type BevGrid,
  bevGrid,
  type GridValues,
  gridIndex,
  scatterCells,
  type Warped,
  warpGrid,
} from './grid.js';
export { type Placement, placed, relativePlacement } from './placement.js';
