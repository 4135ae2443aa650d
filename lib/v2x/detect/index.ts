export { detectAgent, detectCells, type CellDetections } from './detect.js';
export { standingCells, fromGround, groundPlane } from './standing.js';
