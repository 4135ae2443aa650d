/** An information bottleneck: encoder, temporal entropy model and read-out of the ground, learned together. */
export type { Bottleneck, LatentView } from './bottleneck.js';
export { type LearnedBottleneck, learnBottleneck, sentOf } from './learn.js';
export type { BottleneckScene, BottleneckTraining } from './train.js';
