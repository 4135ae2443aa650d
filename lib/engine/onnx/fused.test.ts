import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { gelu } from '../../nn/index.js';
import { disagreement, pattern, valueAndGradients } from '../testing.js';

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs = {}) =>
  tf.engine().runKernel(kernel, inputs, attrs) as tf.Tensor[];
const x = (shape = [4, 6]) => pattern(shape, 1);
/** So large that it is computed by parts. */
const large = [1024, 512];

/** 0.5x(1 + tanh u) with u = √(2/π)(x + 0.044715x³), and 0.5(1 + tanh u + x·u'·(1 − tanh² u)). */
function geluOf(x: tf.Tensor): tf.Tensor[] {
  const scale = Math.sqrt(2 / Math.PI);
  const t = tf.tanh(tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), scale));
  const slope = tf.mul(tf.add(tf.mul(tf.square(x), 3 * 0.044715), 1), scale);
  const bend = tf.mul(tf.mul(x, slope), tf.sub(1, tf.square(t)));
  return [tf.mul(tf.mul(x, 0.5), tf.add(t, 1)), tf.mul(tf.add(tf.add(t, 1), bend), 0.5)];
}

const normed = () => ({ x: x(), scale: pattern([6], 2), offset: pattern([6], 3) });

function layerNorm(): tf.Tensor[] {
  const { mean, variance } = tf.moments(x(), 1, true);
  const inverse = tf.rsqrt(tf.add(variance, 0.01));
  const unit = tf.mul(tf.sub(x(), mean), inverse);
  return [tf.add(tf.mul(unit, pattern([6], 2)), pattern([6], 3)), unit, inverse];
}

describe('whole functions as one kernel on onnx', () => {
  const cases = {
    GeluTanh: [() => run('GeluTanh', { x: x() }), () => geluOf(x())],
    LayerNorm: [() => run('LayerNorm', normed(), { epsilon: 0.01 }), layerNorm],
  } as const;

  for (const [name, [compute, reference]] of Object.entries(cases)) {
    it(`${name}: all results`, async () => {
      expect(await disagreement('onnx', compute, reference)).toBeLessThan(1e-6);
    });

    it(`${name}: the value alone`, async () => {
      const first = () => {
        const [y, ...others] = compute();
        tf.dispose(others);
        return [y!];
      };
      expect(await disagreement('onnx', first, () => reference().slice(0, 1))).toBeLessThan(1e-6);
    });
  }

  it('GeluTanh by parts: all results', async () => {
    const compute = () => run('GeluTanh', { x: x(large) });
    expect(await disagreement('onnx', compute, () => geluOf(x(large)))).toBeLessThan(1e-6);
  });

  it('GELU of a sum with a bias by parts: value and gradient', async () => {
    const compute = valueAndGradients([large, [large[1]!]], (rows, bias) => gelu(tf.add(rows, bias)));
    expect(await disagreement('onnx', compute)).toBeLessThan(1e-5);
  });

  it('AdamStep: a step by hand', async () => {
    const [beta1, beta2] = [0.9, 0.99];
    const compute = () => {
      const zero = tf.zeros([1]);
      const inputs = { x: tf.ones([1]), m: zero, v: zero, dy: tf.tensor1d([2]) };
      const factors = { rate: tf.scalar(0.5), epsilon: tf.scalar(0.1) };
      return run('AdamStep', { ...inputs, ...factors }, { beta1, beta2 });
    };
    // m = 0.1·2, v = 0.01·4, x - 0.5·m / (√v + 0.1).
    const expected = () => [tf.tensor1d([1 - 0.1 / 0.3]), tf.tensor1d([0.2]), tf.tensor1d([0.04])];
    expect(await disagreement('onnx', compute, expected)).toBeLessThan(1e-6);
  });
});
