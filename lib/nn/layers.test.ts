import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { gelu, initPrelu, prelu } from './activations.js';
import { attention, initAttention } from './attention.js';
import { conv2d, conv2dTranspose, initConv2d, initConv2dTranspose } from './convolution.js';
import { glorotUniform, heNormal } from './initialisers.js';
import { dense, initDense } from './linear.js';
import { initLayerNorm, initRmsNorm, layerNorm, rmsNorm } from './normalisation.js';
import { flatten, type ParameterTree } from './parameters.js';

const rng = Rng.of('layers');

function random(name: string, shape: number[]): tf.Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  rng.fork(name).fillNormal(values, 0, 1);
  return tf.tensor(values, shape);
}

/** Moves the parameters off their special starting values, at which a wrong gradient could hide. */
function shake(tree: ParameterTree): void {
  for (const [name, variable] of flatten(tree)) {
    variable.assign(tf.add(variable, tf.mul(random(name, variable.shape), 0.3)));
  }
}

/**
 * Compares gradients with central differences along a random direction, for the input and for every
 * parameter. The output is projected on a random tensor, so that every element counts.
 */
function checkGradients(tree: ParameterTree, input: tf.Tensor, layer: (x: tf.Tensor) => tf.Tensor): void {
  const x = tf.variable(input);
  const weights = random('projection', layer(x).shape);
  const loss = () => tf.sum(tf.mul(layer(x), weights)) as tf.Scalar;
  const variables = new Map([['input', x], ...flatten(tree)]);
  const { grads } = tf.variableGrads(loss, [...variables.values()]);
  for (const [name, variable] of variables) {
    const direction = random(`direction ${name}`, variable.shape);
    const claimed = tf.sum(tf.mul(grads[variable.name]!, direction)).dataSync()[0]!;
    const start = tf.clone(variable);
    const at = (epsilon: number) => {
      variable.assign(tf.add(start, tf.mul(direction, epsilon)));
      return loss().dataSync()[0]!;
    };
    const epsilon = 2e-3;
    const measured = (at(epsilon) - at(-epsilon)) / (2 * epsilon);
    variable.assign(start);
    const scale = tf.norm(tf.mul(grads[variable.name]!, direction)).dataSync()[0]! + 0.05;
    expect(
      Math.abs(claimed - measured) / scale,
      `gradient of ${name}: ${claimed}, measured ${measured}`,
    ).toBeLessThan(0.02);
  }
}

