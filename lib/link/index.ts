/** The contracts that families meet: a measurement, a codec, and a codec's way over a channel. */
export type { Codec, Codeword, LinkState, Reception } from './codec.js';
export type { Measurement, Spread } from './measurement.js';
export { formatMeasurement, measurementSchema, parseMeasurement, requireMeasurement } from './measurement.js';
export type { Transmission, TransmitOptions } from './transmit.js';
export { transmit } from './transmit.js';
