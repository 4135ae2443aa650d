/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes

// Constellations and demapping
// OFDM and MIMO
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
export { type Mcs, type McsTable, mcs, mcsTable } from './mcs.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
