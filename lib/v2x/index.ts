/** Collaborative perception: who sees what, what is worth sharing, and what it costs to send. */

// Scene and agents

export type * from './types.js';

// Geometry and evaluation

export * from './evaluate/index.js';

// Sensors

// Data sets

// Detection

// Sharing

// Links
