/** Sensing with communication signals: what echoes tell, how well at best, and how to find it. */

// Model

export * from './model/index.js';
export type { Estimate, Estimates, Observation, Source } from './types.js';

// Bounds

export * from './bounds/index.js';

// Metrics

export * from './metrics/index.js';

// Estimators

export * from './estimators/index.js';

// PLAIN

export * from './plain/index.js';

// Wi-Fi sensing

export * from './wifi/index.js';

// Vision-aided channels and spatial prediction

export * from './room/index.js';
export * from './spatial/index.js';
export * from './vision/index.js';

// The trade-off

export * from './tradeoff/index.js';
