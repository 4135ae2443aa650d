/** Collaborative perception: who sees what, what is worth sharing, and what it costs to send. */

// Scene and agents

export type * from './types.js';

// Geometry and evaluation

// Sensors

// Data sets

// Detection

// Sharing

// Links

export * from './link/index.js';
