/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */

// Codes

export {
  type ConvolutionalOptions,
  convolutionalCode,
  type DistanceSpectrum,
  distanceSpectrum,
} from './convolutional/index.js';
export { Crc, type CrcName } from './crc.js';
export { goldSequence } from './gold.js';
export type { LdpcCode, LdpcOptions, LdpcReceiver } from './ldpc/code.js';
export { ldpcCode } from './ldpc/code.js';
export type { LdpcDecoder } from './ldpc/decoders.js';
export type { RedundancyVersion } from './ldpc/rate-matching.js';
export type {
  DecodedTransport,
  TransportBlock,
  TransportBlockOptions,
  TransportReceiver,
} from './ldpc/transport-block.js';
export { transportBlock } from './ldpc/transport-block.js';
export { type PolarOptions, polarCode } from './polar/code.js';
export { becPolarSequence } from './polar/construction.js';
export type { PolarLink } from './polar/layout.js';
export { type Scrambler, scrambler } from './scrambling.js';
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

export {
  alamoutiCombine,
  alamoutiEncode,
  type DetectedStream,
  detectOnGrid,
  type KBestOptions,
  kBest,
  type LabelledPoints,
  type LinearDetection,
  type LinearDetector,
  lmmse,
  type MimoReception,
  matchedFilter,
  maximumLikelihood,
  maximumRatioCombining,
  type Noise,
  type SoftOptions,
  softDetectOnGrid,
  type VectorDecision,
  type VectorDetection,
  type VectorDetector,
  type Whitened,
  whiten,
  zeroForcing,
} from './mimo/index.js';
export {
  type ChannelEstimate,
  type CombOptions,
  combPilots,
  type DmrsOptions,
  dataOf,
  dmrsPilots,
  type EqualisedGrid,
  equaliseMmse,
  equaliseZeroForcing,
  frequencyCovariance,
  type GridShape,
  gridSamples,
  type Interpolation,
  interpolate,
  type KnownChannel,
  type KroneckerOptions,
  kroneckerPilots,
  type LmmseEstimator,
  type LmmseOptions,
  leastSquares,
  lmmseEstimator,
  ofdmDemodulate,
  ofdmModulate,
  type PilotEstimates,
  type PilotLayout,
  type PilotPattern,
  type Pilots,
  placeOnGrid,
  prefixInterference,
  type ResourceGrid,
  type ResourceGridOptions,
  resourceGrid,
  timeCovariance,
} from './ofdm/index.js';

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
export { type Mcs, type McsTable, mcs, mcsTable } from './mcs.js';
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
