/** Wi-Fi sensing: channel state information as cards log it, gestures and motion in it, and how they carry over. */
export { type PartOrder, parseEsp32Csv, readCsiNpz, readEsp32Csv } from './esp32.js';
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
export { amplitudes, type CsiRecording } from './recording.js';
