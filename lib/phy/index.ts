/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes

// Constellations and demapping
export {
  type Axis,
  bitCrossEntropy,
  type Constellation,
  type ConstellationKind,
  type ConstellationParameters,
  constellation,
  constellationOf,
  type DemapMethod,
  type DemapOptions,
  demapTensor,
  initConstellation,
  mapTensor,
  trainedConstellation,
  unitEnergyPoints,
} from './constellation/index.js';
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
// OFDM and MIMO
export * from './mimo/index.js';
export * from './ofdm/index.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
