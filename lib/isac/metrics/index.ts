/** How far estimates are from the truth, pairing, misses and false alarms included. */
export {
  type AssignedErrors,
  assignedErrors,
  type Coordinates,
  circular,
  type Distance,
  euclidean,
  type Gospa,
  gospa,
  ospa,
  rmse,
  type SetMetricOptions,
} from './sets.js';
