/** Channels that are sampled once and applied to arrays or tensors, equalisation, power constraints. */

// Flat channels

export type { SnrDb } from './additive.js';
export { awgn, nakagami, rayleigh, rician } from './channels.js';
export { clarkeAutocorrelation } from './clarke.js';
export { type JakesOptions, jakes } from './jakes.js';

// Bits and packets

export type { BitChannel, BitRealisation } from './discrete.js';
export { binaryErasure, binarySymmetric, CERTAIN_LLR, ERASED, zChannel } from './discrete.js';
export type { GilbertElliottOptions, LossProcess } from './losses.js';
export { gilbertBursts, gilbertElliott, independentLosses, packetErasure } from './losses.js';

// Several users; feedback

export type { FeedbackChannel, FeedbackLink, FeedbackProtocol, FeedbackRealisation } from './feedback.js';
export { exchange, feedbackChannel } from './feedback.js';
export type {
  InterferenceOptions,
  LinkModel,
  MultiUserChannel,
  MultiUserOptions,
  MultiUserRealisation,
} from './multi-user.js';
export { interfered, multiUser } from './multi-user.js';

// Large scale, light

export type { OpticalChannel, OpticalRealisation, Turbulence } from './optics.js';
export {
  freeSpaceOptics,
  gammaGammaShapes,
  gammaGammaTurbulence,
  logNormalTurbulence,
  rytovVariance,
} from './optics.js';
export type { LargeScale, LinkGeometry, LinkState, Scenario } from './path-loss.js';
export { lineOfSightProbability, pathLossDb, sampleLargeScale, shadowFadingStdDb } from './path-loss.js';

// Between vehicles

export * from './v2x/index.js';

// Arrays of antennas

export { exponentialCorrelation } from './correlation.js';
export { type MimoOptions, mimoRayleigh } from './mimo.js';
export type { ComplexVectors, MimoChannel, MimoRealisation, MimoShape } from './mimo-realisation.js';

// Multipath: impulse responses, tapped delay lines, OFDM

export { type AntennaArray, type ArrayOptions, antennaArray } from './cdl/array.js';
export { type CdlOptions, cdl } from './cdl/cdl.js';
export { type CdlName, type CdlProfile, type Cluster, cdlProfiles } from './cdl/profiles.js';
export type { ImpulseModel, ImpulseRequest, ImpulseResponses, ImpulseShape } from './impulse.js';
export { maxDopplerHz, rmsDelaySpread, SPEED_OF_LIGHT } from './impulse.js';
export { frequencyResponse, type OfdmOptions, ofdm, ofdmMimo, ofdmTdl, type Subcarriers } from './ofdm.js';
export {
  fromSionna,
  type ImpulseFile,
  readImpulseResponses,
  readImpulseResponsesHdf5,
  recorded,
} from './recorded.js';
export { type TdlName, type TdlProfile, tdlProfiles } from './tdl/profiles.js';
export { type TdlOptions, type TdlTaps, tdl, tdlTaps } from './tdl/tdl.js';
export { convolveTaps, type TimeTaps, timeTaps } from './time-taps.js';

// Equalisation and power

export type { Equalised } from './equalise.js';
export { equalise, equalisedVariance, equaliseTensor } from './equalise.js';
export { type ChannelInputs, channelInputs, overChannel } from './inputs.js';
export type { PowerCheck, PowerConstraint } from './power.js';
export { averageOverEnsemble, onConstellation, peak, perCodeword } from './power.js';
export type { Channel, ChannelShape, ComplexTensor, Fading, Realisation } from './types.js';
