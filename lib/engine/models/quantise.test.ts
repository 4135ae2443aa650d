import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { useEngine } from '../engines.js';
import { decodeModel, encodeModel, type ModelProto, type NodeProto } from '../onnx/proto.js';
import { loadRuntime } from '../onnx/runtime.js';
import { pattern } from '../testing.js';
import { type ModelTensor, openModel } from './open.js';
import { compact } from './optimise.js';
import { type QuantiseOptions, quantiseModel } from './quantise.js';
import { Histogram, levelsOf } from './ranges.js';
import { traceModel } from './trace.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const image = [1, 12, 16, 8];
const filter = (inputs: number, outputs: number) => tf.mul(pattern([5, 5, inputs, outputs], inputs), 0.05);

/** Convolution, PReLU and a transposed convolution of stride 2. */
function network(x: tf.Tensor): tf.Tensor {
  const slopes = tf.mul(pattern([16], 2), 0.3);
  const first = tf.conv2d(x as tf.Tensor4D, filter(8, 16) as tf.Tensor4D, 1, 'same');
  const bent = tf.prelu(tf.add(first, tf.mul(pattern([16], 5), 0.1)), slopes) as tf.Tensor4D;
  const up = tf.conv2dTranspose(bent, filter(3, 16) as tf.Tensor4D, [1, 24, 32, 3], 2, 'same');
  return tf.sigmoid(tf.add(up, [0.1, 0.2, -0.1]));
}

const trace = (fn: (x: tf.Tensor) => tf.Tensor, shape: number[], metadata = {}) =>
  traceModel(({ x }) => ({ y: fn(x!) }), { inputs: { x: { shape } }, metadata });

const inputs = (shape: number[], seeds: number[]) =>
  seeds.map((seed) => ({ x: { data: pattern(shape, seed).dataSync() as Float32Array, shape } }));

function run(model: Uint8Array, given: Record<string, ModelTensor>): Float32Array {
  const opened = openModel(model, { threads: 1 });
  const { y } = opened.run(given);
  opened.dispose();
  return y!.data as Float32Array;
}

/** Root mean square of the difference, relative to that of the first. */
function relativeError(exact: Float32Array, other: Float32Array): number {
  const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(energy(exact.map((value, i) => value - other[i]!)) / energy(exact));
}

describe('a quantised model', () => {
  it('runs in 8 bits, in a quarter of the bytes, near the numbers in floats; keeps its metadata', async () => {
    const floats = await trace(network, image, { codec: 'test' });
    const result = quantiseModel(floats, inputs(image, [1, 2, 3]));
    expect(result).toMatchObject({ quantised: 2, floating: 0 });
    expect(result.kernels).toMatchObject({ QLinearConv: 2 });
    expect(Object.keys(result.kernels)).not.toContain('Conv');
    expect(result.weights).toBe(25 * 8 * 16 + 4 * 9 * 3 * 16);
    expect(result.model.length - result.weights).toBeLessThan(4000);
    const [test] = inputs(image, [9]);
    expect(relativeError(run(floats, test!), run(result.model, test!))).toBeLessThan(0.02);
    const opened = openModel(result.model);
    expect(opened.metadata).toEqual({ codec: 'test' });
    opened.dispose();
  });

  it('leaves the last layers in floats where told, which is nearer', async () => {
    const floats = await trace(network, image);
    const [test] = inputs(image, [9]);
    const error = (options: QuantiseOptions) => {
      const { model, kernels } = quantiseModel(floats, inputs(image, [1, 2, 3]), options);
      return { error: relativeError(run(floats, test!), run(model, test!)), kernels };
    };
    const [all, butLast, coarse] = [error({}), error({ floatLast: 1 }), error({ weightBits: 7 })];
    expect(butLast.kernels).toMatchObject({ QLinearConv: 1 });
    expect(butLast.error).toBeLessThan(all.error);
    expect(coarse.error).toBeLessThan(0.03);
    expect(error({ floatLast: 9 }).error).toBeLessThan(1e-6);
  });

  it('multiplies matrices in 8 bits and keeps the results in floats', async () => {
    const weight = tf.mul(pattern([32, 24], 1), 0.2) as tf.Tensor2D;
    const shape = [10, 32];
    const floats = await trace((x) => tf.add(tf.matMul(x, weight), pattern([24], 2)), shape);
    const { model, kernels } = quantiseModel(floats, inputs(shape, [1, 2]));
    expect(kernels).toMatchObject({ MatMulIntegerToFloat: 1 });
    const [test] = inputs(shape, [7]);
    expect(relativeError(run(floats, test!), run(model, test!))).toBeLessThan(0.01);
  });

  it('has a scale for each output channel', async () => {
    // Channels of loudness 1 to 10^-7: one scale for all would leave most at zero.
    const loudness = tf.tensor1d(Array.from({ length: 8 }, (_, i) => 10 ** -i));
    const weight = tf.mul(pattern([3, 3, 8, 8], 1), loudness) as tf.Tensor4D;
    const floats = await trace((x) => tf.div(tf.matMul(x, tf.reshape(weight, [72, 8])), loudness), [4, 72]);
    const { model } = quantiseModel(floats, inputs([4, 72], [1]));
    const [test] = inputs([4, 72], [1]);
    expect(relativeError(run(floats, test!), run(model, test!))).toBeLessThan(0.05);
  });

  it('is refused in one line where there is nothing to quantise, or nothing to do it by', async () => {
    const model = await trace(network, image);
    const message = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).not.toContain('\n');
        return (error as Error).message;
      }
      throw new Error('expected an InputError');
    };
    expect(message(() => quantiseModel(model, []))).toBe(
      'quantisation: 0 calibration inputs; allowed: 1 or more',
    );
    expect(message(() => quantiseModel(model, [{}]))).toContain(
      'no input x; it takes float32 [1, 12, 16, 8]',
    );
    expect(message(() => quantiseModel(model.slice(5), inputs(image, [1])))).toContain('no ONNX model');
    const infinite = { data: new Float32Array(12 * 16 * 8).fill(Number.POSITIVE_INFINITY), shape: image };
    expect(message(() => quantiseModel(model, [{ x: infinite }]))).toContain('allowed: finite');
    const old = decodeModel(model);
    old.opset_import = [{ version: 12 }];
    expect(message(() => quantiseModel(encodeModel(old), inputs(image, [1])))).toBe(
      'quantisation: operator set 12; allowed: 13 or more',
    );
    const branching = decodeModel(model);
    const body = { node: [], initializer: [], input: [], output: [] };
    branching.graph.node[0]!.attribute.push({ name: 'then_branch', type: 5, g: body });
    expect(message(() => quantiseModel(encodeModel(branching), inputs(image, [1])))).toContain('no branches');
    const plain = await trace((x) => tf.square(x), [3]);
    expect(message(() => quantiseModel(plain, inputs([3], [1])))).toContain('no convolution or product');
    const wrong = { ranges: 'none' } as unknown as QuantiseOptions;
    expect(message(() => quantiseModel(model, inputs(image, [1]), wrong))).toBe(
      'ranges is "none"; allowed: mse, minmax',
    );
  });
});

