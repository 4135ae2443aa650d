import * as tf from '@tensorflow/tfjs-core';
import { PILLARS } from './grid.js';

/** Maps of groups of agents, cell by cell: what `fusion.ts` does, differentiable. */
export interface Members {
  /** [groups, members, cells, channels], 0 where a member does not reach; the ego is the first. */
  readonly features: tf.Tensor;
  /** [groups, members, cells], 1 where a member reaches. */
  readonly known: tf.Tensor;
}

/** Taken from maps. `places`: [groups, members, cells], from 1 in the cells of all maps; 0 is outside. */
export function gatherMembers(maps: tf.Tensor, places: tf.Tensor): Members {
  const { channels } = PILLARS;
  const rows = tf.concat([tf.zeros([1, channels]), tf.reshape(maps, [-1, channels])], 0);
  const taken = tf.gather(rows, tf.reshape(places, [-1]) as tf.Tensor1D);
  return {
    features: tf.reshape(taken, [...places.shape, channels]),
    known: tf.cast(tf.greater(places, 0), 'float32'),
  };
}

/** The largest of each feature over the members: maps of groups. */
export const maximumOf = ({ features }: Members): tf.Tensor => asMaps(tf.max(features, 1));

/** Lower than any score. */
const NEVER = -1e4;

/** The ego's row of the scaled dot-product attention over members that know a cell: maps of groups. */
export function attentionOf({ features, known }: Members): tf.Tensor {
  const [groups, , cells, channels] = features.shape as [number, number, number, number];
  const query = tf.slice(features, [0, 0, 0, 0], [groups, 1, cells, channels]);
  const scores = tf.div(tf.sum(tf.mul(query, features), 3), Math.sqrt(channels));
  const masked = tf.add(scores, tf.mul(tf.sub(1, known), NEVER));
  // Over members last, which is where softmax works.
  const weights = tf.transpose(tf.softmax(tf.transpose(masked, [0, 2, 1])), [0, 2, 1]);
  return asMaps(tf.sum(tf.mul(tf.expandDims(weights, 3), features), 1));
}

function asMaps(rows: tf.Tensor): tf.Tensor {
  const { featureCells, channels } = PILLARS;
  return tf.reshape(rows, [-1, featureCells, featureCells, channels]);
}
