/** What information theory allows, and error rates in closed form. */
export {
  awgnCapacity,
  becCapacity,
  bscCapacity,
  mimoErgodicCapacity,
  rayleighErgodicCapacity,
  rayleighOutageProbability,
  type SimulatedMean,
  zCapacity,
} from './capacity.js';
export { alamoutiBitErrorRate, bitErrorRate, symbolErrorRate } from './error-rate.js';
export {
  becDensity,
  biAwgnDensity,
  bscDensity,
  complexAwgnDensity,
  type InformationDensity,
  type NormalOptions,
  normalApproximation,
  normalApproximationEbN0Db,
  normalApproximationErrorRate,
  realAwgnDensity,
} from './finite.js';
export {
  biAwgnCapacity,
  bitInterleavedRate,
  codedModulationRate,
  ebN0LimitDb,
  type ModulationRates,
  modulationDensity,
  modulationRates,
} from './modulation.js';
