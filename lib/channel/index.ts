/** Channels that are sampled once and applied to arrays or tensors, equalisation, power constraints. */
export type { SnrDb } from './channels.js';
export { awgn, rayleigh, rician } from './channels.js';
export type { Equalised } from './equalise.js';
export { equalise, equalisedVariance, equaliseTensor } from './equalise.js';
export { type ChannelInputs, channelInputs, overChannel } from './inputs.js';
export type { PowerCheck, PowerConstraint } from './power.js';
export { averageOverEnsemble, onConstellation, peak, perCodeword } from './power.js';
export type { Channel, ChannelShape, ComplexTensor, Fading, Realisation } from './types.js';
