import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initPrelu, prelu } from '../../nn/index.js';
import { useEngine } from '../index.js';
import { disagreement, pattern, valueAndGradients } from '../testing.js';
import type { OnnxBackend } from './backend.js';
import { GraphWriter } from './plan.js';

type T4 = tf.Tensor4D;
const conv = (x: tf.Tensor, filter: tf.Tensor, stride = 1, pad: 'same' | 'valid' = 'same') =>
  tf.conv2d(x as T4, filter as T4, stride, pad);

/** Chains whose values stay in blocks: shapes of the inputs and the function. */
const chains: Record<string, [shapes: number[][], f: (...inputs: tf.Tensor[]) => tf.Tensor]> = {
  'convolution, bias, ReLU, convolution': [
    [[2, 6, 7, 16], [3, 3, 16, 32], [32], [3, 2, 32, 16]],
    (x, f, b, h) => conv(tf.relu(tf.add(conv(x!, f!), b!)), h!, 2, 'valid'),
  ],
  'few channels in and out, tanh and sigmoid': [
    [
      [3, 5, 6, 3],
      [3, 3, 3, 16],
      [3, 3, 16, 5],
    ],
    (x, f, h) => tf.sigmoid(conv(tf.tanh(conv(x!, f!)), h!)),
  ],
  'transposed convolutions with bias, batch of a block': [
    [[16, 3, 4, 16], [5, 5, 32, 16], [32], [4, 4, 16, 32]],
    (x, f, b, h) => {
      const y = tf.add(tf.conv2dTranspose(x as T4, f as T4, [16, 6, 8, 32], 2, 'same'), b!);
      return tf.conv2dTranspose(tf.elu(y) as T4, h as T4, [16, 24, 32, 16], 4, 'same');
    },
  ],
};

const residual = (x: tf.Tensor, f: tf.Tensor, h: tf.Tensor, k: tf.Tensor, slope: tf.Tensor) => {
  const first = tf.prelu(conv(x, f), slope);
  const both = tf.concat([tf.sub(first, conv(first, h)), tf.mul(first, 0.5)], 3);
  const [left, right] = tf.split(both, 2, 3) as [tf.Tensor, tf.Tensor];
  return tf.sum(tf.mul(conv(tf.maximum(left, right), k), tf.square(left)), [0, 1, 2]);
};

describe('values in blocks of channels on onnx', () => {
  for (const [name, [shapes, f]] of Object.entries(chains)) {
    it(`${name}: value and gradients`, async () => {
      expect(await disagreement('onnx', valueAndGradients(shapes, f))).toBeLessThan(2e-5);
    });
  }

  it('branches, joints and parts: value and gradients', async () => {
    const filter = [3, 3, 16, 16];
    const shapes = [[2, 4, 4, 16], filter, filter, [1, 1, 16, 16], [16]];
    expect(await disagreement('onnx', valueAndGradients(shapes, residual as never))).toBeLessThan(2e-5);
  });
});

describe('graphs with values in blocks', () => {
  beforeAll(async () => {
    await useEngine('onnx', { threads: 1 });
  });

  it('change the layout at the ends only, and PReLU alone needs no gate', () => {
    const backend = tf.backend() as OnnxBackend;
    if (backend.templates.blockSize === 0) return;
    const slope = initPrelu(16);
    const [x, f, b] = [pattern([1, 4, 4, 16], 1), pattern([3, 3, 16, 16], 2), pattern([16], 3)];
    const results: tf.Tensor[] = [];
    const part = backend.graph.trace(() => {
      results.push(tf.tidy(() => conv(prelu(slope, tf.add(conv(x, f), b)), f)));
    });
    const operators = new GraphWriter(part).nodes.map(({ op }) => op);
    expect(operators.filter((op) => op.startsWith('Reorder'))).toEqual(['ReorderInput', 'ReorderOutput']);
    expect(operators).not.toContain('HardSigmoid');
    tf.dispose([x, f, b, slope.slope, ...results]);
  });

  it('hand NaN on through an activation that the convolution applies', () => {
    const x = tf.fill([1, 4, 4, 16], Number.NaN);
    const y = tf.relu(conv(x, pattern([3, 3, 16, 16], 2)));
    expect(y.dataSync().every(Number.isNaN)).toBe(true);
  });
});
