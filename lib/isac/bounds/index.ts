/** How well any estimator can do, and how well some do asymptotically. */
export {
  espritEfficiency,
  espritVariances,
  type LineSetup,
  musicEfficiency,
  musicVariances,
} from './asymptotics.js';
export {
  axisDeviation,
  type Bound,
  type BoundOptions,
  cramerRaoBound,
  type SingleSource,
  singleSourceBound,
  type Tie,
} from './crb.js';
