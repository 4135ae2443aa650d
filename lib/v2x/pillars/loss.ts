import * as tf from '@tensorflow/tfjs-core';
import type { DrawnLoss } from '../../nn/index.js';
import { attentionOf, gatherMembers, maximumOf } from './fusion-tensors.js';
import { BOX_VALUES, detectPillars, encodePillars, type PillarParameters } from './network.js';

/** What a step draws: pillars of several inputs, which maps are fused with which, and targets of all maps: of the fused ones twice. */
export type PillarBatch = 'values' | 'sources' | 'fused' | 'heat' | 'weights' | 'boxes';

/** How much each value of a box counts; places decide whether boxes overlap. */
const IMPORTANCE = [2, 2, 0.2, 1, 1, 0.2, 1, 1];

/** Loss of the drawn batch, its groups fused by maximum and by attention: focal loss of the heat (Zhou et al. 2019), absolute error of the boxes. */
export function pillarLoss(
  params: PillarParameters,
  draw: DrawnLoss<PillarBatch>['draw'],
): DrawnLoss<PillarBatch> {
  return {
    draw,
    compute({ values, sources, fused, heat, weights, boxes }) {
      const alone = encodePillars(params, values, sources);
      const members = gatherMembers(alone, fused);
      const both = [maximumOf(members), attentionOf(members)];
      const outputs = detectPillars(params, tf.concat([alone, ...both], 0));
      const flat = tf.reshape(outputs, [-1, 1 + BOX_VALUES]);
      const [logits, found] = tf.split(flat, [1, BOX_VALUES], 1);
      const focal = focalLoss(logits!, heat);
      const error = tf.mul(tf.abs(tf.sub(found!, boxes)), tf.tensor2d(IMPORTANCE, [1, BOX_VALUES]));
      const box = tf.div(tf.sum(tf.mul(error, weights)), tf.add(tf.sum(weights), 1));
      return { loss: tf.add(focal, box), parts: { focal, box } };
    },
  };
}

function focalLoss(logits: tf.Tensor, heat: tf.Tensor): tf.Tensor {
  const probability = tf.sigmoid(logits);
  const centre = tf.cast(tf.greaterEqual(heat, 1), 'float32');
  const missed = tf.mul(tf.square(tf.sub(1, probability)), tf.softplus(tf.neg(logits)));
  const elsewhere = tf.square(tf.square(tf.sub(1, heat)));
  const alarm = tf.mul(tf.mul(elsewhere, tf.square(probability)), tf.softplus(logits));
  const sum = tf.sum(tf.add(tf.mul(centre, missed), tf.mul(tf.sub(1, centre), alarm)));
  return tf.div(sum, tf.add(tf.sum(centre), 1));
}