describe('ranges', () => {
  it('hold zero exactly', () => {
    for (const range of [
      { low: -1, high: 2 },
      { low: 0, high: 5 },
      { low: -7, high: 0 },
      { low: 0, high: 0 },
    ]) {
      const { scale, zero } = levelsOf(range);
      expect(Number.isInteger(zero) && zero >= 0 && zero <= 255).toBe(true);
      expect(scale * (0 - zero)).toBeCloseTo(range.low, 1);
    }
    expect(levelsOf({ low: -1, high: 1.55 })).toEqual({ scale: Math.fround(2.55 / 255), zero: 100 });
  });

  it('of least squares clip a rare outlier and keep a uniform spread whole', () => {
    const uniform = Float32Array.from({ length: 20_000 }, (_, i) => (i % 2001) / 1000 - 1);
    const even = new Histogram({ low: -1, high: 1 });
    even.add(uniform);
    const kept = even.leastSquares();
    expect(Math.min(kept.high, -kept.low)).toBeGreaterThan(0.98);
    const wide = new Histogram({ low: -1, high: 4 });
    for (let i = 0; i < 60; i++) wide.add(uniform);
    wide.add(Float32Array.of(4));
    const clipped = wide.leastSquares();
    expect(clipped.high).toBeLessThan(2);
    expect(clipped.low).toBeLessThan(-0.98);
  });
});

describe('a transposed convolution in a foreign model', () => {
  const attributes = (values: Record<string, number[]>): NodeProto['attribute'] =>
    Object.entries(values).map(([name, list]) => ({ name, type: 7, ints: list }));
  const tensor = (name: string, dims: number[]) => ({
    name,
    dims,
    data_type: 1,
    raw_data: new Uint8Array(pattern(dims, 4).dataSync().slice().buffer),
  });
  const port = (name: string, shape?: number[]) => ({
    name,
    type: {
      tensor_type: { elem_type: 1, ...(shape && { shape: { dim: shape.map((n) => ({ dim_value: n })) } }) },
    },
  });

  it.each([
    { kernel: 5, stride: 2, pads: [2, 2, 2, 2], output_padding: [1, 1] },
    { kernel: 5, stride: 2, pads: [1, 1, 2, 2], output_padding: [0, 0] },
    { kernel: 4, stride: 2, pads: [1, 1, 1, 1], output_padding: [0, 0] },
    { kernel: 3, stride: 1, pads: [1, 0, 1, 2], output_padding: [0, 0] },
    { kernel: 2, stride: 3, pads: [0, 0, 0, 0], output_padding: [1, 1] },
  ])('is the forward one: %o', async ({ kernel, stride, pads, output_padding }) => {
    const node: NodeProto = {
      op_type: 'ConvTranspose',
      input: ['x', 'w', 'b'],
      output: ['y'],
      attribute: attributes({ strides: [stride, stride], pads, output_padding }),
    };
    const model: ModelProto = {
      ir_version: 10,
      opset_import: [{ domain: '', version: 21 }],
      metadata_props: [],
      graph: {
        name: 'g',
        node: [node],
        initializer: [tensor('w', [4, 3, kernel, kernel]), tensor('b', [3])],
        input: [port('x', [1, 4, 6, 7])],
        output: [port('y')],
      },
    };
    const bytes = encodeModel(model);
    const forward = compact(loadRuntime(), bytes);
    expect(forward.graph.node.map(({ op_type }) => op_type)).toContain('Conv');
    const [given] = inputs([1, 4, 6, 7], [2]);
    expect(relativeError(run(bytes, given!), run(encodeModel(forward), given!))).toBeLessThan(1e-6);
  });
});
