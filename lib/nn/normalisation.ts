import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.js';
import { sumToLast, withGradient } from './gradient.js';
import { zeros } from './initialisers.js';
import { parameter } from './parameters.js';

/** Parameters of a layer normalisation: gain and bias [features]. */
export type LayerNormParameters = { gain: tf.Variable; bias: tf.Variable };

/** Gain one, bias zero. */
export function initLayerNorm(features: number): LayerNormParameters {
  return { gain: parameter(1, [features]), bias: zeros([features]) };
}

/**
 * (x − mean) / sqrt(variance + epsilon)·gain + bias over the last axis (Ba et al. 2016), the variance with
 * divisor n. The gradient is in closed form, dx = (g − mean(g) − x̂·mean(g·x̂)) / σ with g = dy·gain.
 */
export function layerNorm(params: LayerNormParameters, x: tf.Tensor, { epsilon = 1e-5 } = {}): tf.Tensor {
  return withGradient([x, params.gain, params.bias], ([input, gain, bias], save) => {
    const [value, normal, inverseDeviation] =
      runFused('LayerNorm', { x: input!, scale: gain!, offset: bias! }, { epsilon }) ??
      layerNormParts(input!, gain!, bias!, epsilon);
    save([normal!, inverseDeviation!, gain!]);
    return {
      value: value!,
      gradients: (dy, [unit, inverse, scale]) => {
        const g = tf.mul(dy, scale!);
        const along = tf.mul(unit!, tf.mean(tf.mul(g, unit!), -1, true));
        const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, -1, true)), along), inverse!);
        return [dx, sumToLast(tf.mul(dy, unit!)), sumToLast(dy)];
      },
    };
  });
}

function layerNormParts(
  x: tf.Tensor,
  gain: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): [value: tf.Tensor, unit: tf.Tensor, inverseDeviation: tf.Tensor] {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  const unit = tf.mul(centred, inverse);
  return [tf.add(tf.mul(unit, gain), bias), unit, inverse];
}

/** Parameters of a root-mean-square normalisation: gain [features]. */
export type RmsNormParameters = { gain: tf.Variable };

/** Gain one. */
export function initRmsNorm(features: number): RmsNormParameters {
  return { gain: parameter(1, [features]) };
}

/** x / sqrt(mean(x²) + epsilon)·gain over the last axis (Zhang & Sennrich 2019). */
export function rmsNorm(params: RmsNormParameters, x: tf.Tensor, { epsilon = 1e-5 } = {}): tf.Tensor {
  return withGradient([x, params.gain], ([input, gain], save) => {
    const inverseRms = tf.rsqrt(tf.add(tf.mean(tf.square(input!), -1, true), epsilon));
    const normal = tf.mul(input!, inverseRms);
    save([normal, inverseRms, gain!]);
    return {
      value: tf.mul(normal, gain!),
      gradients: (dy, [unit, inverse, scale]) => {
        const g = tf.mul(dy, scale!);
        const along = tf.mul(unit!, tf.mean(tf.mul(g, unit!), -1, true));
        return [tf.mul(tf.sub(g, along), inverse!), sumToLast(tf.mul(dy, unit!))];
      },
    };
  });
}
