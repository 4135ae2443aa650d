import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../math/index.js';

/** A pair of real tensors of any shape. */
export interface Pair {
  re: tf.Tensor;
  im: tf.Tensor;
}

/** Interleaved complex numbers as a pair of tensors of the given shape. */
export function toPair(values: Float32Array, shape: number[]): Pair {
  const part = (offset: number) =>
    tf.tensor(
      Float32Array.from({ length: values.length / 2 }, (_, k) => values[2 * k + offset]!),
      shape,
    );
  return { re: part(0), im: part(1) };
}

/** The interleaved numbers of a pair of tensors. */
export function fromPair({ re, im }: Pair): Float32Array {
  const parts = [re.dataSync(), im.dataSync()];
  return Float32Array.from({ length: 2 * re.size }, (_, index) => parts[index & 1]![index >> 1]!);
}

/** The largest difference of two arrays, relative to the larger of 1 and the value. */
export function largestGap(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  for (let index = 0; index < found.length; index++) {
    const value = expected[index]!;
    gap = Math.max(gap, Math.abs(found[index]! - value) / Math.max(1, Math.abs(value)));
  }
  return gap;
}

/**
 * The largest gap between the gradient of sum(w * f(z)^2) through the tensor form and central differences of the
 * array form, relative to the larger of 1 and the slope, at some of the numbers of z.
 */
export function gradientGap(
  tensorForm: (z: Pair) => Pair,
  arrayForm: (z: Float32Array) => Float32Array,
  at: Float32Array,
  shape: number[],
): number {
  const weights = Rng.of('weights').fillUniform(new Float32Array(arrayForm(at).length), 0.5, 1.5);
  const loss = (re: tf.Tensor, im: tf.Tensor): tf.Scalar => {
    const out = tensorForm({ re, im });
    const w = toPair(weights, out.re.shape);
    return tf.sum(tf.add(tf.mul(w.re, tf.square(out.re)), tf.mul(w.im, tf.square(out.im)))) as tf.Scalar;
  };
  const z = toPair(at, shape);
  const [re, im] = tf.grads(loss)([z.re, z.im]) as [tf.Tensor, tf.Tensor];
  const gradient = fromPair({ re, im });
  const value = (symbols: Float32Array) =>
    arrayForm(symbols).reduce((sum, x, k) => sum + weights[k]! * x * x, 0);
  let gap = 0;
  for (const share of [0, 0.13, 0.29, 0.51, 0.77, 0.999]) {
    const index = Math.floor(share * at.length);
    // The loss is a square, so a long step is exact but for rounding.
    const [up, down] = [at.slice(), at.slice()];
    up[index]! += 0.25;
    down[index]! -= 0.25;
    const slope = (value(up) - value(down)) / (up[index]! - down[index]!);
    gap = Math.max(gap, Math.abs(gradient[index]! - slope) / Math.max(1, Math.abs(slope)));
  }
  return gap;
}

/** Distribution of |h| of a unit-power Rician gain, by Simpson integration of its density. */
export function riceCdf(k: number): (r: number) => number {
  const [steps, end] = [4000, 6];
  const width = end / steps;
  const density = (r: number) =>
    2 * (k + 1) * r * Math.exp(-k - (k + 1) * r * r) * besselI0(2 * r * Math.sqrt(k * (k + 1)));
  const table = new Float64Array(steps + 1);
  for (let step = 1; step <= steps; step++) {
    const r = step * width;
    table[step] =
      table[step - 1]! + (width / 6) * (density(r - width) + 4 * density(r - width / 2) + density(r));
  }
  return (r) => {
    const place = Math.min(r / width, steps - 1);
    const below = Math.floor(place);
    return table[below]! + (place - below) * (table[below + 1]! - table[below]!);
  };
}

function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; term > 1e-16 * sum; n++) {
    term *= (x / 2 / n) ** 2;
    sum += term;
  }
  return sum;
}
