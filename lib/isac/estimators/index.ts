/** Estimators of the frequencies of all sources. Each says whether it resolved the scene. */
export {
  averagedCovariance,
  dimensionCovariance,
  dimensionEigen,
  forwardBackward,
  smoothed,
} from './covariance.js';
export { type CpdOptions, cpd } from './cpd.js';
export { type EspritOptions, esprit, unitaryTensorEsprit } from './esprit.js';
export { type Fit, fitGains, refineFit, residualOf } from './fit.js';
export { type MusicOptions, music, rootMusic } from './music.js';
export { type OrderCriterion, type SourceCount, sourceCount } from './order.js';
export { nomp, omp, type PeriodogramOptions, type PursuitOptions, periodogram } from './periodogram.js';
export { type MusicRoot, musicRootsOf, rootMusicRoots } from './root-music.js';
export { sequential } from './sequential.js';
export { powerSpectrum, type Spectrum } from './spectrum.js';
export type { SubspaceOptions } from './subspace.js';
export { judged } from './verdict.js';
