/** Which backend computes: the choice of engine, the gradients and kernels that it lacks, and its health. */
export { type DoctorRow, doctor, formatDoctor } from './doctor.js';
export { useEngine } from './engines.js';
export { jit } from './jit.js';
export { type EngineInfo, type EngineName, type EngineOptions, engineNames } from './names.js';
export type { TensorTree } from './tensor-tree.js';
