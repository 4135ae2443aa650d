/** PLAIN: compressed decoupled estimation and input-based fusion. */
export type { Compression, CompressionMethod } from './compress.js';
export type { Fusion } from './fusion.js';
export { type PlainOptions, plain } from './plain.js';
