/** Constellations: labelled points, and the LLRs of what was received. */
export type { Axis } from './axis.js';
export type { Constellation, ConstellationKind, DemapOptions } from './constellation.js';
export { constellation, constellationOf, constellationOrders } from './constellation.js';
export type { DemapMethod } from './reduce.js';
export {
  bitCrossEntropy,
  type ConstellationParameters,
  demapTensor,
  initConstellation,
  mapTensor,
  trainedConstellation,
  unitEnergyPoints,
} from './trainable.js';
