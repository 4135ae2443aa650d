import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { withGradient } from './gradient.js';
import { type Initialiser, initWeight, zeros } from './initialisers.js';

/** Swaps the last two axes of a matrix or of a stack of matrices. */
export function transposeLast(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, x.rank === 2 ? [1, 0] : [0, 2, 1]);
}

/**
 * a·b for two matrices [m, k]·[k, n] or two stacks of them [s, m, k]·[s, k, n].
 *
 * The gradient of `tf.matMul` multiplies with transpose flags, which the wasm backend runs about twelve
 * times slower than a transposition followed by a plain product; this one transposes.
 * @throws InputError when the ranks differ or are not 2 or 3.
 */
export function matMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.rank !== b.rank || (a.rank !== 2 && a.rank !== 3)) {
    throw new InputError(
      `matMul of shapes [${a.shape}] and [${b.shape}]; allowed: two matrices or two stacks of them`,
    );
  }
  return withGradient([a, b], ([left, right], save) => {
    save([left!, right!]);
    return {
      value: tf.matMul(left!, right!),
      gradients: (dy, [x, y]) => [tf.matMul(dy, transposeLast(y!)), tf.matMul(transposeLast(x!), dy)],
    };
  });
}

/**
 * x + bias with the bias [channels] along the last axis. The bias gradient is a product with a row of
 * ones: on wasm a sum over leading axes would first transpose the whole tensor.
 */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return withGradient([x, bias], ([input, offset]) => ({
    value: tf.add(input!, offset!),
    gradients: (dy) => [tf.clone(dy), sumToLast(dy)],
  }));
}

/** The sum over all axes but the last, [..., channels] to [channels], as a matrix product. */
export function sumToLast(x: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.rank - 1]!;
  const rows = x.size / channels;
  return tf.reshape(tf.matMul(tf.ones([1, rows]), tf.reshape(x, [rows, channels])), [channels]);
}

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
  const y = addBias(matMul(flat, params.weight), params.bias);
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}
