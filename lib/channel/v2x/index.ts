/** The large scale between vehicles (TR 37.885): path loss, sight, blockage, shadowing, noise, packet errors. */
export { blockageLossDb, type LogNormalLoss, naturalLogParameters, vehicleBlockage } from './blockage.js';
export {
  LOGISTIC_ERRORS,
  type LogisticErrors,
  noiseFloorDbm,
  packetErrorRate,
  sinrDb,
} from './packets.js';
export {
  ROADS,
  type Road,
  type Sight,
  type VehicularLink,
  vehicularLineOfSightProbability,
  vehicularPathLossDb,
  vehicularShadowingStdDb,
} from './path-loss.js';
export { correlatedShadowing, DECORRELATION_METERS, type ShadowingProcess } from './shadowing.js';
