/** Wi-Fi sensing: channel state information as cards log it, gestures and motion in it, and how they carry over. */
export { classicCrossPerson, classicInDomain, type PersonProfile } from './classic.js';
export { type Classifier, nearestNeighbour, ridgeClassifier, standardiser } from './classifiers.js';
export {
  type CsiNetParameters,
  embed,
  initCsiNet,
  type Similarity,
  similarities,
  similarityLoss,
  similarityScores,
} from './csi-net.js';
export { dopplerProfile } from './doppler.js';
export { type PartOrder, parseEsp32Csv, readCsiNpz, readEsp32Csv } from './esp32.js';
export { type SensingFeatures, sensingFeatures } from './features.js';
export {
  type GestureSample,
  type GestureSetup,
  gestureNames,
  gestureScene,
  type Person,
  randomPerson,
  simulateGestures,
} from './gestures.js';
export {
  type Intel5300Packet,
  intel5300Recording,
  intel5300Scale,
  parseIntel5300,
  readIntel5300,
} from './intel5300.js';
export {
  crossDeviceMotion,
  fitMotionThreshold,
  type MotionFeature,
  type MotionScore,
  type MotionWindow,
  motionFeatures,
} from './motion.js';
export {
  crossPeople,
  crossPerson,
  inDomain,
  newClass,
  type PersonFeatures,
  type ProtocolOptions,
} from './protocols.js';
export { amplitudes, type CsiRecording } from './recording.js';
export type { ProtocolScore } from './score.js';
export { adoptTargets, classMeans, nearestTemplates, scoreMatrix, type Template } from './templates.js';
export { type CsiNetTraining, embeddings, type LabelledFeatures, trainCsiNet } from './training.js';
export { type EmbeddedSource, type WeightNetTraining, weightedTemplates } from './weight-net.js';
