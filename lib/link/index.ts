/** The contracts that families meet: a measurement, a codec, a source of keys, and a codec's way over a channel. */
export {
  type ByteChain,
  type ByteChainOptions,
  byteChain,
  type MessageCodec,
  messageCodec,
} from './byte-chain.js';
export type { Codec, Codeword, LinkState, Reception } from './codec.js';
export {
  type BlockKeyOptions,
  blockKeySource,
  idealKeySource,
  type KeySource,
  type SecretKey,
} from './key-source.js';
export { KEY_BITS } from './key-stream.js';
export { type KeyUse, keyTimetable, type TimetableOptions, type WhenLate } from './key-timetable.js';
export { type KeyedCodec, type KeyedOptions, type KeyedSide, keyedCodec } from './keyed-codec.js';
export type { Measurement, Spread } from './measurement.js';
export { formatMeasurement, measurementSchema, parseMeasurement, requireMeasurement } from './measurement.js';
export {
  keyedScramble,
  permutationBits,
  SCRAMBLES,
  type Scramble,
  type ScrambleKind,
} from './scramble.js';
export type { Transmission, TransmitOptions } from './transmit.js';
export { transmit } from './transmit.js';
