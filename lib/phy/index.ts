/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes
export { Crc, type CrcName } from './crc.js';
export type { LdpcCode, LdpcOptions, LdpcReceiver } from './ldpc/code.js';
export { ldpcCode } from './ldpc/code.js';
export type {
  DecodedTransport,
  TransportBlock,
  TransportBlockOptions,
  TransportReceiver,
} from './ldpc/transport-block.js';
export { transportBlock } from './ldpc/transport-block.js';

// Constellations and demapping
// OFDM and MIMO
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
export { type Mcs, type McsTable, mcs, mcsTable } from './mcs.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
