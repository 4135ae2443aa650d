/** R-ACP: cameras about a square that share features of the people on it, as fresh and as small as can be. */
export {
  type AgeOptions,
  bestRate,
  type CameraLoad,
  frameAge,
  queuedAge,
  shareCapacity,
  targetAge,
} from './age.js';
export {
  type Bottleneck,
  type BottleneckScene,
  type BottleneckTraining,
  type LatentView,
  type LearnedBottleneck,
  learnBottleneck,
  sentOf,
} from './bottleneck/index.js';
export {
  type CameraSightings,
  calibrateYaw,
  type Match,
  matchSightings,
  type PlacePair,
  type PlaneMotion,
  planeMotion,
} from './calibrate.js';
export {
  GROUND as PEDESTRIAN_GROUND,
  groundPoint,
  type ImagePoint,
  PEDESTRIAN_CAMERAS,
  type PedestrianCamera,
} from './cameras.js';
export type { TemporalModel } from './context.js';
export {
  codeBits,
  type EntropyModel,
  independentEntropy,
  type SymbolRange,
  temporalEntropy,
} from './entropy-model.js';
export {
  type FeatureOptions,
  type FeatureSource,
  type Features,
  featureSource,
  rounded,
  type SymbolMap,
} from './features.js';
export { type GroundView, pedestriansOnGround } from './ground.js';
export { type CoderTraining, learnCoder } from './learn-coder.js';
export { empiricalBits, type Forecast, likelihood, symbolBits } from './likelihood.js';
export {
  dropPackets,
  type FeaturePacket,
  featurePackets,
  PACKET_HEADER,
  type ReceivedMap,
  receivedMap,
} from './packets.js';
export { type Pedestrian, type PedestrianOptions, type Pedestrians, pedestrians } from './pedestrians.js';
export { forecastBits, quantise, quantiseSequence } from './quantise.js';
export type { SymbolTable } from './range-coder.js';
export {
  decodeSightings,
  encodeSightings,
  inView,
  type Sighting,
  type SightingNoise,
  sightings,
} from './sightings.js';
export { type TemporalTraining, trainTemporalModel } from './train-context.js';
