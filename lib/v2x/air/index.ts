/** Features over the air: codecs of feature maps that meet `lib/link`'s `Codec`. */

export { type FeatureComponents, featureComponents } from './components.js';
export {
  type DigitalFeatures,
  type DigitalOptions,
  digitalFeatures,
  type FeatureCoder,
  latentCoder,
} from './digital.js';
export { linearFeatures } from './linear.js';
export type { AirParameters } from './model.js';
export { type AirNetwork, type AirNetworkOptions, airNetwork, networkOf } from './network.js';
export { type FeatureCodec, neuralFeatures } from './neural.js';
export { type MapPairs, mapPairs } from './pairs.js';
export { startAir } from './start.js';
export { type AirTraining, trainAir } from './train.js';
