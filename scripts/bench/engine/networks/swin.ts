import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import {
  attention,
  type Conv2dParameters,
  conv2d,
  type DenseParameters,
  dense,
  initConv2d,
  initDense,
  initLayerNorm,
  type LayerNormParameters,
  layerNorm,
  parameter,
} from '../../../../lib/nn/index.js';
import { filled, type Inputs, type Network, normal, uniform } from './network.js';
import { type BlockParameters, block, initBlock } from './transformer-block.js';

type Names = 'pictures' | 'target' | 'pairs' | 'mask0' | 'mask1';
type SwinBlock = { block: BlockParameters; bias: { table: tf.Variable } };
type Stage = {
  merge?: { norm: LayerNormParameters; reduce: DenseParameters };
  blocks: { [name: string]: SwinBlock };
};
type Parameters = {
  embed: Conv2dParameters;
  stage0: Stage;
  stage1: Stage;
  norm: LayerNormParameters;
  head: DenseParameters;
};

const batchSize = 32;
const window = 2;
const tokens = window * window;
const stages = [
  { side: 16, width: 128, depth: 2, heads: 4 },
  { side: 8, width: 256, depth: 4, heads: 8 },
] as const;
type StageShape = (typeof stages)[number];
/** The head answers with the 4 x 4 x 3 values that a place of the last stage stands for. */
const outputs = 48;

function initStage(rng: Rng, { width, depth, heads }: StageShape): SwinBlock[] {
  return Array.from({ length: depth }, (_, i) => {
    const fork = rng.fork(i);
    const table = fork.fork('bias').fillNormal(new Float32Array((2 * window - 1) ** 2 * heads), 0, 0.02);
    return {
      block: initBlock(fork, width),
      bias: { table: parameter(table, [(2 * window - 1) ** 2, heads]) },
    };
  });
}

const named = (blocks: SwinBlock[]) => Object.fromEntries(blocks.map((each, i) => [`block${i}`, each]));

function init(rng: Rng): Parameters {
  const [first, second] = stages;
  const merge = {
    norm: initLayerNorm(4 * first.width),
    reduce: initDense(rng.fork('merge'), 4 * first.width, second.width),
  };
  return {
    embed: initConv2d(rng.fork('embed'), { inputs: 3, outputs: first.width, size: 2, initialiser: 'glorot' }),
    stage0: { blocks: named(initStage(rng.fork('stage0'), first)) },
    stage1: { merge, blocks: named(initStage(rng.fork('stage1'), second)) },
    norm: initLayerNorm(second.width),
    head: initDense(rng.fork('head'), second.width, outputs),
  };
}

/** For each ordered pair of places in a window, the row of the bias table: their offset. */
function pairs() {
  const reach = 2 * window - 1;
  return filled([tokens * tokens], (i) => {
    const [a, b] = [Math.floor(i / tokens), i % tokens];
    const rows = Math.floor(a / window) - Math.floor(b / window);
    return (rows + window - 1) * reach + (a % window) - (b % window) + window - 1;
  });
}

/** [windows, tokens, tokens]: -100 between places that only the cyclic shift made neighbours. */
function shiftMask(side: number) {
  const across = side / window;
  const region = (place: number) => (place < side - window ? 0 : place < side - window / 2 ? 1 : 2);
  const regionOf = (index: number, token: number) => {
    const row = Math.floor(index / across) * window + Math.floor(token / window);
    return 3 * region(row) + region((index % across) * window + (token % window));
  };
  return filled([across * across, tokens, tokens], (i) => {
    const [index, pair] = [Math.floor(i / tokens ** 2), i % tokens ** 2];
    return regionOf(index, Math.floor(pair / tokens)) === regionOf(index, pair % tokens) ? 0 : -100;
  });
}

