/** Collaborative perception: who sees what, what is worth sharing, and what it costs to send. */

// Scene and agents

export type * from './types.js';

// Geometry and evaluation

// Sensors

// Data sets

export * from './io/index.js';

// Detection

// Sharing

// Links
