import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import {
  attention,
  type DenseParameters,
  dense,
  gelu,
  initDense,
  initLayerNorm,
  type LayerNormParameters,
  layerNorm,
} from '../../../../lib/nn/index.js';
import { filled, type Inputs, type Network, normal } from './network.js';
import { type BlockParameters, block, initBlock } from './transformer-block.js';

type Names = 'blocks' | 'positions' | 'messages';
type Parameters = {
  extract: { [layer: string]: DenseParameters };
  blocks: { [block: string]: BlockParameters };
  norm: LayerNormParameters;
  head: DenseParameters;
};

/** Packets of 17 blocks; a block has 3 bits, 8 past parities and 8 past noise values. */
const [packets, blocks, values, width, layers, classes] = [2048, 17, 19, 32, 3, 8];

function init(rng: Rng): Parameters {
  const sizes = [values, 96, 96, width];
  const extract = sizes
    .slice(1)
    .map((outputs, i) => [`layer${i}`, initDense(rng.fork(`extract${i}`), sizes[i]!, outputs)]);
  const stack = Array.from({ length: layers }, (_, i) => [
    `block${i}`,
    initBlock(rng.fork(`block${i}`), width),
  ]);
  return {
    extract: Object.fromEntries(extract) as Parameters['extract'],
    blocks: Object.fromEntries(stack) as Parameters['blocks'],
    norm: initLayerNorm(width),
    head: initDense(rng.fork('head'), width, classes),
  };
}

/** Sinusoids of Vaswani et al. 2017, section 3.5. */
function position(index: number): number {
  const [place, feature] = [Math.floor(index / width), index % width];
  const angle = place / 10_000 ** ((feature - (feature % 2)) / width);
  return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

function batch(rng: Rng) {
  const labels = Array.from({ length: packets * blocks }, () => rng.integer(classes));
  return {
    blocks: normal(rng, [packets, blocks, values]),
    positions: filled([blocks, width], position),
    messages: filled([packets, blocks, classes], (i) =>
      labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
    ),
  };
}

/** Logits [packets, blocks, classes]. */
function forward(params: Parameters, inputs: Inputs<Names>): tf.Tensor {
  const { layer0, layer1, layer2 } = params.extract;
  const features = dense(layer2!, gelu(dense(layer1!, gelu(dense(layer0!, inputs.blocks)))));
  let x: tf.Tensor = tf.add(tf.mul(features, Math.sqrt(width)), inputs.positions);
  for (const each of Object.values(params.blocks)) {
    x = block(each, x, (weights, tokens) => attention(weights, tokens, { heads: 1 }));
  }
  return dense(params.head, layerNorm(params.norm, x));
}

/** The transformer of generalised block attention feedback codes (Ozfatura et al. 2022); cross-entropy. */
export const feedback: Network<Parameters, Names> = {
  title: 'feedback-code transformer, 3 layers of width 32, batch 2048 of 17 tokens',
  init,
  batch,
  forward,
  loss: (params, inputs) => {
    const logits = tf.reshape(forward(params, inputs), [packets * blocks, classes]);
    const chosen = tf.mul(tf.logSoftmax(logits), tf.reshape(inputs.messages, [packets * blocks, classes]));
    return tf.mul(tf.sum(chosen), -1 / (packets * blocks));
  },
};
