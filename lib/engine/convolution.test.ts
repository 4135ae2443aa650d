import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from './index.js';

/** Runs the same computation on both engines and returns the largest error relative to the largest value. */
async function disagreement(compute: () => tf.Tensor[]): Promise<number> {
  const results: Float32Array[][] = [];
  for (const engine of ['cpu', 'wasm'] as const) {
    await useEngine(engine);
    const tensors = tf.tidy(compute);
    results.push(await Promise.all(tensors.map(async (t) => (await t.data()) as Float32Array)));
    tf.dispose(tensors);
  }
  const [reference, found] = results as [Float32Array[], Float32Array[]];
  return Math.max(
    ...reference.map((values, i) => {
      expect(found[i]!.length).toBe(values.length);
      const scale = values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-6);
      return values.reduce((m, v, j) => Math.max(m, Math.abs(v - found[i]![j]!)), 0) / scale;
    }),
  );
}

/** A fixed pattern without symmetry, so that a flipped or shifted axis cannot go unseen. */
function pattern(shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + seed) + Math.cos(0.31 * i * seed)),
    shape,
  );
}

type Pad = 'same' | 'valid' | tf.backend_util.ExplicitPadding;

function conv2dWithGradients(x: number[], filter: number[], strides: [number, number], pad: Pad) {
  return () => {
    const inputs = [pattern(x, 1) as tf.Tensor4D, pattern(filter, 2) as tf.Tensor4D] as const;
    const f = (a: tf.Tensor, w: tf.Tensor) => {
      const y = tf.conv2d(a as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
      return tf.sum(tf.mul(y, pattern(y.shape, 3))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(f as never)([...inputs]);
    return [value, ...grads];
  };
}

describe('conv2d on wasm has the gradients of the plain engine', () => {
  beforeAll(() => useEngine('wasm'));
  for (const strides of [
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 2],
    [3, 2],
  ] as [number, number][]) {
    for (const pad of [
      'same',
      'valid',
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
    ] as Pad[]) {
      it(`strides ${strides} pad ${pad}`, async () => {
        for (const [x, filter] of [
          [
            [2, 8, 8, 3],
            [3, 3, 3, 4],
          ],
          [
            [1, 9, 7, 2],
            [5, 5, 2, 3],
          ],
          [
            [3, 6, 11, 1],
            [2, 3, 1, 5],
          ],
          [
            [2, 5, 5, 4],
            [1, 1, 4, 3],
          ],
        ] as [number[], number[]][]) {
          expect(await disagreement(conv2dWithGradients(x, filter, strides, pad))).toBeLessThan(1e-4);
        }
      });
    }
  }
});
