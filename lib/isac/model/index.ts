/** The multilinear harmonic model: axes, arrays, numerologies, targets, frames that carry data. */
export {
  type Axis,
  angleAxis,
  type DelaySampling,
  type DopplerSampling,
  delayAxis,
  dopplerAxis,
  LIGHT_SPEED,
  type RadarGeometry,
  rangeAxis,
  toMu,
  toValues,
  velocityAxis,
} from './axes.js';
export {
  type DecodedFrame,
  type DivisionError,
  decodeFrame,
  divisionError,
  divisionLoss,
  type FrameSetup,
  frameBits,
  frameEcho,
  frameSymbols,
  removeSymbols,
} from './data-frame.js';
export {
  noiseless,
  observationOf,
  observe,
  type Sampling,
  snapshotOf,
  steeringVector,
  wrapped,
} from './harmonic.js';
export { frameAxes, type Numerology, type NumerologyOptions, numerology } from './numerology.js';
export { type Direction, type PlanarSpacing, planarDirection, planarJacobian, planarMu } from './planar.js';
export {
  type ClutterOptions,
  clutter,
  type Radar,
  radarPowerGain,
  type Target,
  targetSources,
  thermalNoise,
} from './targets.js';
