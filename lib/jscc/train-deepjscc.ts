import * as tf from '@tensorflow/tfjs-core';
import { type Channel, equaliseTensor } from '../channel/index.js';
import { Rng } from '../math/index.js';
import {
  adam,
  type LossParts,
  type Schedule,
  type TrainOptions,
  type TrainResult,
  train,
} from '../nn/index.js';
import { type DeepJsccParameters, decodeDeepJscc, encodeDeepJscc, initDeepJscc } from './deepjscc-model.js';

/** What a training step of DeepJSCC draws from. */
export interface DeepJsccTraining {
  /** A batch of pictures, NHWC: a function of the step and its stream. */
  batch: (step: number, rng: Rng) => { data: Float32Array; shape: [number, number, number, number] };
  channel: Channel;
}

/** Mean squared error of one batch over the channel. */
export function deepJsccLoss(
  params: DeepJsccParameters,
  { batch, channel }: DeepJsccTraining,
  step: number,
  rng: Rng,
): LossParts {
  const { data, shape } = batch(step, rng.fork('batch'));
  const pictures = tf.tensor4d(data, shape);
  const sent = encodeDeepJscc(params.encoder, pictures);
  const uses = sent.re.shape[1];
  const realisation = channel.sample(rng.fork('noise'), { codewords: shape[0], uses });
  const received = equaliseTensor(realisation.applyTensor(sent), realisation);
  const output = decodeDeepJscc(params.decoder, received, { height: shape[1], width: shape[2] });
  return { loss: tf.mean(tf.square(tf.sub(output, pictures))), inputs: { batch: pictures } };
}

/** Untrained parameters, drawn from the seed. */
export function startDeepJscc(seed: number, ratio: number): DeepJsccParameters {
  return initDeepJscc(stream(seed).fork('start'), ratio);
}

/** Trains DeepJSCC in place with Adam (Bourtsoulatze et al. 2019: rate 1e-3, batch 64). */
export async function trainDeepJscc(
  parameters: DeepJsccParameters,
  training: DeepJsccTraining,
  options: { seed: number; steps: number; schedule: Schedule } & Pick<
    TrainOptions,
    'checkpoint' | 'onStep' | 'progress' | 'stop' | 'logEvery'
  >,
): Promise<TrainResult> {
  const { seed, ...rest } = options;
  const optimiser = adam(parameters, { learningRate: 1e-3 });
  try {
    return await train({
      parameters,
      loss: (step, rng) => deepJsccLoss(parameters, training, step, rng),
      rng: stream(seed).fork('train'),
      optimiser,
      ...rest,
    });
  } finally {
    optimiser.dispose();
  }
}

function stream(seed: number): Rng {
  return Rng.of(seed).fork('jscc').fork('deepjscc');
}
