import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../index.js';
import { pattern } from '../testing.js';
import type { OnnxBackend } from './backend.js';
import { evaluate } from './blocks.js';
import { Builder, type Sym } from './builder.js';
import { lowerings } from './install.js';
import type { Inputs } from './kernels/lowering.js';
import { spectral, toSpectrum } from './kernels/spectral.js';
import { Runtime } from './runtime.js';

const runtime = new Runtime();
const attrs = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC' };

/** Images [n, h, w, c] and filters, small enough for the spectral way. */
const geometries: [images: number[], filter: number[]][] = [
  [
    [64, 8, 8, 16],
    [5, 5, 16, 32],
  ],
  [
    [64, 7, 5, 16],
    [5, 5, 16, 16],
  ],
  [
    [65, 6, 8, 16],
    [6, 6, 16, 18],
  ],
  [
    [64, 7, 6, 16],
    [3, 5, 16, 32],
  ],
];

/** A kernel's inputs by name, and its result, both ways; largest difference against the largest value. */
function difference(kernel: string, shapes: Record<string, number[]>, all: object): number {
  const names = Object.keys(shapes);
  const named = (symbols: Sym[]) =>
    Object.fromEntries(names.map((name, i) => [name, symbols[i]])) as unknown as Inputs;
  const compute = (lowering: (g: Builder, symbols: Sym[]) => Sym) =>
    evaluate(runtime, new Builder(0), Object.values(shapes), lowering);
  const plain = compute((g, symbols) => lowerings[kernel]!(g, named(symbols), all as never) as Sym);
  const found = compute((g, symbols) => {
    const given = symbols.map((x, i) =>
      names[i] === 'filter' ? x : (toSpectrum(g, { x } as Inputs, all as never) as Sym),
    );
    return spectral[kernel]!(g, named(given), all as never) as Sym;
  });
  const largest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return largest(plain.map((value, i) => value - found[i]!)) / largest(plain);
}

describe('convolutions of small images by their spectra on onnx', () => {
  for (const [inputShape, filterShape] of geometries) {
    const dy = [...inputShape.slice(0, 3), filterShape[3]!];
    const all = { ...attrs, inputShape, filterShape };
    it(`[${inputShape}] by [${filterShape}]: as computed directly, and both gradients`, () => {
      expect(difference('Conv2D', { x: inputShape, filter: filterShape }, all)).toBeLessThan(2e-5);
      expect(difference('Conv2DBackpropInput', { dy, filter: filterShape }, all)).toBeLessThan(2e-5);
      expect(difference('Conv2DBackpropFilter', { x: inputShape, dy }, all)).toBeLessThan(2e-5);
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
  const conv = (x: tf.Tensor, filter: tf.Tensor, stride = 1): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same');

  it('transform each image once for the value and all gradients', () => {
    const [x, filter] = [pattern([64, 8, 8, 16], 1), pattern([5, 5, 16, 16], 2)];
    const loss = (y: tf.Tensor, h: tf.Tensor) => tf.sum(tf.square(conv(tf.tanh(y), h)));
    const kernels = kernelsOf(() => tf.grads(loss)([x, filter]));
    expect(kernels.filter((kernel) => kernel === 'Spectrum')).toHaveLength(2);
    expect(kernels.filter((kernel) => kernel.startsWith('SpectralConv'))).toHaveLength(3);
    expect(kernels.filter((kernel) => kernel.startsWith('Conv2D'))).toEqual([]);
    tf.dispose([x, filter]);
  });

  it('have none where images are large, batches small or strides not 1', () => {
    const filter = pattern([5, 5, 16, 16], 2);
    const images = [pattern([64, 24, 24, 16], 1), pattern([4, 8, 8, 16], 1), pattern([64, 8, 8, 16], 1)];
    const kernels = kernelsOf(() => images.map((x, i) => conv(x, filter, i < 2 ? 1 : 2)));
    expect(kernels).not.toContain('Spectrum');
    tf.dispose([...images, filter]);
  });
});
