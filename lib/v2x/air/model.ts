import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { type Conv2dParameters, conv2d, initConv2d } from '../../nn/index.js';
import { PILLARS } from '../pillars/index.js';

/** Parameters of the codec of feature maps. */
export type AirParameters = {
  encoder: Half;
  decoder: Half;
};

/** A linear map of each cell, and what three layers with its surroundings add. */
type Half = {
  linear: Conv2dParameters;
  in: Conv2dParameters;
  same: Conv2dParameters;
  out: Conv2dParameters;
};

const CELLS = PILLARS.featureCells ** 2;
const WIDTH = 32;
/** SNRs, in dB, that the decoder is told apart: what a fade leaves may lie below any mean. */
const TOLD = { low: -15, high: 25 };

/** Real values sent of each cell. @throws InputError unless the channel uses give all cells the same. */
export function valuesPerCell(uses: number): number {
  const values = (2 * uses) / CELLS;
  if (!Number.isInteger(values / 2) || values < 2 || values > 16)
    throw new InputError(`channel uses are ${uses}; allowed: multiples of ${CELLS} up to ${8 * CELLS}`);
  return values;
}

/** An untrained codec, of which only linear maps speak, that takes so many complex channel uses a map. @throws InputError as `valuesPerCell`. */
export function initAir(rng: Rng, uses: number): AirParameters {
  const { channels } = PILLARS;
  const values = valuesPerCell(uses);
  const layer = (name: string, inputs: number, outputs: number, size = 3) =>
    initConv2d(rng.fork(name), { inputs, outputs, size });
  const silent = (name: string, outputs: number) =>
    initConv2d(rng.fork(name), { inputs: WIDTH, outputs, size: 3, initialiser: 'zero' });
  return {
    encoder: {
      linear: layer('analysis', channels, values, 1),
      in: layer('features', channels, WIDTH),
      same: layer('encoder', WIDTH, WIDTH),
      out: silent('values', values),
    },
    decoder: {
      linear: layer('synthesis', values, channels, 1),
      in: layer('received', values + 1, WIDTH),
      same: layer('decoder', WIDTH, WIDTH),
      out: silent('map', channels),
    },
  };
}

function threeLayers(params: Half, x: tf.Tensor): tf.Tensor {
  const near = tf.relu(conv2d(params.in, x));
  return conv2d(params.out, tf.add(near, tf.relu(conv2d(params.same, near))));
}

/** Maps [n, 50, 50, 16] to values [n, 50, 50, v]; where nothing is, next to nothing is sent. */
export const encodeMaps = (params: Half, maps: tf.Tensor): tf.Tensor =>
  tf.add(conv2d(params.linear, maps), threeLayers(params, maps));

/**
 * Values as received back to maps, none negative.
 * @param noise N0 per complex dimension [n, 1, 1, 1] behind the equaliser, for symbols of unit mean energy
 */
export function decodeMaps(params: Half, values: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  const [n, rows, columns] = values.shape as [number, number, number, number];
  const snrDb = tf.mul(tf.log(noise), -10 / Math.LN10);
  const told = tf.div(tf.clipByValue(snrDb, TOLD.low, TOLD.high), 20);
  const plane = tf.mul(told, tf.ones([n, rows, columns, 1]));
  const shrunk = tf.div(values, tf.add(noise, 1));
  const learned = threeLayers(params, tf.concat([shrunk, plane], 3));
  return tf.relu(tf.add(conv2d(params.linear, shrunk), learned));
}

/** The factor [n, 1, 1, 1] that gives each codeword unit mean energy of its complex symbols. */
export function unitScales(values: tf.Tensor): tf.Tensor {
  const energy = tf.mean(tf.square(values), [1, 2, 3], true);
  return tf.mul(Math.SQRT1_2, tf.rsqrt(tf.add(energy, 1e-12)));
}
