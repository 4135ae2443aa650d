/** The physical layer: codes, constellations, OFDM, MIMO, and what information theory allows. */
// Codes

// Constellations and demapping
// OFDM and MIMO
// Limits
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
export { type PolarOptions, polarCode } from './polar/code.js';
export { becPolarSequence } from './polar/construction.js';
export type { PolarLink } from './polar/layout.js';
export type { BlockCode, Decoded } from './types.js';
// Simulation
