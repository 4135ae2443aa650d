import * as tf from '@tensorflow/tfjs-core';
import { type Conv2dParameters, conv2d, type DenseParameters, dense } from '../../../nn/index.js';
import { MAP } from '../cameras.js';
import { HIDDEN } from '../context.js';
import { LEAST_SCALE } from '../likelihood.js';
import { CAMERAS, GRID } from './ground-grid.js';

/** Parameters of the bottleneck, those of `levels` and `temporal` one row for each weight of a bit. */
export type BottleneckParameters = {
  encoder: { linear: Conv2dParameters; in: Conv2dParameters; out: Conv2dParameters };
  levels: { bias: tf.Variable; gain: tf.Variable };
  /** As of `TemporalModel`, channel by channel. */
  temporal: {
    last: tf.Variable;
    before: tf.Variable;
    hidden: tf.Variable;
    out: tf.Variable;
    offset: tf.Variable;
  };
  readOut: { view: DenseParameters; near: Conv2dParameters; wide: Conv2dParameters; out: Conv2dParameters };
};

const { rows, columns, channels } = MAP;
/** Channels between the layers. */
export const WIDTH = 12;
/** Gains are learned in logarithms of this unit. */
export const STRIDE = 5;
/** Steps that features of a person in full view come to before they are encoded. */
export const USUAL_GAIN = 6;
/** Filters of a channel's past: the hidden units, and one that speaks to the mean directly. */
export const FILTERS = HIDDEN + 1;
/** Of the filters over the last map and the one before. */
export const SIDES = { last: 5, before: 3 } as const;

/** The row of a table [levels, n] that `level` [1, levels] picks, in another shape. */
const picked = (level: tf.Tensor, table: tf.Tensor, shape: number[]): tf.Tensor =>
  tf.reshape(tf.matMul(level as tf.Tensor2D, table as tf.Tensor2D), shape);

/** Steps per unit of what the encoder makes, of each channel: what a level learns most of, and so by larger strides. */
const gains = ({ levels }: BottleneckParameters, level: tf.Tensor): tf.Tensor =>
  tf.exp(tf.mul(STRIDE, picked(level, levels.gain, [1, 1, 1, channels])));

/** What rounded latents stand for; a person in full view is about 1. */
export const dequantised = (params: BottleneckParameters, rounded: tf.Tensor, level: tf.Tensor): tf.Tensor =>
  tf.div(rounded, tf.mul(USUAL_GAIN, gains(params, level)));

/** Features [n, 45, 80, 4] to latents, in steps, before rounding. */
export function encodeFeatures(
  params: BottleneckParameters,
  features: tf.Tensor,
  level: tf.Tensor,
): tf.Tensor {
  const { linear, in: first, out } = params.encoder;
  const bias = picked(level, params.levels.bias, [1, 1, 1, WIDTH]);
  const hidden = tf.relu(tf.add(conv2d(first, features), bias));
  return tf.mul(tf.add(conv2d(linear, features), conv2d(out, hidden)), gains(params, level));
}

/** Bits of latents [n, 45, 80, 4] with noise in place of rounding, given the rounded ones before (Ballé et al. 2018). */
export function latentBits(
  { temporal }: BottleneckParameters,
  level: tf.Tensor,
  { noisy, last, before }: Record<'noisy' | 'last' | 'before', tf.Tensor>,
): tf.Tensor {
  const filter = (age: keyof typeof SIDES) =>
    picked(level, temporal[age], [SIDES[age], SIDES[age], channels, FILTERS]) as tf.Tensor4D;
  const seen = tf.add(
    tf.depthwiseConv2d(last as tf.Tensor4D, filter('last'), 1, 'same'),
    tf.depthwiseConv2d(before as tf.Tensor4D, filter('before'), 1, 'same'),
  );
  const [units, direct] = tf.split(tf.reshape(seen, [-1, channels, FILTERS]), [HIDDEN, 1], 2);
  const hidden = tf.relu(tf.add(units!, picked(level, temporal.hidden, [1, channels, HIDDEN])));
  const out = picked(level, temporal.out, [1, channels, HIDDEN, 2]);
  const sums = tf.sum(tf.mul(tf.expandDims(hidden, 3), out), 2);
  const [mean, raw] = tf.split(tf.add(sums, picked(level, temporal.offset, [1, channels, 2])), 2, 2);
  const scale = tf.add(tf.softplus(raw!), LEAST_SCALE);
  const off = tf.abs(tf.sub(tf.reshape(noisy, [-1, channels, 1]), tf.add(mean!, direct!)));
  const upper = normalShare(tf.div(tf.sub(0.5, off), scale));
  const lower = normalShare(tf.div(tf.sub(-0.5, off), scale));
  return tf.mul(-1 / Math.LN2, tf.sum(tf.log(tf.add(tf.sub(upper, lower), 1e-12))));
}

/** The normal distribution by a logistic of a cubic, to 2e-4: its tails keep a slope where erf has none in single precision. */
function normalShare(x: tf.Tensor): tf.Tensor {
  return tf.sigmoid(tf.mul(x, tf.add(1.5958, tf.mul(0.07056, tf.square(x)))));
}

/** A part of the ground as seven cameras have it in their maps: tables of `groundLookup`, each value one a camera and cell. */
export type GroundViews<T> = Record<'foot' | 'footShares' | 'head' | 'headShares' | 'scale' | 'seen', T>;

/**
 * Occupancy of some rows of the ground [rows, 60] from the dequantised latents of seven cameras [7, 45, 80, 4].
 * @param views shares [n, 4, 1], scale and seen [n, 1]
 */
export function occupancy(
  { readOut }: BottleneckParameters,
  latents: tf.Tensor,
  views: GroundViews<tf.Tensor>,
): tf.Tensor {
  const patches = tf.reshape(patchesOf(latents), [-1, 4, channels]);
  const look = (first: tf.Tensor, shares: tf.Tensor) =>
    tf.sum(tf.mul(tf.gather(patches, first as tf.Tensor1D), shares), 1);
  const { scale, seen } = views;
  const seeing = tf.concat(
    [look(views.foot, views.footShares), look(views.head, views.headShares), scale, seen],
    1,
  );
  const felt = tf.mul(tf.relu(dense(readOut.view, seeing)), seen);
  const sum = tf.sum(tf.reshape(felt, [CAMERAS, -1, WIDTH]), 0);
  const count = tf.add(tf.sum(tf.reshape(seen, [CAMERAS, -1, 1]), 0), 1);
  const ground = tf.reshape(tf.div(sum, count), [1, -1, GRID.columns, WIDTH]);
  const near = tf.relu(conv2d(readOut.near, ground));
  const wide = tf.relu(conv2d(readOut.wide, near));
  return tf.reshape(conv2d(readOut.out, tf.add(near, wide)), [-1, GRID.columns]);
}

/** Of each cell itself, the one to its right, the one below and that right of it [7, 45, 80, 4 x 4]. */
function patchesOf(maps: tf.Tensor): tf.Tensor {
  const wider = tf.pad(maps as tf.Tensor4D, [
    [0, 0],
    [0, 1],
    [0, 1],
    [0, 0],
  ]);
  const from = (row: number, column: number) =>
    tf.slice(wider, [0, row, column, 0], [CAMERAS, rows, columns, channels]);
  return tf.concat([from(0, 0), from(0, 1), from(1, 0), from(1, 1)], 3);
}
