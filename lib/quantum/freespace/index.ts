/** Free space: beams and their losses, satellite passes, entanglement swapping beyond a long link. */
export { type Beam, beamRadius, captureAtOffset, meanCapture, turbulentSpreadRad } from './beam.js';
export type { AirPath, FreeSpace, FreeSpaceInput, LossBudget } from './link.js';
export { fadingTransmissivity, freeSpace, freeSpaceSchema, meanLoss } from './link.js';
export type { Pass, PassInput, PassKey, PassPoint } from './satellite.js';
export { passKey, passPoints, passSchema, satellitePass, slantRangeMeters } from './satellite.js';
export type { FourFolds, SwapExperiment, SwapExperimentInput } from './swap-experiment.js';
export {
  countBases,
  countChsh,
  countTeleported,
  fourFolds,
  swapExperiment,
  swapExperimentSchema,
  swappedPair,
  teleportationFidelity,
} from './swap-experiment.js';
