/** Which paths a room leaves: candidates of the empty room, judged from a top view of its obstacles. */
export { allValid, alwaysLineOfSight, nearestRoom } from './baselines.js';
export { candidateMap, occupancyMap } from './maps.js';
export { type PathScores, pathScores } from './metrics.js';
export {
  initValidityNetwork,
  predictValidity,
  trainValidityNetwork,
  type ValidityNetwork,
} from './network.js';
export { type SpatialCase, type SpatialSizes, spatialCases } from './rooms.js';
