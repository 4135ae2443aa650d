/** Channels that are sampled once and applied to arrays or tensors, equalisation, power constraints. */

// Flat channels

export type { SnrDb } from './additive.js';
export { awgn, nakagami, rayleigh, rician } from './channels.js';
export { clarkeAutocorrelation } from './clarke.js';
export { type JakesOptions, jakes } from './jakes.js';

// Bits and packets

export type { BitChannel, BitRealisation } from './discrete.js';
export { binaryErasure, binarySymmetric, CERTAIN_LLR, ERASED, zChannel } from './discrete.js';

// Arrays of antennas

export { type ComplexMatrix, exponentialCorrelation } from './correlation.js';
export { type MimoOptions, mimoRayleigh } from './mimo.js';
export type { ComplexVectors, MimoChannel, MimoRealisation, MimoShape } from './mimo-realisation.js';

// Multipath: impulse responses, tapped delay lines, OFDM

export type { ImpulseModel, ImpulseRequest, ImpulseResponses, ImpulseShape } from './impulse.js';
export { maxDopplerHz, rmsDelaySpread, SPEED_OF_LIGHT } from './impulse.js';
export { frequencyResponse, type OfdmOptions, ofdm, ofdmMimo, ofdmTdl, type Subcarriers } from './ofdm.js';
export { type TdlName, type TdlProfile, tdlProfiles } from './tdl/profiles.js';
export { type TdlOptions, type TdlTaps, tdl, tdlTaps } from './tdl/tdl.js';
export { convolveTaps, type TimeTaps, timeTaps } from './time-taps.js';

// Equalisation and power

export type { Equalised } from './equalise.js';
export { equalise, equalisedVariance, equaliseTensor } from './equalise.js';
export { type ChannelInputs, channelInputs, overChannel } from './inputs.js';
export type { PowerConstraint } from './power.js';
export { averageOverEnsemble, peak, perCodeword } from './power.js';
export type { Channel, ChannelShape, ComplexTensor, Fading, Realisation } from './types.js';
