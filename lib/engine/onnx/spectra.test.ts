import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../index.js';
import { disagreement, pattern, valueAndGradients } from '../testing.js';
import type { OnnxBackend } from './backend.js';

type T4 = tf.Tensor4D;
const conv = (x: tf.Tensor, filter: tf.Tensor, pad: 'same' | number = 'same') =>
  tf.conv2d(x as T4, filter as T4, 1, pad);

/** Shapes of the inputs and the function; all convolutions small enough for the spectral way. */
const cases: Record<string, [shapes: number[][], f: (...inputs: tf.Tensor[]) => tf.Tensor]> = {
  'odd sides, two convolutions of one image': [
    [
      [64, 7, 5, 16],
      [5, 5, 16, 16],
      [3, 5, 16, 32],
    ],
    (x, f, h) => tf.concat([conv(conv(x!, f!), h!), tf.tanh(conv(tf.tanh(x!), f!))], 3),
  ],
  'an even filter, bias and ReLU': [
    [[65, 6, 8, 16], [6, 6, 16, 18], [18]],
    (x, f, b) => tf.relu(tf.add(conv(x!, f!), b!)),
  ],
  'transposed convolution': [
    [
      [64, 8, 8, 16],
      [5, 5, 32, 16],
    ],
    (x, f) => tf.conv2dTranspose(tf.sigmoid(x!) as T4, f as T4, [64, 8, 8, 32], 1, 'same'),
  ],
};

describe('convolutions of small images by their spectra on onnx', () => {
  for (const [name, [shapes, f]] of Object.entries(cases)) {
    it(`${name}: value and gradients`, async () => {
      expect(await disagreement('onnx', valueAndGradients(shapes, f))).toBeLessThan(2e-5);
    });
  }
});

describe('graphs with spectra', () => {
  beforeAll(async () => {
    await useEngine('onnx', { threads: 1 });
  });

  const kernelsOf = (f: () => tf.Tensor | tf.Tensor[]): string[] => {
    const results: tf.Tensor[] = [];
    const part = (tf.backend() as OnnxBackend).graph.trace(() => {
      results.push(...[tf.tidy(f)].flat());
    });
    tf.dispose(results);
    return part.nodes.map(({ template }) => template.kernel);
  };

  for (const [name, [shapes, f]] of Object.entries(cases)) {
    it(`${name}: no convolution is computed otherwise`, () => {
      const inputs = shapes.map((shape, i) => pattern(shape, i));
      const kernels = kernelsOf(() => f(...inputs));
      expect(kernels).toContain('Spectrum');
      expect(kernels.filter((kernel) => kernel.startsWith('Conv2D'))).toEqual([]);
      tf.dispose(inputs);
    });
  }

  it('transform each image once for the value and all gradients', () => {
    const [x, filter] = [pattern([64, 8, 8, 16], 1), pattern([5, 5, 16, 16], 2)];
    const loss = (y: tf.Tensor, h: tf.Tensor) => tf.sum(tf.square(conv(tf.tanh(y), h)));
    const kernels = kernelsOf(() => tf.grads(loss)([x, filter]));
    expect(kernels.filter((kernel) => kernel === 'Spectrum')).toHaveLength(2);
    expect(kernels.filter((kernel) => kernel.startsWith('SpectralConv'))).toHaveLength(3);
    tf.dispose([x, filter]);
  });
});
