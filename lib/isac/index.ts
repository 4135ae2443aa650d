/** Sensing with communication signals: what echoes tell, how well at best, and how to find it. */

// Model

export * from './model/index.js';
export type { Estimate, Estimates, Observation, Source } from './types.js';

// Bounds

// Metrics

// Estimators

// PLAIN

// Wi-Fi sensing

// Vision-aided channels and spatial prediction

export * from './room/index.js';
export * from './spatial/index.js';
export * from './vision/index.js';

// The trade-off
