/** A box room traced by the image method, with obstacles and a person in it. */
export { type Body, bodyTransmission, type Complex, scatteredAmplitude } from './body.js';
export { fresnel } from './fresnel.js';
export { type Block, distance, isInside, type Point, passesThrough } from './geometry.js';
export { type ImageSource, imageSources, pathPoints } from './images.js';
export { channelTaps, type TapOptions } from './taps.js';
export {
  type CandidatePath,
  candidatePaths,
  type Path,
  type Room,
  type RoomLink,
  speedOfLight,
  type TraceOptions,
  tracePaths,
} from './trace.js';
