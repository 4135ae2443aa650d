/** The learned detector: a small pillar network whose input may hold points, boxes of others, or both, and whose features can be shared. */
export type { PillarDetections } from './boxes.js';
export {
  detectorOf,
  loadPillars,
  type PillarDetector,
  type PillarDetectorOptions,
  pillarDetector,
} from './detector.js';
export { FEATURE_CELL_BYTES, type FeatureMessage, featureSection, readFeatures } from './feature-bytes.js';
export { type FeatureMap, featureGrid, featureMap, shiftedMap } from './feature-map.js';
export {
  type FeatureSharingOptions,
  pillarCosdh,
  pillarFeatures,
  pillarWhere2comm,
} from './feature-sharing.js';
export { type Fusion, fusedByAttention, fusedByMaximum } from './fusion.js';
export { type GridOrigin, gridAbout, inPillarRange, PILLARS } from './grid.js';
export { detectPillars, encodePillars, type PillarParameters } from './network.js';
export { type PillarPerception, pillarPerception } from './perception.js';
export { type PillarInput, type Pillars, pillarsOf } from './pillars.js';
export { fromMap, type MapPoints, type Standing, standingPoints, toMap } from './points.js';
export {
  type PillarSharingOptions,
  pillarAlone,
  pillarEarly,
  pillarLate,
  pillarLately,
} from './sharing.js';
export { type PillarTraining, startPillars, trainPillars } from './train.js';
export { type TrainingFrames, trainingFrames } from './training-frames.js';
export { mergedInput, withinPillarRange, withoutAgents } from './views.js';
