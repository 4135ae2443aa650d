/** Finding cars in LiDAR clouds, from one agent's or several agents' cells. */
export {
  CAR_PRIOR,
  type CellDetections,
  type DetectOptions,
  detectAgent,
  detectCells,
  looksDown,
} from './detect.js';
export type { CarPrior, SizeRange } from './rectangle.js';
export {
  fromGround,
  groundPlane,
  type Plane,
  type StandingCells,
  type StandingOptions,
  standingCells,
} from './standing.js';
