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
// OFDM and MIMO
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
