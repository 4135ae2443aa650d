import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../nn/index.js';

/** Each 2 x 2 neighbourhood becomes the channels of one place: [n, h, w, c] to [n, h/2, w/2, 4c]. */
export function spaceToDepth(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const pairs = tf.reshape(x, [(n * h) / 2, 2, w / 2, 2 * c]);
  return tf.reshape(tf.transpose(pairs, [0, 2, 1, 3]), [n, h / 2, w / 2, 4 * c]);
}

/** The inverse of `spaceToDepth`: [n, h, w, 4c] to [n, 2h, 2w, c]. */
export function depthToSpace(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const pairs = tf.reshape(x, [n * h, w, 2, c / 2]);
  return tf.reshape(tf.transpose(pairs, [0, 2, 1, 3]), [n, 2 * h, 2 * w, c / 4]);
}

/**
 * x [n, h, w, c] with every channel of every codeword times its factor [n, c]. The factors' gradient is a
 * product with a row of ones, since a sum over the middle axes would first transpose the whole tensor.
 */
export function scaleChannels(x: tf.Tensor4D, factors: tf.Tensor2D): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const spread = (f: tf.Tensor) => tf.reshape(f, [n, 1, 1, c]);
  return withGradient([x, factors], ([input, factor], save) => {
    save([input!, factor!]);
    return {
      value: tf.mul(input!, spread(factor!)),
      gradients: (dy, [saved, f]) => {
        const products = tf.reshape(tf.mul(dy, saved!), [n, h * w, c]);
        const sums = tf.matMul(tf.ones([n, 1, h * w]), products);
        return [tf.mul(dy, spread(f!)), tf.reshape(sums, [n, c])];
      },
    };
  }) as tf.Tensor4D;
}
