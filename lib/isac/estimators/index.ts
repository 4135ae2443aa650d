/** Estimators of the frequencies of all sources. Each says whether it resolved the scene. */
export { dimensionCovariance, forwardBackward, smoothed } from './covariance.js';
export { type Fit, fitGains, refineFit, residualOf } from './fit.js';
export { type OrderCriterion, type SourceCount, sourceCount } from './order.js';
export { type MusicRoot, musicRootsOf, rootMusicRoots } from './root-music.js';
export { powerSpectrum, type Spectrum } from './spectrum.js';
export { judged } from './verdict.js';
