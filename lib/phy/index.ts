/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes
export { Crc, type CrcName } from './crc.js';
export type { LdpcCode, LdpcOptions, LdpcReceiver } from './ldpc/code.js';
export { ldpcCode } from './ldpc/code.js';
export type {
  DecodedTransport,
  TransportBlock,
  TransportBlockOptions,
  TransportReceiver,
} from './ldpc/transport-block.js';
export { transportBlock } from './ldpc/transport-block.js';

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
export * from './mimo/index.js';
// Simulation
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
export * from './ofdm/index.js';
export type { BlockCode, Decoded } from './types.js';
