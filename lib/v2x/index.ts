/** Collaborative perception: who sees what, what is worth sharing, and what it costs to send. */

// Scene and agents

export * from './scene/index.js';
export type * from './types.js';

// Geometry and evaluation

export * from './bev/index.js';
export * from './evaluate/index.js';
export * from './geometry/index.js';

// Sensors

export * from './lidar/index.js';

// Data sets

export * from './io/index.js';

// Detection

export * from './detect/index.js';
export * from './pillars/index.js';

// Sharing

export * from './assist/index.js';
export * from './experiment/index.js';
export * from './graph/index.js';
export * from './message/index.js';
export * from './racp/index.js';
export * from './share/index.js';

// Links

export * from './air/index.js';
export * from './link/index.js';
