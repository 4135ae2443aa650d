/** Channels from pictures: a person walks through a room, and a depth camera sees what the radio will feel. */
export { picturesOf, type Recording, type VisionData, type VisionSizes, visionData } from './dataset.js';
export { type Camera, type DepthView, depthView, renderDepth } from './depth.js';
export { type AutoRegression, fitAutoRegression, type KalmanPredictions, kalmanPredict } from './kalman.js';
export {
  initTapNetwork,
  predictTaps,
  type TapNetwork,
  type TapScale,
  type TapTraining,
  tapScale,
  trainTapNetwork,
} from './network.js';
export { chipsOf, drawPacket, isDelivered, modulate, overTaps, type Packet } from './packet.js';
export { alignPhase } from './phase.js';
export { compareReceivers, type EstimateQuality, type LinkTrial } from './receivers.js';
export {
  defaultScene,
  personAt,
  type Scene,
  sampleRateHz,
  tapCount,
  tapsAt,
  walkThrough,
} from './scene.js';
