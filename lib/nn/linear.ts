import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../math/index.js';
import { type Initialiser, initWeight, zeros } from './initialisers.js';

/** Parameters of a dense layer: weight [inputs, outputs], bias [outputs]. */
export type DenseParameters = { weight: tf.Variable; bias: tf.Variable };

/** A dense layer from `inputs` to `outputs` features: weight by `initialiser` (default glorot), bias zero. */
export function initDense(
  rng: Rng,
  inputs: number,
  outputs: number,
  { initialiser = 'glorot' }: { initialiser?: Initialiser } = {},
): DenseParameters {
  const weight = initWeight(rng, [inputs, outputs], { fanIn: inputs, fanOut: outputs }, initialiser);
  return { weight, bias: zeros([outputs]) };
}

/** x·weight + bias along the last axis: [..., inputs] to [..., outputs], any rank from 2. */
export function dense(params: DenseParameters, x: tf.Tensor): tf.Tensor {
  const [inputs, outputs] = params.weight.shape as [number, number];
  const flat = x.rank === 2 ? x : tf.reshape(x, [x.size / inputs, inputs]);
  const y = tf.add(tf.matMul(flat, params.weight), params.bias);
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}
