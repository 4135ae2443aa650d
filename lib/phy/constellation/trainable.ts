import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireChoice } from '../../base/index.js';
import type { ComplexTensor } from '../../channel/index.js';
import { parameter } from '../../nn/index.js';
import { type Constellation, constellationOf } from './constellation.js';
import { bitsOf } from './points.js';

/** Parameters of a trained constellation: the points before they are scaled to unit mean energy. */
export type ConstellationParameters = { points: tf.Variable };

/** Parameters that start at the points of a constellation; they are the caller's to dispose. */
export function initConstellation(start: Constellation): ConstellationParameters {
  return { points: parameter(Float32Array.from(start.points), [start.order, 2]) };
}

/** Points [order, 2] of unit mean energy; differentiable with respect to the parameters. */
export function unitEnergyPoints({ points }: ConstellationParameters): tf.Tensor2D {
  return tf.tidy(() => {
    const energy = tf.div(tf.sum(tf.square(points)), points.shape[0]!);
    return tf.div(points, tf.sqrt(energy)) as tf.Tensor2D;
  });
}

/** The trained points as a constellation for typed arrays. */
export async function trainedConstellation(
  parameters: ConstellationParameters,
  name = 'trained',
): Promise<Constellation> {
  return constellationOf(name, Array.from(await parameters.points.data()));
}

/**
 * The symbols [codewords, uses] of bits [codewords, uses * bitsPerSymbol], which hold 0 and 1; differentiable with
 * respect to the points.
 * @param points [order, 2], by label
 * @throws InputError when the bits do not fill whole symbols.
 */
export function mapTensor(points: tf.Tensor2D, bits: tf.Tensor2D): ComplexTensor {
  const order = requireOrder(points);
  const width = bitsOf(order);
  const [codewords, length] = bits.shape;
  if (length % width !== 0) {
    throw new InputError(`${length} bits a codeword for ${order} points; allowed: a multiple of ${width}`);
  }
  const [re, im] = tf.tidy(() => {
    const places = tf.tensor2d(
      Array.from({ length: width }, (_, place) => 2 ** (width - 1 - place)),
      [width, 1],
    );
    const labels = tf.matMul(tf.reshape(bits, [-1, width]), places);
    const chosen = tf.oneHot(tf.cast(tf.reshape(labels, [-1]), 'int32'), order);
    const symbols = tf.matMul(tf.cast(chosen, 'float32') as tf.Tensor2D, points);
    return tf.split(symbols, 2, 1).map((part) => tf.reshape(part, [codewords, length / width]));
  }) as [tf.Tensor2D, tf.Tensor2D];
  return { re, im };
}

/**
 * Exact LLRs log p(0) - log p(1), [codewords, uses * bitsPerSymbol], of symbols [codewords, uses] in complex Gaussian
 * noise, by log-sum-exp; differentiable with respect to points, symbols and noise variance.
 * @param points [order, 2], by label
 * @param noiseVariance N0 per complex dimension: a number, or a tensor that broadcasts to [codewords, uses]
 * @throws InputError when real and imaginary parts differ in shape.
 */
export function demapTensor(
  points: tf.Tensor2D,
  symbols: ComplexTensor,
  noiseVariance: number | tf.Tensor,
): tf.Tensor2D {
  const order = requireOrder(points);
  const width = bitsOf(order);
  const [codewords, uses] = symbols.re.shape;
  if (symbols.im.shape[0] !== codewords || symbols.im.shape[1] !== uses) {
    throw new InputError(
      `symbols of shapes [${symbols.re.shape}] and [${symbols.im.shape}]; allowed: equal shapes`,
    );
  }
  return tf.tidy(() => {
    const [pointsRe, pointsIm] = tf
      .split(points, 2, 1)
      .map((part) => tf.reshape(part, [1, 1, order])) as tf.Tensor3D[];
    const distance = tf.add(
      tf.square(tf.sub(tf.expandDims(symbols.re, 2), pointsRe!)),
      tf.square(tf.sub(tf.expandDims(symbols.im, 2), pointsIm!)),
    );
    const noise = typeof noiseVariance === 'number' ? noiseVariance : tf.expandDims(noiseVariance, -1);
    const metrics = tf.reshape(tf.neg(tf.div(distance, noise)), [codewords * uses, order]);
    const llrs = Array.from({ length: width }, (_, place) => {
      const byBit = tf.reshape(metrics, [-1, 2 ** place, 2, 2 ** (width - 1 - place)]);
      const sums = tf.split(tf.logSumExp(byBit, [1, 3]), 2, 1);
      return tf.sub(sums[0]!, sums[1]!);
    });
    return tf.reshape(tf.concat(llrs, 1), [codewords, uses * width]) as tf.Tensor2D;
  });
}

/**
 * Mean binary cross-entropy of bits given their LLRs, in bits: bitsPerSymbol times one minus it is the rate that
 * bit-interleaved coded modulation achieves over the channel, so a training lowers it.
 * @param bits 0 and 1, in the shape of the LLRs
 */
export function bitCrossEntropy(bits: tf.Tensor, llrs: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    // log(1 + e^x) of x = -LLR for a 0 and +LLR for a 1.
    const doubt = tf.mul(tf.sub(tf.mul(bits, 2), 1), llrs);
    return tf.div(tf.mean(tf.softplus(doubt)), Math.LN2) as tf.Scalar;
  });
}

function requireOrder(points: tf.Tensor2D): number {
  return requireChoice('number of points', points.shape[0], [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
}