describe.each(['cpu', 'wasm', 'onnx'] as const)('layers on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
  });

  it('dense is x·w + b along the last axis, with its gradients', () => {
    const layer = initDense(rng.fork('dense'), 3, 2);
    shake(layer);
    const x = random('x', [2, 4, 3]);
    const [w, b, xs] = [layer.weight.dataSync(), layer.bias.dataSync(), x.dataSync()];
    const y = dense(layer, x);
    expect(y.shape).toEqual([2, 4, 2]);
    const expected = b[1]! + xs[21]! * w[1]! + xs[22]! * w[3]! + xs[23]! * w[5]!;
    expect(y.dataSync()[15]).toBeCloseTo(expected, 5);
    checkGradients(layer, x, (input) => dense(layer, input));
  });

  it.each([
    [1, 'same'],
    [2, 'same'],
    [2, 'valid'],
  ] as const)(
    'convolution with stride %i, padding %s has gradients, its transpose is the adjoint',
    (stride, padding) => {
      const forward = initConv2d(rng.fork('conv'), { inputs: 2, outputs: 3, size: 3 });
      const side = padding === 'same' ? 6 : 7;
      const x = random('picture', [2, side, side, 2]);
      checkGradients(forward, x, (input) => conv2d(forward, input, { stride, padding }));
      const back = initConv2dTranspose(rng.fork('back'), { inputs: 3, outputs: 2, size: 3, stride });
      back.weight.assign(forward.weight);
      const y = conv2d(forward, x, { stride, padding });
      const z = random('maps', y.shape);
      const returned = conv2dTranspose(back, z, { stride, padding });
      expect(returned.shape).toEqual(x.shape);
      const inner = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;
      expect(inner(y, z)).toBeCloseTo(inner(x, returned), 3);
      shake(back);
      checkGradients(back, z, (input) => conv2dTranspose(back, input, { stride, padding }));
    },
  );

  it('PReLU has one slope a channel', () => {
    const layer = initPrelu(3);
    expect([...prelu(layer, tf.tensor2d([[-4, 0, 2]])).dataSync()]).toEqual([-1, 0, 2]);
    shake(layer);
    checkGradients(layer, random('prelu', [2, 2, 2, 3]), (x) => prelu(layer, x));
  });

  it('GELU agrees with PyTorch', () => {
    // torch.nn.functional.gelu(torch.tensor([-3., -1., -.1, 0., .5, 2.]), approximate='none' | 'tanh'), torch 1.13
    const x = tf.tensor1d([-3, -1, -0.1, 0, 0.5, 2]);
    const golden = {
      erf: [-0.0040499, -0.1586553, -0.0460172, 0, 0.3457312, 1.9545],
      tanh: [-0.0036374, -0.158808, -0.0460172, 0, 0.345714, 1.9545977],
    };
    for (const form of ['erf', 'tanh'] as const) {
      for (const [i, value] of gelu(x, form).dataSync().entries())
        expect(value).toBeCloseTo(golden[form][i]!, 5);
      checkGradients({}, random('gelu', [3, 4]), (input) => gelu(input, form));
    }
  });

  it('layer normalisation leaves mean 0 and variance 1, and has gradients', () => {
    const layer = initLayerNorm(8);
    const y = layerNorm(layer, tf.add(tf.mul(random('rows', [5, 8]), 7), 3));
    const { mean, variance } = tf.moments(y, -1);
    for (const value of mean.dataSync()) expect(value).toBeCloseTo(0, 5);
    for (const value of variance.dataSync()) expect(value).toBeCloseTo(1, 4);
    shake(layer);
    checkGradients(layer, random('rows', [2, 3, 8]), (x) => layerNorm(layer, x));
  });

  it('root-mean-square normalisation leaves mean square 1, and has gradients', () => {
    const layer = initRmsNorm(6);
    const y = rmsNorm(layer, tf.add(random('rms', [4, 6]), 2));
    for (const value of tf.mean(tf.square(y), -1).dataSync()) expect(value).toBeCloseTo(1, 4);
    shake(layer);
    checkGradients(layer, random('rms', [2, 3, 6]), (x) => rmsNorm(layer, x));
  });

  it('attention agrees with its formula, element by element', () => {
    const [batch, tokens, features, heads] = [4, 3, 4, 2];
    const layer = initAttention(rng.fork('attention'), features);
    shake(layer);
    const x = random('tokens', [batch, tokens, features]);
    const bias = random('bias', [2, heads, tokens, tokens]);
    const found = attention(layer, x, { heads, bias }).arraySync() as number[][][];
    const project = (part: 'query' | 'key' | 'value') => dense(layer[part], x).arraySync() as number[][][];
    const [q, k, v] = [project('query'), project('key'), project('value')];
    const biases = bias.arraySync() as number[][][][];
    const mixed = q.map((rows, item) =>
      rows.map((row, token) =>
        row.map((_, feature) => {
          const head = Math.floor(feature / 2);
          const dot = (other: number) =>
            (row[head * 2]! * k[item]![other]![head * 2]! +
              row[head * 2 + 1]! * k[item]![other]![head * 2 + 1]!) /
            Math.SQRT2;
          const exps = [0, 1, 2].map((other) =>
            Math.exp(dot(other) + biases[item % 2]![head]![token]![other]!),
          );
          const total = exps.reduce((a, b) => a + b, 0);
          return exps.reduce((sum, e, other) => sum + (e / total) * v[item]![other]![feature]!, 0);
        }),
      ),
    );
    const expected = dense(layer.output, tf.tensor3d(mixed)).dataSync();
    for (const [i, value] of found.flat(2).entries()) expect(value).toBeCloseTo(expected[i]!, 4);
  });

  it('attention has gradients, that of its bias included', () => {
    const layer = initAttention(rng.fork('attention'), 4);
    shake(layer);
    const x = random('tokens', [4, 3, 4]);
    for (const shape of [
      [2, 3, 3],
      [2, 2, 3, 3],
    ]) {
      const bias = tf.variable(random('bias', shape));
      checkGradients({ ...layer, bias }, x, (input) => attention(layer, input, { heads: 2, bias }));
    }
    expect(() => attention(layer, x, { heads: 3 })).toThrow(/heads that divide/);
    expect(() => attention(layer, x, { heads: 2, bias: tf.zeros([3, 2, 3, 3]) })).toThrow(/leading divisor/);
  });
});

it('initialisers have the variance they state', () => {
  const std = (variable: tf.Variable) =>
    Math.sqrt((variable.dataSync() as Float32Array).reduce((sum, w) => sum + w * w, 0) / variable.size);
  // The relative standard error of a standard deviation is 1/√(2n), smaller yet for a uniform.
  const tolerance = 5 / Math.sqrt(2 * 20_000);
  expect(std(glorotUniform(rng.fork('g'), [100, 200], 100, 200)) / Math.sqrt(2 / 300)).toBeCloseTo(
    1,
    -Math.log10(2 * tolerance),
  );
  expect(std(heNormal(rng.fork('h'), [100, 200], 100)) / Math.sqrt(2 / 100)).toBeCloseTo(
    1,
    -Math.log10(2 * tolerance),
  );
  const zero = initDense(rng, 3, 2, { initialiser: 'zero' });
  expect([...zero.weight.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
});
