/** CP-OFDM: resource grids, pilots, modulation, channel estimation and one-tap equalisation. */
export { frequencyCovariance, timeCovariance } from './covariance.js';
export { type DmrsOptions, dmrsPilots } from './dmrs.js';
export { type EqualisedGrid, equaliseMmse, equaliseZeroForcing, type KnownChannel } from './equalise.js';
export {
  type ChannelEstimate,
  type Interpolation,
  interpolate,
  leastSquares,
  type PilotEstimates,
} from './estimate.js';
export { dataOf, placeOnGrid, type ResourceGrid, type ResourceGridOptions, resourceGrid } from './grid.js';
export { prefixInterference } from './interference.js';
export { type LmmseEstimator, type LmmseOptions, lmmseEstimator } from './lmmse.js';
export { gridSamples, ofdmDemodulate, ofdmModulate } from './modulate.js';
export {
  type CombOptions,
  combPilots,
  type GridShape,
  type KroneckerOptions,
  kroneckerPilots,
  type PilotLayout,
  type PilotPattern,
  type Pilots,
} from './pilots.js';
