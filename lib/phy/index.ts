/** The physical layer: what information theory allows on a channel. */
export { awgnCapacity, rayleighErgodicCapacity } from './limits.js';
