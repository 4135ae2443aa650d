import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../math/index.js';
import { type Initialiser, initWeight, zeros } from './initialisers.js';

/** Parameters of a convolution: weight [size, size, inputs, outputs], bias [outputs]. */
export type Conv2dParameters = { weight: tf.Variable; bias: tf.Variable };

/** Parameters of a transposed convolution: weight [size, size, outputs, inputs] (the order tfjs uses), bias [outputs]. */
export type Conv2dTransposeParameters = { weight: tf.Variable; bias: tf.Variable };

/** Channels in and out, side of the square filter, and the rule for the weight (default he). */
export interface Conv2dShape {
  inputs: number;
  outputs: number;
  size: number;
  initialiser?: Initialiser;
}

/** How a filter moves: stride in both directions (default 1) and padding (default `same`). */
export interface Conv2dOptions {
  stride?: number;
  padding?: 'same' | 'valid';
}

/** A convolution; the bias starts at zero. */
export function initConv2d(
  rng: Rng,
  { inputs, outputs, size, initialiser = 'he' }: Conv2dShape,
): Conv2dParameters {
  const fans = { fanIn: size * size * inputs, fanOut: size * size * outputs };
  return {
    weight: initWeight(rng, [size, size, inputs, outputs], fans, initialiser),
    bias: zeros([outputs]),
  };
}

/** Convolution of x [batch, height, width, inputs]; with `same` padding the sides become ceil(side / stride). */
export function conv2d(params: Conv2dParameters, x: tf.Tensor, options: Conv2dOptions = {}): tf.Tensor {
  const { stride = 1, padding = 'same' } = options;
  return tf.add(
    tf.conv2d(x as tf.Tensor4D, params.weight as tf.Tensor as tf.Tensor4D, stride, padding),
    params.bias,
  );
}

/** A transposed convolution that draws from `stride`² fewer taps per output, which `he` accounts for. */
export function initConv2dTranspose(
  rng: Rng,
  { inputs, outputs, size, initialiser = 'he', stride = 1 }: Conv2dShape & { stride?: number },
): Conv2dTransposeParameters {
  const taps = (size * size) / (stride * stride);
  const fans = { fanIn: taps * inputs, fanOut: size * size * outputs };
  return {
    weight: initWeight(rng, [size, size, outputs, inputs], fans, initialiser),
    bias: zeros([outputs]),
  };
}

/**
 * Transposed convolution of x [batch, height, width, inputs]: the adjoint of `conv2d` with the same stride
 * and padding. `same` gives sides side·stride, `valid` gives (side − 1)·stride + size.
 */
export function conv2dTranspose(
  params: Conv2dTransposeParameters,
  x: tf.Tensor,
  options: Conv2dOptions = {},
): tf.Tensor {
  const { stride = 1, padding = 'same' } = options;
  const [batch, height, width] = x.shape as [number, number, number, number];
  const [size, , outputs] = params.weight.shape as [number, number, number, number];
  const side = (length: number) => (padding === 'same' ? length * stride : (length - 1) * stride + size);
  const shape: [number, number, number, number] = [batch, side(height), side(width), outputs];
  const weight = params.weight as tf.Tensor as tf.Tensor4D;
  return tf.add(tf.conv2dTranspose(x as tf.Tensor4D, weight, shape, stride, padding), params.bias);
}
