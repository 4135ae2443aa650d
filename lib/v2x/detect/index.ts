export { detectAgent, detectCells, type CellDetections } from './detect.js';
export { standingCells, fromGround, groundPlane, type Plane } from './standing.js';
