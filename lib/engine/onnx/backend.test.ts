import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../index.js';
import { pattern } from '../testing.js';
import type { OnnxBackend } from './backend.js';
import { explain } from './plan.js';

const backend = () => tf.backend() as OnnxBackend;

/** A small network and the step that trains it. */
function trainer() {
  const x = pattern([4, 8, 8, 3], 1) as tf.Tensor4D;
  const weights = [
    tf.variable(tf.mul(pattern([3, 3, 3, 4], 2), 0.1)),
    tf.variable(tf.mul(pattern([64, 5], 3), 0.1)),
  ];
  const optimizer = tf.train.adam(1e-2);
  const loss = (): tf.Scalar => {
    const [filter, matrix] = weights as unknown as [tf.Tensor4D, tf.Tensor2D];
    const features = tf.relu(tf.conv2d(x, filter, 2, 'same'));
    return tf.mean(tf.square(tf.matMul(tf.reshape(features, [4, 64]), matrix)));
  };
  return {
    weights,
    step: () => optimizer.minimize(loss, true, weights)!,
    dispose: () => {
      optimizer.dispose();
      tf.dispose([x, ...weights]);
    },
  };
}

describe('the onnx backend', () => {
  beforeAll(async () => {
    await useEngine('onnx', { threads: 2 });
  });

  it('computes nothing until a value is read, then all that is alive', () => {
    const a = tf.tensor1d([1, 2, 3]);
    const before = backend().graph.size;
    const b = tf.square(a);
    const c = tf.tidy(() => tf.add(tf.exp(b), 1));
    expect(backend().graph.size.pending).toBe(before.pending + 3);
    expect([...b.dataSync()]).toEqual([1, 4, 9]);
    expect(backend().graph.size.pending).toBe(0);
    expect(c.dataSync()[0]).toBeCloseTo(Math.E + 1, 5);
    tf.dispose([a, b, c]);
  });

  it('drops what nobody holds any more', () => {
    const a = tf.tensor1d([1, 2, 3]);
    const b = tf.square(a);
    expect(backend().graph.size.pending).toBeGreaterThan(0);
    b.dispose();
    expect(backend().graph.size.pending).toBe(0);
    a.dispose();
  });

  it('compiles a step once: new numbers and new weights are the same graph', () => {
    const { step, dispose } = trainer();
    for (let i = 0; i < 2; i++) step().dataSync();
    const { plans } = backend().graph.size;
    const losses = Array.from({ length: 5 }, () => step().dataSync()[0]!);
    expect(backend().graph.size.plans).toBe(plans);
    expect(losses[4]).toBeLessThan(losses[0]!);
    dispose();
  });

  it('holds no more after many steps, read or not', () => {
    const { step, dispose } = trainer();
    step().dataSync();
    const before = { ...tf.memory(), data: backend().numDataIds() };
    for (let i = 0; i < 200; i++) {
      const loss = step();
      if (i % 50 === 0) loss.dataSync();
      loss.dispose();
      expect(backend().graph.size.pending).toBeLessThan(3500);
    }
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(backend().numDataIds()).toBe(before.data);
    expect(backend().graph.size.plans).toBeLessThanOrEqual(256);
    dispose();
  });

  it('compiles few graphs for steps that nobody reads', () => {
    const { step, dispose } = trainer();
    for (let i = 0; i < 100; i++) step().dispose();
    const { plans } = backend().graph.size;
    for (let i = 0; i < 100; i++) step().dispose();
    expect(backend().graph.size.plans - plans).toBeLessThanOrEqual(2);
    dispose();
  });

  it('gives the same bits in every run', () => {
    const run = () => {
      const { step, weights, dispose } = trainer();
      for (let i = 0; i < 5; i++) step().dispose();
      const values = weights.map((weight) => [...weight.dataSync()]);
      dispose();
      return values;
    };
    expect(run()).toEqual(run());
  });

  it('a tensor keeps its values when the array it was made of, or that was read, changes', () => {
    const source = new Float32Array([1, 2, 3]);
    const a = tf.tensor1d(source);
    source[0] = 9;
    const read = a.dataSync();
    expect([...read]).toEqual([1, 2, 3]);
    read[1] = 9;
    expect([...tf.neg(a).dataSync()]).toEqual([-1, -2, -3]);
    a.dispose();
  });

  it('takes tensors of another engine along', async () => {
    await useEngine('cpu');
    const a = tf.tensor1d([1, 2]);
    await useEngine('onnx');
    expect([...tf.add(a, a).dataSync()]).toEqual([2, 4]);
    a.dispose();
  });

  it('empty and string tensors', () => {
    expect(tf.concat([tf.zeros([0, 2]), tf.ones([1, 2])], 0).arraySync()).toEqual([[1, 1]]);
    expect(tf.sum(tf.zeros([0, 3]), 0).arraySync()).toEqual([0, 0, 0]);
    expect(tf.concat([tf.tensor1d(['a']), tf.tensor1d(['b'])]).arraySync()).toEqual(['a', 'b']);
  });

  it('tells a failure in one line, and later work goes on', () => {
    const a = tf.tensor2d([[1, 2]]);
    const where = tf.square(tf.tensor1d([5], 'int32'));
    const lost = tf.gather(a, where);
    expect(() => lost.dataSync()).toThrow(
      /^engine onnx: GatherV2 of \[1,2\], \[1\], ONNX node Gather: [^\n]*$/,
    );
    expect(() => lost.dataSync()).toThrow(/GatherV2/);
    expect([...tf.add(a, 1).dataSync()]).toEqual([2, 3]);
    tf.dispose([a, where, lost]);
  });

  it('explains exhausted memory', () => {
    const message =
      "Non-zero status code returned while running Conv node. Name:'1:Conv:7' Status Message: bfc_arena.cc Failed to allocate memory for requested buffer of size 800\n";
    expect(explain(message, ['Add of [2]', 'Conv2D of [9]'])).toBe(
      'engine onnx: out of memory (800 bytes) in Conv2D of [9], ONNX node Conv; use a smaller batch',
    );
    expect(explain('std::bad_alloc', ['Add of [2]'])).toBe(
      'engine onnx: out of memory in a graph of 1 kernels; use a smaller batch',
    );
  });
});
