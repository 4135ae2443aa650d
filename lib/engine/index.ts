/** Which backend computes: the choice of engine, the gradients and kernels that it lacks, and its health. */
export { type DoctorRow, doctor, formatDoctor } from './doctor.js';
export { useEngine } from './engines.js';
export { jit } from './jit.js';
export {
  type ModelPort,
  type ModelSource,
  type ModelTensor,
  type OnnxModel,
  type OpenOptions,
  openModel,
} from './models/open.js';
export { type QuantisedModel, type QuantiseOptions, quantiseModel } from './models/quantise.js';
export { type TracedInput, type TraceOptions, traceModel } from './models/trace.js';
export { type EngineInfo, type EngineName, type EngineOptions, engineNames } from './names.js';
export type { TensorTree } from './tensor-tree.js';
