import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import {
  type Conv2dParameters,
  type Conv2dTransposeParameters,
  conv2d,
  conv2dTranspose,
  type DenseParameters,
  dense,
  initConv2d,
  initConv2dTranspose,
  initDense,
} from '../../../../lib/nn/index.js';
import { filled, type Inputs, type Network, normal, uniform } from './network.js';

type Names = 'points' | 'cells' | 'sources' | 'heat' | 'boxes';
type Convolutions = { [layer: string]: Conv2dParameters };
type Parameters = {
  point: DenseParameters;
  backbone: Convolutions;
  lift: { [level: string]: Conv2dTransposeParameters };
  neck: Conv2dParameters;
  heat: Conv2dParameters;
  boxes: Conv2dParameters;
};

const frames = 8;
const grid = 64;
const [pillarsPerFrame, pointsPerPillar, values, width] = [400, 8, 9, 32];
const outputSide = grid / 2;
const boxValues = 6;
/** Outputs of the two convolutions at each level; the first one halves the sides. */
const levels = [32, 64, 64] as const;

function init(rng: Rng): Parameters {
  const convolution = (name: string, inputs: number, outputs: number, size: number) =>
    initConv2d(rng.fork(name), { inputs, outputs, size });
  const backbone: Convolutions = {};
  const lift: Parameters['lift'] = {};
  let inputs: number = width;
  for (const [i, outputs] of levels.entries()) {
    backbone[`down${i}`] = convolution(`down${i}`, inputs, outputs, 3);
    backbone[`same${i}`] = convolution(`same${i}`, outputs, outputs, 3);
    const [size, stride] = [2 ** i, 2 ** i];
    lift[`level${i}`] = initConv2dTranspose(rng.fork(`lift${i}`), {
      inputs: outputs,
      outputs: width,
      size,
      stride,
    });
    inputs = outputs;
  }
  return {
    point: initDense(rng.fork('point'), values, width, { initialiser: 'he' }),
    backbone,
    lift,
    neck: convolution('neck', levels.length * width, width, 3),
    heat: convolution('heat', width, 1, 1),
    boxes: convolution('boxes', width, boxValues, 1),
  };
}

/** Each frame's pillars stand on distinct cells; `sources` says for each cell its pillar, from 1, or 0 for none. */
function batch(rng: Rng) {
  const cells = Array.from({ length: frames }, (_, frame) =>
    Array.from(
      rng
        .fork(frame)
        .permutation(grid * grid)
        .subarray(0, pillarsPerFrame),
      (cell) => frame * grid * grid + cell,
    ),
  ).flat();
  const sources = new Float32Array(frames * grid * grid);
  for (const [pillar, cell] of cells.entries()) sources[cell] = pillar + 1;
  const map = [frames, outputSide, outputSide];
  const chance = rng.fork('heat');
  return {
    points: normal(rng.fork('points'), [frames * pillarsPerFrame, pointsPerPillar, values]),
    cells: filled([cells.length], (i) => cells[i]!),
    sources: filled([sources.length], (i) => sources[i]!),
    heat: filled([...map, 1], () => (chance.uniform() < 0.02 ? 1 : 0)),
    boxes: uniform(rng.fork('boxes'), [...map, boxValues]),
  };
}

/** Pillar features as a dense picture [frames, grid, grid, width]. */
function scatter(params: Parameters, inputs: Inputs<Names>): tf.Tensor {
  const features = tf.max(tf.relu(dense(params.point, inputs.points)), 1);
  const withEmpty = tf.concat([tf.zeros([1, width]), features], 0);
  return tf.reshape(tf.gather(withEmpty, inputs.sources as tf.Tensor1D), [frames, grid, grid, width]);
}

/** Logits of objects at the places of the map and their boxes [frames, 32, 32, 1 and 6], as one tensor. */
function forward(params: Parameters, inputs: Inputs<Names>): tf.Tensor {
  let x = scatter(params, inputs);
  const lifted = levels.map((_, i) => {
    const down = tf.relu(conv2d(params.backbone[`down${i}`]!, x, { stride: 2 }));
    x = tf.relu(conv2d(params.backbone[`same${i}`]!, down));
    return tf.relu(conv2dTranspose(params.lift[`level${i}`]!, x, { stride: 2 ** i }));
  });
  const neck = tf.relu(conv2d(params.neck, tf.concat(lifted, 3)));
  return tf.concat([conv2d(params.heat, neck), conv2d(params.boxes, neck)], 3);
}

/** Cross-entropy of the object map and the absolute error of the boxes, at equal weight. */
function loss(params: Parameters, inputs: Inputs<Names>): tf.Tensor {
  const [logits, boxes] = tf.split(forward(params, inputs), [1, boxValues], 3);
  const entropy = tf.sub(tf.softplus(logits!), tf.mul(logits!, inputs.heat));
  return tf.add(tf.mean(entropy), tf.mean(tf.abs(tf.sub(boxes!, inputs.boxes))));
}

/** A small PointPillars (Lang et al. 2019) with a CenterNet head. */
export const pillars: Network<Parameters, Names> = {
  title: 'BEV pillar net, 64x64 grid of 32 channels, batch 8',
  init,
  batch,
  indices: ['sources'],
  forward,
  loss,
};
