import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { jit, useEngine } from '../index.js';
import { pattern } from '../testing.js';
import { constantBytes } from './plan.js';

describe('weights that do not change', () => {
  beforeAll(async () => {
    await useEngine('onnx', { threads: 1 });
  });

  it('are compiled in after some runs, and out when they change', () => {
    const weight = tf.variable(pattern([8, 4], 1));
    const apply = jit((x: tf.Tensor) => tf.relu(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D)));
    const expected = (x: tf.Tensor) => tf.relu(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D));
    const check = (seed: number) => {
      const [found, wanted] = tf.tidy(() => {
        const x = pattern([3, 8], seed);
        return [apply(x).dataSync(), expected(x).dataSync()];
      });
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
    };
    const before = constantBytes.held;
    for (let run = 1; run <= 4; run++) check(run);
    expect(constantBytes.held).toBe(before);
    for (let run = 5; run <= 7; run++) check(run);
    expect(constantBytes.held).toBe(before + 4 * weight.size);
    weight.assign(tf.tidy(() => tf.mul(weight, -2)));
    for (let run = 8; run <= 15; run++) check(run);
    expect(constantBytes.held).toBe(before);
    for (let run = 16; run <= 17; run++) check(run);
    expect(constantBytes.held).toBe(before + 4 * weight.size);
  });

  it('arguments are no constants, however often they are the same', () => {
    const x = pattern([3, 8], 1);
    const double = jit((a: tf.Tensor) => tf.mul(a, a));
    const before = constantBytes.held;
    for (let run = 0; run < 8; run++) expect(double(x).dataSync()[0]).toBeCloseTo(x.dataSync()[0]! ** 2, 5);
    expect(constantBytes.held).toBe(before);
  });
});