/** Moves all rows and columns by `by` places around the edges; x [batch, side, side, width]. */
function roll(x: tf.Tensor, by: number): tf.Tensor {
  return [1, 2].reduce((moved, axis) => {
    const length = moved.shape[axis]!;
    const cut = (length - by) % length;
    const sizes = cut > 0 ? [cut, length - cut] : [-cut, length + cut];
    const [head, tail] = tf.split(moved, sizes, axis);
    return tf.concat([tail!, head!], axis);
  }, x);
}

/** [batch, side, side, width] to windows [batch·windows, tokens, width]; and back, where `side` is given. */
function toWindows(x: tf.Tensor): tf.Tensor {
  const [n, side, , width] = x.shape as [number, number, number, number];
  const across = side / window;
  const rows = tf.reshape(x, [n * across, window, across, window * width]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [n * across * across, tokens, width]);
}

function fromWindows(x: tf.Tensor, side: number): tf.Tensor {
  const across = side / window;
  const width = x.shape[2]!;
  const rows = tf.reshape(x, [x.shape[0]! / across, across, window, window * width]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [x.shape[0]! / across ** 2, side, side, width]);
}

function stage(
  params: Stage,
  x: tf.Tensor,
  { side, width, heads }: StageShape,
  index: tf.Tensor,
  mask: tf.Tensor,
): tf.Tensor {
  let y = x;
  for (const [i, { block: weights, bias }] of Object.values(params.blocks).entries()) {
    const shift = i % 2 === 0 ? 0 : window / 2;
    const offsets = tf.reshape(tf.gather(bias.table, index as tf.Tensor1D), [tokens, tokens, heads]);
    const relative = tf.transpose(offsets, [2, 0, 1]);
    const added = shift ? tf.add(tf.expandDims(relative, 0), tf.expandDims(mask, 1)) : relative;
    y = block(weights, y, (attending, normalised) => {
      const grid = tf.reshape(normalised, [batchSize, side, side, width]);
      const mixed = attention(attending, toWindows(shift ? roll(grid, -shift) : grid), {
        heads,
        bias: added,
      });
      const back = fromWindows(mixed, side);
      return tf.reshape(shift ? roll(back, shift) : back, [batchSize, side * side, width]);
    });
  }
  return y;
}

/** Values [batch, 64, 48]. */
function forward(params: Parameters, inputs: Inputs<Names>): tf.Tensor {
  const [first, second] = stages;
  const embedded = conv2d(params.embed, inputs.pictures, { stride: 2, padding: 'valid' });
  const x = tf.reshape(embedded, [batchSize, first.side ** 2, first.width]);
  const early = stage(params.stage0, x, first, inputs.pairs, inputs.mask0);
  const patches = tf.reshape(toWindows(tf.reshape(early, [batchSize, first.side, first.side, first.width])), [
    batchSize,
    second.side ** 2,
    4 * first.width,
  ]);
  const { norm, reduce } = params.stage1.merge!;
  const merged = dense(reduce, layerNorm(norm, patches));
  const late = stage(params.stage1, merged, second, inputs.pairs, inputs.mask1);
  return dense(params.head, layerNorm(params.norm, late));
}

/**
 * The encoder of SwinJSCC for CIFAR-10 (Yang et al. 2024): 2 x 2 patches, widths 128 and 256, depths 2 and
 * 4, windows of 2 x 2, every second block shifted, relative position bias; mean squared error.
 */
export const swin: Network<Parameters, Names> = {
  title: 'Swin blocks, widths 128/256, window 2, batch 32 of 32x32x3',
  init,
  batch: (rng) => ({
    pictures: uniform(rng.fork('pictures'), [batchSize, 32, 32, 3]),
    target: normal(rng.fork('target'), [batchSize, stages[1].side ** 2, outputs]),
    pairs: pairs(),
    mask0: shiftMask(stages[0].side),
    mask1: shiftMask(stages[1].side),
  }),
  indices: ['pairs'],
  forward,
  loss: (params, inputs) => tf.mean(tf.squaredDifference(forward(params, inputs), inputs.target)),
};
