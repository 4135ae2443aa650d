import * as tf from '@tensorflow/tfjs-core';
import { sumToLast, withGradient } from './gradient.js';
import { parameter } from './parameters.js';

/** Parameters of a PReLU: slope [channels] of the negative side. */
export type PreluParameters = { slope: tf.Variable };

/** One slope a channel, all 0.25 at the start (He et al. 2015). */
export function initPrelu(channels: number): PreluParameters {
  return { slope: parameter(0.25, [channels]) };
}

/** max(x, 0) + slope·min(x, 0) along the last axis; the gradient at 0 is that of the negative side. */
export function prelu(params: PreluParameters, x: tf.Tensor): tf.Tensor {
  return withGradient([x, params.slope], ([input, slope], save) => {
    save([input!, slope!]);
    return {
      value: tf.prelu(input!, slope!),
      gradients: (dy, [saved, alpha]) => {
        const positive = tf.step(saved!);
        const negative = tf.sub(1, positive);
        const dx = tf.mul(dy, tf.add(positive, tf.mul(negative, alpha!)));
        return [dx, sumToLast(tf.mul(tf.mul(dy, saved!), negative))];
      },
    };
  });
}

const tanhScale = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * Gaussian error linear unit x·Φ(x) (Hendrycks & Gimpel 2016).
 * @param form `tanh` (default): 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))), within 1e-3 of the exact form; `erf`: exact
 */
export function gelu(x: tf.Tensor, form: 'tanh' | 'erf' = 'tanh'): tf.Tensor {
  return form === 'tanh' ? geluTanh(x) : geluErf(x);
}

/** 0.5(1 + tanh u) = sigmoid(2u), which saves two operations on the way forward and back. */
function geluTanh(x: tf.Tensor): tf.Tensor {
  return withGradient([x], ([input], save) => {
    const square = tf.square(input!);
    const gate = tf.sigmoid(tf.mul(input!, tf.add(tf.mul(square, 2 * tanhScale * cubic), 2 * tanhScale)));
    save([input!, gate]);
    return {
      value: tf.mul(input!, gate),
      gradients: (dy, [saved, s]) => {
        const slope = tf.add(tf.mul(tf.square(saved!), 6 * tanhScale * cubic), 2 * tanhScale);
        const steep = tf.mul(tf.mul(saved!, slope), tf.sub(1, s!));
        return [tf.mul(dy, tf.mul(s!, tf.add(1, steep)))];
      },
    };
  });
}

function geluErf(x: tf.Tensor): tf.Tensor {
  return withGradient([x], ([input], save) => {
    const gate = tf.mul(tf.add(tf.erf(tf.mul(input!, Math.SQRT1_2)), 1), 0.5);
    save([input!, gate]);
    return {
      value: tf.mul(input!, gate),
      gradients: (dy, [saved, s]) => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(saved!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return [tf.mul(dy, tf.add(s!, tf.mul(saved!, density)))];
      },
    };
  });
}
