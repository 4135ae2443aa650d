/** Neural networks: a model is a function and its named parameters, on the tfjs API. */

export { gelu, initPrelu, type PreluParameters, prelu } from './activations.js';
export {
  type AdamOptions,
  type AdamState,
  type AdamWOptions,
  adam,
  adamW,
  type Gradients,
  type Optimiser,
  type UpdateOptions,
} from './adam.js';
export { type AttentionOptions, type AttentionParameters, attention, initAttention } from './attention.js';
export { loadCheckpoint, saveCheckpoint, type TrainingState } from './checkpoint.js';
export {
  type Conv2dOptions,
  type Conv2dParameters,
  type Conv2dShape,
  type Conv2dTransposeParameters,
  conv2d,
  conv2dTranspose,
  initConv2d,
  initConv2dTranspose,
} from './convolution.js';
export {
  type Drawn,
  type DrawnLoss,
  drawnTensors,
  type LossFunction,
  type LossParts,
  plainLoss,
} from './evaluation.js';
export { type Differentiable, withGradient } from './gradient.js';
export { glorotUniform, heNormal, type Initialiser, zeros } from './initialisers.js';
export { type DenseParameters, dense, initDense } from './linear.js';
export { type MovingAverage, movingAverage } from './moving-average.js';
export {
  initLayerNorm,
  initRmsNorm,
  type LayerNormParameters,
  layerNorm,
  type RmsNormParameters,
  rmsNorm,
} from './normalisation.js';
export {
  assignTree,
  cloneTree,
  countParameters,
  disposeTree,
  flatten,
  type ParameterTree,
  parameter,
  type Snapshot,
  snapshot,
  type TensorData,
} from './parameters.js';
export { duration, type Progress, type ProgressOptions, progressBar } from './progress.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  writeSafetensors,
} from './safetensors.js';
export { constantRate, cosineRate, linearRate, type Schedule, stepRate } from './schedules.js';
export { shippedWeights, type WeightsSource, withWeights } from './shipped.js';
export { type StepReport, TrainingDiverged, type TrainOptions, type TrainResult, train } from './train.js';
export { loadWeights, saveWeights } from './weights.js';
