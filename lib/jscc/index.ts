/** Joint source-channel coding of pictures: linear, DeepJSCC, the SNR- and rate-adaptive default, separation. */
export { adaptiveCodec } from './adaptive.js';
export {
  type AdaptiveParameters,
  type AdaptiveShape,
  defaultShape,
  initAdaptive,
} from './adaptive-model.js';
export { type AdaptiveTraining, adaptiveLoss, defaultTraining } from './adaptive-training.js';
export { bestOf } from './best-of.js';
export { modelInputs } from './calibration.js';
export type { CodecPart, CodecParts, NeuralCodec, PictureSize } from './codec-part.js';
export { deepJsccCodec } from './deepjscc.js';
export { type DeepJsccParameters, initDeepJscc, latentMaps } from './deepjscc-model.js';
export { bestScheme, type SchemeDelivery, schemeLadder } from './envelope.js';
export { codecModel, exportOnnx } from './export.js';
export { type LinearOptions, type LinearPower, linearCodec } from './linear.js';
export { type PictureDelivery, type PictureRow, pictureRow } from './measure.js';
export { type OnnxCodec, type OnnxCodecOptions, onnxCodec } from './onnx-codec.js';
export type { PictureLayout } from './onnx-codec-shape.js';
export { type PrincipalComponents, principalComponents } from './principal.js';
export { SeparationBound, type SeparationDelivery } from './separation.js';
export {
  type SeparationCodec,
  type SeparationCodecOptions,
  schemeName,
  separationCodec,
} from './separation-codec.js';
export {
  adaptiveRate,
  deepJsccSnrDb,
  type Recipe,
  trainAdaptiveWeights,
  trainDeepJsccWeights,
  type Watch,
} from './shipped.js';
export type { PictureShape } from './symbols.js';
export { startAdaptive, trainAdaptive } from './train-adaptive.js';
export { type DeepJsccTraining, deepJsccLoss, startDeepJscc, trainDeepJscc } from './train-deepjscc.js';
export { loadAdaptive, loadDeepJscc, ratioLabel } from './weights.js';
