import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../math/index.js';
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
} from '../../nn/index.js';
import { PILLARS } from './grid.js';
import { POINT_VALUES, POINTS_PER_PILLAR } from './pillars.js';

/** Parameters of the pillar network. */
export type PillarParameters = {
  /** Of each point of a pillar. */
  point: DenseParameters;
  down0: Conv2dParameters;
  same0: Conv2dParameters;
  down1: Conv2dParameters;
  same1: Conv2dParameters;
  lift: Conv2dTransposeParameters;
  neck: Conv2dParameters;
  head: Conv2dParameters;
  outputs: Conv2dParameters;
};

/** Values of a cell that describe the box there. */
export const BOX_VALUES = 8;
/** Multiples of 16, as the vector units like them. */
const [fine, coarse] = [32, 48];
/** Few cells hold a car: the start says 1 %. */
const RARE = -4.6;

/** An untrained network: 69 thousand parameters, 97 million multiplications of one agent's input. */
export function initPillars(rng: Rng): PillarParameters {
  const layer = (name: string, inputs: number, outputs: number, size = 3) =>
    initConv2d(rng.fork(name), { inputs, outputs, size });
  const outputs = layer('outputs', fine, 1 + BOX_VALUES, 1);
  const start = new Float32Array(1 + BOX_VALUES);
  start[0] = RARE;
  const bias = tf.tensor1d(start);
  outputs.bias.assign(bias);
  bias.dispose();
  return {
    point: initDense(rng.fork('point'), POINT_VALUES, fine, { initialiser: 'he' }),
    down0: layer('down0', fine, fine),
    same0: layer('same0', fine, fine),
    down1: layer('down1', fine, coarse),
    same1: layer('same1', coarse, coarse),
    lift: initConv2dTranspose(rng.fork('lift'), { inputs: coarse, outputs: fine, size: 2, stride: 2 }),
    neck: layer('neck', fine, PILLARS.channels),
    head: layer('head', PILLARS.channels, fine),
    outputs,
  };
}

/**
 * Feature maps [inputs, 50, 50, 16], none negative: a layer over the points of each pillar and their maximum (PointPillars,
 * Lang et al. 2019), the pillars as a picture, convolutions at 2 m and 4 m.
 */
export function encodePillars(params: PillarParameters, values: tf.Tensor, sources: tf.Tensor): tf.Tensor {
  const { cells } = PILLARS;
  const points = tf.reshape(values, [-1, POINTS_PER_PILLAR, POINT_VALUES]);
  const pillars = tf.max(tf.relu(dense(params.point, points)), 1);
  const withEmpty = tf.concat([tf.zeros([1, fine]), pillars], 0);
  const picture = tf.reshape(tf.gather(withEmpty, sources as tf.Tensor1D), [-1, cells, cells, fine]);
  const near = tf.relu(conv2d(params.same0, tf.relu(conv2d(params.down0, picture, { stride: 2 }))));
  const wide = tf.relu(conv2d(params.same1, tf.relu(conv2d(params.down1, near, { stride: 2 }))));
  const lifted = conv2dTranspose(params.lift, wide, { stride: 2 });
  return tf.relu(conv2d(params.neck, tf.relu(tf.add(near, lifted))));
}

/** What each cell of feature maps holds [maps, 50, 50, 9]: the logit of a centre, then its box (see `boxAt`). */
export function detectPillars(params: PillarParameters, features: tf.Tensor): tf.Tensor {
  return conv2d(params.outputs, tf.relu(conv2d(params.head, features)));
}
