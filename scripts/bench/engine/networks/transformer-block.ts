import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import {
  type AttentionParameters,
  type DenseParameters,
  dense,
  gelu,
  initAttention,
  initDense,
  initLayerNorm,
  type LayerNormParameters,
  layerNorm,
} from '../../../../lib/nn/index.js';

/** Parameters of a pre-normalised block: attention and a hidden layer four times as wide. */
export type BlockParameters = {
  norm1: LayerNormParameters;
  attention: AttentionParameters;
  norm2: LayerNormParameters;
  widen: DenseParameters;
  narrow: DenseParameters;
};

export function initBlock(rng: Rng, features: number): BlockParameters {
  return {
    norm1: initLayerNorm(features),
    attention: initAttention(rng.fork('attention'), features),
    norm2: initLayerNorm(features),
    widen: initDense(rng.fork('widen'), features, 4 * features),
    narrow: initDense(rng.fork('narrow'), 4 * features, features),
  };
}

/** x + attend(LN(x)), then x + MLP(LN(x)) with GELU (Xiong et al. 2020); `attend` is given normalised tokens. */
export function block(
  params: BlockParameters,
  x: tf.Tensor,
  attend: (params: AttentionParameters, tokens: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const mixed = tf.add(x, attend(params.attention, layerNorm(params.norm1, x)));
  const hidden = gelu(dense(params.widen, layerNorm(params.norm2, mixed)));
  return tf.add(mixed, dense(params.narrow, hidden));
}
