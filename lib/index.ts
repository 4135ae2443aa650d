/**
 * semwave: what rate buys what accuracy at what latency, over noisy channels. Each module is a name here and an
 * entry of its own (`semwave/jscc`); import the entry where start-up time matters.
 */
export * as base from './base/index.js';
export * as channel from './channel/index.js';
export * as engine from './engine/index.js';
export * as isac from './isac/index.js';
export * as jscc from './jscc/index.js';
export * as link from './link/index.js';
export * as math from './math/index.js';
export * as nn from './nn/index.js';
export * as phy from './phy/index.js';
export * as pipeline from './pipeline/index.js';
export { defineExperiment, param, runExperiment } from './pipeline/index.js';
export * as quantum from './quantum/index.js';
export * as report from './report/index.js';
export * as source from './source/index.js';
export * as v2x from './v2x/index.js';
