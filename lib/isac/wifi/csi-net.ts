import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../math/index.js';
import {
  type Conv2dParameters,
  conv2d,
  type DenseParameters,
  dense,
  gelu,
  initConv2d,
  initDense,
} from '../../nn/index.js';
import type { SensingFeatures } from './features.js';

/** Length of the vector that stands for a sample. */
export const EMBEDDING = 64;
const WIDTHS = [16, 32, 48] as const;

/** Parameters of the similarity network: three convolutions, an embedding, and the heads of query and key. */
export type CsiNetParameters = {
  conv0: Conv2dParameters;
  conv1: Conv2dParameters;
  conv2: Conv2dParameters;
  embed: DenseParameters;
  query: DenseParameters;
  key: DenseParameters;
};

/**
 * How alike two samples are. `attention`: sigmoid(q · k) of two linear heads; `cosine`: of the angle between the
 * embeddings, from -1 to 1; `euclidean`: minus their distance.
 */
export type Similarity = 'attention' | 'cosine' | 'euclidean';

export const similarities: readonly Similarity[] = ['attention', 'cosine', 'euclidean'];

/** Distance that the Euclidean loss wants between samples of different classes. */
const APART = 3;

/** A network for features of this shape: about 50,000 parameters for 40 packets, 13 subcarriers and 3 links. */
export function initCsiNet(rng: Rng, [packets, , channels]: SensingFeatures['shape']): CsiNetParameters {
  const layer = (index: 0 | 1 | 2, inputs: number) =>
    initConv2d(rng.fork('conv').fork(index), { inputs, outputs: WIDTHS[index], size: 3 });
  const steps = [0, 1, 2].reduce((side) => Math.ceil(side / 2), packets);
  const head = (name: string) => initDense(rng.fork(name), EMBEDDING, EMBEDDING);
  return {
    conv0: layer(0, channels),
    conv1: layer(1, WIDTHS[0]),
    conv2: layer(2, WIDTHS[1]),
    embed: initDense(rng.fork('embed'), steps * WIDTHS[2], EMBEDDING),
    query: head('query'),
    key: head('key'),
  };
}

/**
 * Features [batch, packets, subcarriers, channels] to embeddings [batch, 64]: halved three times in both directions, then
 * averaged over subcarriers but not over time, since a stroke and its reverse differ in order only.
 */
export function embed(params: CsiNetParameters, features: tf.Tensor): tf.Tensor {
  const block = (x: tf.Tensor, conv: Conv2dParameters) => gelu(conv2d(conv, x, { stride: 2 }));
  const x = [params.conv0, params.conv1, params.conv2].reduce(block, features);
  const overTime = tf.mean(x, 2);
  return dense(params.embed, tf.reshape(overTime, [x.shape[0]!, -1]));
}

/** Scores [queries, keys] of embeddings; larger is more alike. */
export function similarityScores(
  params: CsiNetParameters,
  queries: tf.Tensor,
  keys: tf.Tensor,
  kind: Similarity,
): tf.Tensor {
  if (kind === 'attention') {
    const products = tf.matMul(dense(params.query, queries), dense(params.key, keys), false, true);
    return tf.sigmoid(products);
  }
  if (kind === 'cosine') return tf.matMul(unit(queries), unit(keys), false, true);
  const square = (x: tf.Tensor) => tf.sum(tf.square(x), 1, true);
  const cross = tf.matMul(queries, keys, false, true);
  const distances = tf.sub(tf.add(square(queries), tf.transpose(square(keys))), tf.mul(cross, 2));
  // The root has no gradient at 0, where a sample meets itself.
  return tf.neg(tf.sqrt(tf.add(tf.relu(distances), 1e-6)));
}

function unit(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-6)));
}

/**
 * The loss of scores against a matrix of 1 (same class) and 0 (different). Attention and cosine: mean square error.
 * Euclidean: the square of the distance for the same, of 3 minus the distance for different classes, up to 3. The
 * same-class pairs, of which there is one in `classes`, weigh as much as the others together.
 */
export function similarityLoss(
  scores: tf.Tensor,
  same: tf.Tensor,
  kind: Similarity,
  classes: number,
): tf.Tensor {
  const weight = tf.add(1, tf.mul(same, classes - 2));
  const different = tf.sub(1, same);
  const error =
    kind === 'euclidean'
      ? tf.sub(tf.mul(same, scores), tf.mul(different, tf.relu(tf.add(APART, scores))))
      : tf.sub(scores, same);
  return tf.mean(tf.mul(weight, tf.square(error)));
}
