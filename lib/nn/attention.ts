import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { Rng } from '../math/index.js';
import type { Initialiser } from './initialisers.js';
import { type DenseParameters, dense, initDense } from './linear.js';

/** Parameters of a self-attention: four dense layers [features, features]. */
export type AttentionParameters = {
  query: DenseParameters;
  key: DenseParameters;
  value: DenseParameters;
  output: DenseParameters;
};

/**
 * A self-attention over `features`; `output: 'zero'` starts a residual branch silent.
 */
export function initAttention(
  rng: Rng,
  features: number,
  { output = 'glorot' }: { output?: Initialiser } = {},
): AttentionParameters {
  return {
    query: initDense(rng.fork('query'), features, features),
    key: initDense(rng.fork('key'), features, features),
    value: initDense(rng.fork('value'), features, features),
    output: initDense(rng.fork('output'), features, features, { initialiser: output }),
  };
}

/** Options of an attention: number of heads (a divisor of the features) and a bias added to the scores. */
export interface AttentionOptions {
  heads: number;
  /**
   * Added to the scaled scores before the softmax, differentiable: [heads, tokens, tokens] for all of the
   * batch (a relative-position bias), or [groups, heads, tokens, tokens] where the batch is a whole number
   * of runs through the groups (windows of one image under shifted-window masks).
   */
  bias?: tf.Tensor;
}

/**
 * Multi-head self-attention softmax(QKᵀ/√d + bias)V (Vaswani et al. 2017) of x [batch, tokens, features].
 * Window attention is this function on windows moved to the batch axis.
 * @throws InputError when the heads do not divide the features or the bias does not fit.
 */
export function attention(
  params: AttentionParameters,
  x: tf.Tensor,
  { heads, bias }: AttentionOptions,
): tf.Tensor {
  const [batch, tokens, features] = x.shape as [number, number, number];
  if (x.rank !== 3 || !Number.isInteger(heads) || heads < 1 || features % heads !== 0) {
    throw new InputError(
      `attention of shape [${x.shape}] with ${heads} heads; allowed: rank 3 and heads that divide the features`,
    );
  }
  const width = features / heads;
  const split = (projected: tf.Tensor) =>
    tf.reshape(tf.transpose(tf.reshape(projected, [batch, tokens, heads, width]), [0, 2, 1, 3]), [
      batch * heads,
      tokens,
      width,
    ]);
  const scaled = (values: tf.Tensor) => tf.mul(values, 1 / Math.sqrt(width));
  // Of queries and scores the fewer are scaled.
  const fewScores = tokens < width;
  const projected = dense(params.query, x);
  const query = split(fewScores ? projected : scaled(projected));
  const key = split(dense(params.key, x));
  const value = split(dense(params.value, x));
  const products = tf.matMul(query, key, false, true);
  const scores = fewScores ? scaled(products) : products;
  const weights = tf.softmax(bias ? addScoreBias(scores, bias, { batch, heads, tokens }) : scores);
  const mixed = tf.reshape(tf.matMul(weights, value), [batch, heads, tokens, width]);
  return dense(params.output, tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, features]));
}

/** Adds the bias to scores [batch·heads, tokens, tokens] with no tensor of more than three axes. */
function addScoreBias(
  scores: tf.Tensor,
  bias: tf.Tensor,
  { batch, heads, tokens }: { batch: number; heads: number; tokens: number },
): tf.Tensor {
  const groups = bias.rank === 4 ? bias.shape[0]! : 1;
  const fits = bias.shape.slice(bias.rank - 3).join() === [heads, tokens, tokens].join() && bias.rank <= 4;
  if (!fits || batch % groups !== 0) {
    throw new InputError(
      `attention bias of shape [${bias.shape}] for batch ${batch}; allowed: [${heads}, ${tokens}, ${tokens}], or that with a leading divisor of the batch`,
    );
  }
  const run = groups * heads * tokens * tokens;
  const shifted = tf.add(tf.reshape(scores, [scores.size / run, run]), tf.reshape(bias, [run]));
  return tf.reshape(shifted, scores.shape);
}
