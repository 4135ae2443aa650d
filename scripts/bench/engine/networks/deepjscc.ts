import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import {
  type Conv2dParameters,
  conv2d,
  conv2dTranspose,
  initConv2d,
  initConv2dTranspose,
  initPrelu,
  type PreluParameters,
  prelu,
} from '../../../../lib/nn/index.js';
import { type Network, uniform } from './network.js';

type Stack = { [layer: string]: { conv: Conv2dParameters; slope?: PreluParameters } };
type Parameters = { encoder: Stack; decoder: Stack };

const pictures = 64;
const size = 5;
/** Outputs and stride of each layer. */
const encoder = [
  [16, 2],
  [32, 2],
  [32, 1],
  [32, 1],
  [16, 1],
] as const;
const decoder = [
  [32, 1],
  [32, 1],
  [32, 1],
  [16, 2],
  [3, 2],
] as const;

function init(rng: Rng): Parameters {
  const params: Parameters = { encoder: {}, decoder: {} };
  let inputs = 3;
  for (const [part, layers] of [
    ['encoder', encoder],
    ['decoder', decoder],
  ] as const) {
    for (const [i, [outputs, stride]] of layers.entries()) {
      const start = part === 'encoder' ? initConv2d : initConv2dTranspose;
      const conv = start(rng.fork(`${part}${i}`), { inputs, outputs, size, stride });
      const last = i + 1 === layers.length;
      params[part][`layer${i}`] = last ? { conv } : { conv, slope: initPrelu(outputs) };
      inputs = outputs;
    }
  }
  return params;
}

function forward(params: Parameters, pictures: tf.Tensor): tf.Tensor {
  let x = pictures;
  for (const [part, layers, convolve] of [
    ['encoder', encoder, conv2d],
    ['decoder', decoder, conv2dTranspose],
  ] as const) {
    for (const [i, [, stride]] of layers.entries()) {
      const { conv, slope } = params[part][`layer${i}`]!;
      const y = convolve(conv, x, { stride });
      x = slope ? prelu(slope, y) : y;
    }
  }
  return tf.sigmoid(x);
}

/** Bourtsoulatze et al. 2019: five 5 x 5 convolutions with PReLU and their mirror image; mean squared error. */
export const deepjscc: Network<Parameters, 'pictures'> = {
  title: 'DeepJSCC, batch 64 of 32x32x3',
  init,
  batch: (rng) => ({ pictures: uniform(rng, [pictures, 32, 32, 3]) }),
  forward: (params, inputs) => forward(params, inputs.pictures),
  loss: (params, inputs) => tf.mean(tf.squaredDifference(forward(params, inputs.pictures), inputs.pictures)),
};
