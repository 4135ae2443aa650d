/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */

// Codes

export {
  type ConvolutionalOptions,
  convolutionalCode,
  type DistanceSpectrum,
  distanceSpectrum,
} from './convolutional/index.js';
export type { BlockCode, Decoded } from './types.js';

// Constellations and demapping

export {
  type Axis,
  bitCrossEntropy,
  type Constellation,
  type ConstellationKind,
  type ConstellationParameters,
  constellation,
  constellationOf,
  constellationOrders,
  type DemapMethod,
  type DemapOptions,
  demapTensor,
  initConstellation,
  mapTensor,
  trainedConstellation,
  unitEnergyPoints,
} from './constellation/index.js';

// OFDM and MIMO

// Limits

export {
  alamoutiBitErrorRate,
  awgnCapacity,
  becCapacity,
  becDensity,
  biAwgnCapacity,
  biAwgnDensity,
  bitErrorRate,
  bitInterleavedRate,
  bscCapacity,
  bscDensity,
  codedModulationRate,
  complexAwgnDensity,
  ebN0LimitDb,
  type InformationDensity,
  type ModulationRates,
  mimoErgodicCapacity,
  modulationDensity,
  modulationRates,
  type NormalOptions,
  normalApproximation,
  normalApproximationEbN0Db,
  normalApproximationErrorRate,
  rayleighErgodicCapacity,
  rayleighOutageProbability,
  realAwgnDensity,
  type SimulatedMean,
  symbolErrorRate,
  zCapacity,
} from './limits/index.js';

// Simulation

export { eesmBeta, effectiveSnrDb } from './eesm.js';
export { countBitErrors, type LinkSetup, linkTrials, randomBits } from './link-trials.js';
export {
  type Batch,
  type Counts,
  type EstimatedRate,
  type MonteCarloOptions,
  type MonteCarloResult,
  monteCarlo,
  type StopRule,
  type TrialRunner,
  type Trials,
  type TrialThreads,
  trialThreads,
} from './montecarlo/index.js';
