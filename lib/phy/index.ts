/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes
export { Crc, type CrcName } from './crc.js';

// Constellations and demapping
// OFDM and MIMO
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
