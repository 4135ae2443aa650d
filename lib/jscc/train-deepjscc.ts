import * as tf from '@tensorflow/tfjs-core';
import { type Channel, type ChannelInputs, channelInputs, overChannel } from '../channel/index.js';
import { Rng } from '../math/index.js';
import {
  adam,
  type DrawnLoss,
  type Schedule,
  type TrainOptions,
  type TrainResult,
  train,
} from '../nn/index.js';
import {
  codewordUses,
  type DeepJsccParameters,
  decodeDeepJscc,
  encodeDeepJscc,
  initDeepJscc,
} from './deepjscc-model.js';

/** What a training step of DeepJSCC draws from. */
export interface DeepJsccTraining {
  /** A batch of pictures, NHWC: a function of the step and its stream. */
  batch: (step: number, rng: Rng) => { data: Float32Array; shape: [number, number, number, number] };
  channel: Channel;
}

/** Mean squared error of one batch over the channel. */
export function deepJsccLoss(params: DeepJsccParameters, { batch, channel }: DeepJsccTraining): DrawnLoss {
  return {
    draw(step, rng) {
      const pictures = batch(step, rng.fork('batch'));
      const [codewords, height, width] = pictures.shape;
      const uses = codewordUses(params.encoder, { height, width });
      const realisation = channel.sample(rng.fork('noise'), { codewords, uses });
      return { batch: pictures, ...channelInputs(realisation) };
    },
    compute(drawn) {
      const pictures = drawn.batch as tf.Tensor4D;
      const [, height, width] = pictures.shape;
      const sent = encodeDeepJscc(params.encoder, pictures);
      const received = overChannel(sent, drawn as ChannelInputs<tf.Tensor>);
      const output = decodeDeepJscc(params.decoder, received, { height, width });
      return tf.mean(tf.square(tf.sub(output, pictures)));
    },
  };
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
      loss: deepJsccLoss(parameters, training),
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
