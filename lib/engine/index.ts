/** Which backend computes: the choice of engine, the gradients and kernels that it lacks, and its health. */
export { type EngineInfo, type EngineName, engineNames, useEngine } from './engines.js';
