import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { depthToSpace, scaleChannels, spaceToDepth } from './tensor-shapes.js';
import { largestDifference } from './testing.js';

beforeAll(async () => {
  await useEngine('wasm');
});

const random = (name: string, shape: number[]) =>
  tf.tensor(Rng.of(name).fillNormal(new Float32Array(shape.reduce((a, b) => a * b, 1))), shape);

/** The gradient of sum(pattern · f(x)) beside central differences in every entry of x. */
function gradientError(f: (x: tf.Tensor) => tf.Tensor, shape: number[]): number {
  return tf.tidy(() => {
    const x = random('x', shape);
    const pattern = random('pattern', f(x).shape);
    const value = (at: tf.Tensor) => tf.sum(tf.mul(pattern, f(at))) as tf.Scalar;
    const gradient = tf.grad(value)(x).dataSync();
    const values = x.dataSync().slice();
    // The function is linear in x, so a step of 1 has no error but rounding.
    const differences = Array.from(values, (_, i) => {
      const moved = (by: number) =>
        tf.tensor(
          values.map((v, j) => (i === j ? v + by : v)),
          shape,
        );
      return (value(moved(1)).dataSync()[0]! - value(moved(-1)).dataSync()[0]!) / 2;
    });
    return largestDifference(gradient, differences);
  });
}

describe('tensor shapes', () => {
  it('space to depth gathers the four neighbours, upper left first', () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]);
    expect([...spaceToDepth(x).dataSync()]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
    expect(spaceToDepth(tf.zeros([3, 4, 6, 5])).shape).toEqual([3, 2, 3, 20]);
  });

  it('depth to space is its inverse, both ways', () => {
    const x = random('a', [3, 4, 6, 8]) as tf.Tensor4D;
    expect([...depthToSpace(spaceToDepth(x)).dataSync()]).toEqual([...x.dataSync()]);
    expect([...spaceToDepth(depthToSpace(x)).dataSync()]).toEqual([...x.dataSync()]);
    expect(depthToSpace(x).shape).toEqual([3, 8, 12, 2]);
  });

  it('scale channels multiplies each channel of each codeword by its own factor', () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]);
    const factors = tf.tensor2d([10, 100, -1, 0.5], [2, 2]);
    expect([...scaleChannels(x, factors).dataSync()]).toEqual([10, 200, 30, 400, -5, 3, -7, 4]);
  });

  it('have the gradients of finite differences', () => {
    expect(gradientError((x) => spaceToDepth(x as tf.Tensor4D), [2, 4, 2, 3])).toBeLessThan(1e-4);
    expect(gradientError((x) => depthToSpace(x as tf.Tensor4D), [2, 1, 2, 8])).toBeLessThan(1e-4);
    const factors = random('factors', [2, 3]) as tf.Tensor2D;
    expect(gradientError((x) => scaleChannels(x as tf.Tensor4D, factors), [2, 2, 3, 3])).toBeLessThan(1e-4);
    const x = random('input', [2, 2, 3, 3]) as tf.Tensor4D;
    expect(gradientError((f) => scaleChannels(x, f as tf.Tensor2D), [2, 3])).toBeLessThan(1e-4);
  });
});
