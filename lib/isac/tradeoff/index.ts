/** One frame for data and sensing: what a rate costs in accuracy, and what accuracy costs in rate. */
export {
  type Allocation,
  allocatePower,
  allocationOf,
  type PowerFrame,
  type SensingGoal,
} from './allocation.js';
export { type LocateOptions, locateTarget } from './echo.js';
export { bestUnder, paretoFront, timeShared } from './front.js';
export { type PilotSetup, type PilotUse, pilotTradeoff, type SharedFrame } from './pilots.js';
export { indexSpread, weightedBound } from './spread.js';
export { type Alphabet, echoNoise, symbolKurtosis } from './symbols.js';
