import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.js';
import { type Differentiable, sumToLast, withGradient } from './gradient.js';
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
    const [value, gate] = runFused('PreluGate', { x: input!, alpha: slope! }) ?? [];
    const slopeGradient = (dy: tf.Tensor, saved: tf.Tensor) =>
      sumToLast(tf.mul(dy, tf.clipByValue(saved, Number.NEGATIVE_INFINITY, 0)));
    if (value && gate) {
      save([input!, gate]);
      return {
        value,
        gradients: (dy, [saved, factor]) => [tf.mul(dy, factor!), slopeGradient(dy, saved!)],
      };
    }
    save([input!, slope!]);
    return {
      value: tf.prelu(input!, slope!),
      gradients: (dy, [saved, alpha]) => {
        const dx = tf.where(tf.greater(saved!, 0), dy, tf.mul(dy, alpha!));
        return [dx, slopeGradient(dy, saved!)];
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

/**
 * 0.5(1 + tanh u) = sigmoid(2u), and 2u = x·slope with slope = a + b·x², whose product with x has the
 * derivative 3·slope − 2a: each saves operations on the way forward or back.
 */
function geluTanh(x: tf.Tensor): tf.Tensor {
  return withGradient([x], ([input], save) => {
    const [value, derivative] = runFused('GeluTanh', { x: input! }) ?? [];
    if (!value || !derivative) return geluTanhByParts(input!, save);
    save([derivative]);
    return { value, gradients: (dy, [saved]) => [tf.mul(dy, saved!)] };
  });
}

function geluTanhByParts(x: tf.Tensor, save: (tensors: tf.Tensor[]) => void): Differentiable {
  const slope = tf.add(tf.mul(tf.square(x), 2 * tanhScale * cubic), 2 * tanhScale);
  const gate = tf.sigmoid(tf.mul(x, slope));
  const value = tf.mul(x, gate);
  save([value, gate, slope]);
  return {
    value,
    gradients: (dy, [y, s, t]) => {
      const steep = tf.sub(tf.mul(t!, 3), 4 * tanhScale);
      return [tf.mul(dy, tf.add(s!, tf.mul(tf.sub(y!, tf.mul(y!, s!)), steep)))];
    },
  };
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
