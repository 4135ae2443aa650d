import * as tf from '@tensorflow/tfjs-core';
import { requireRange } from '../base/index.js';
import { jit } from '../engine/index.js';
import { cloneTree, flatten, type ParameterTree } from './parameters.js';

/** A running average of weights beside the weights themselves. */
export interface MovingAverage {
  /** Of the structure of the model: pass it where the parameters go. */
  readonly tree: ParameterTree;
  /** Takes in the present weights; `step` counts the updates done before, from 0. */
  update(step: number): void;
}

/**
 * The exponential moving average a ← d·a + (1 − d)·w of a model's weights, which averages out the noise of
 * the last steps (Polyak & Juditsky 1992). Early on d = (1 + step) / (10 + step), so that the average does
 * not cling to the initial weights.
 * @param decay within [0, 1): 0.999 averages over about the last thousand steps
 */
export function movingAverage(parameters: ParameterTree, decay: number): MovingAverage {
  requireRange('decay', decay, 0, 1 - Number.EPSILON);
  const tree = cloneTree(parameters);
  const mix = jit((old: tf.Tensor, fresh: tf.Tensor) => {
    const weights = flatten(parameters);
    for (const [name, average] of flatten(tree)) {
      tf.tidy(() => average.assign(tf.add(tf.mul(average, old), tf.mul(weights.get(name)!, fresh))));
    }
    return undefined;
  });
  const update = (step: number): void => {
    const d = Math.min(decay, (1 + step) / (10 + step));
    tf.tidy(() => mix(tf.scalar(d), tf.scalar(1 - d)));
  };
  return { tree, update };
}
