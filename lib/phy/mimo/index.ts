/** Detection of several streams at several antennas, and space-time coding. */
export { alamoutiCombine, alamoutiEncode } from './alamouti.js';
export { type DetectedStream, detectOnGrid, type MimoReception, softDetectOnGrid } from './grid.js';
export { type KBestOptions, kBest } from './k-best.js';
export {
  type LinearDetection,
  type LinearDetector,
  lmmse,
  matchedFilter,
  maximumRatioCombining,
  zeroForcing,
} from './linear.js';
export { maximumLikelihood } from './maximum-likelihood.js';
export type {
  LabelledPoints,
  SoftOptions,
  VectorDecision,
  VectorDetection,
  VectorDetector,
} from './vector.js';
export { type Noise, type Whitened, whiten } from './whiten.js';
