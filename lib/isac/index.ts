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

// The trade-off
