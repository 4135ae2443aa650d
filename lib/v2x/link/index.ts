/** Messages on their way: late, in part, or not at all. */
export { DSRC_RATES, type DsrcRate, frameAirtimeSec } from './airtime.js';
export { type CsmaOptions, csma } from './csma.js';
export { dropping } from './dropping.js';
export { type FrameDelay, frameDelayLink, framesOf, messageDelaySec } from './frame-delay.js';
export type { Burst, Medium, MediumModel, Surroundings, Transmission } from './medium.js';
export { type PacketLosses, type PipeOptions, pipe } from './pipe.js';
export type { RadioPath, RadioSettings } from './radio.js';
export { type RadioLink, type RadioLinkOptions, radioLink } from './radio-link.js';
export { type SidelinkOptions, sidelink } from './sidelink.js';
export { segmentMeetsBox, sightBetween } from './sight.js';
export type { Delivery, Fate, Fragment, OutgoingMessage, V2xLink } from './types.js';
