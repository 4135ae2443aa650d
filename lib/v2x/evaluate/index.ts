/** How good detections are: overlap, average precision by either convention, MODA, recall along a path; and what sending costs. */
export {
  averagePrecision,
  averagePrecisionDifference,
  averagePrecisionOf,
  type Difference,
  type PrecisionOptions,
  type PrecisionRecall,
  precisionRecall,
  type Sorting,
} from './average-precision.js';
export { CENTRE_LIMITS, centreAveragePrecision, meanCentreAveragePrecision } from './centre-precision.js';
export {
  type CorridorRecall,
  corridorRecall,
  distanceToRoute,
  type Route,
  type RouteFrame,
} from './corridor.js';
export { bevIou, type Footprint, overlapArea } from './iou.js';
export { judgedFrame } from './judge.js';
export { type JudgedFrame, type Matches, matchByCentre, matchByIou } from './matching.js';
export { type ModaResult, moda, type Position, type PositionFrame } from './moda.js';
export { byScore, rotatedNms } from './nms.js';
export { type EvaluationRange, insideRange, OPV2V_RANGE, plausible } from './range.js';
export { logVolume, megabits, tensorBytes } from './sizes.js';
