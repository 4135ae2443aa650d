import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jit, useEngine } from './index.js';
import type { OnnxBackend } from './onnx/backend.js';
import { pattern } from './testing.js';

const graph = () => (tf.backend() as OnnxBackend).graph;

const variableOf = <R extends tf.Rank>(value: () => tf.Tensor<R>) => tf.tidy(() => tf.variable<R>(value()));

/** A small network with a hand-made momentum step: reads and assigns variables, takes gradients inside. */
function network() {
  const filter = variableOf(() => tf.mul(pattern([3, 3, 3, 4], 2), 0.1) as tf.Tensor4D);
  const matrix = variableOf(() => tf.mul(pattern([64, 5], 3), 0.1) as tf.Tensor2D);
  const momenta = [filter, matrix].map((variable) => variableOf(() => tf.zerosLike(variable as tf.Tensor)));
  const offset = pattern([5], 4);
  const step = ({ x, rate }: { x: tf.Tensor; rate: tf.Tensor }) => {
    const { value, grads } = tf.variableGrads(() => {
      const features = tf.relu(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'));
      const y = tf.add(tf.matMul(tf.reshape(features, [-1, 64]), matrix), offset);
      return tf.mean(tf.square(y)) as tf.Scalar;
    }, [filter, matrix]);
    for (const [i, variable] of [filter, matrix].entries()) {
      momenta[i]!.assign(tf.add(tf.mul(momenta[i]!, 0.9), grads[variable.name]!));
      variable.assign(tf.sub(variable as tf.Tensor, tf.mul(momenta[i]!, rate)));
    }
    return { value, norms: Object.values(grads).map((gradient) => tf.norm(gradient)) };
  };
  const variables = [filter, matrix, ...momenta];
  const values = () => variables.map((variable) => [...variable.dataSync()]);
  return { step, values, dispose: () => tf.dispose([...variables, offset]) };
}

function run(batches: readonly number[], compile: boolean) {
  const { step, values, dispose } = network();
  const work = compile ? jit(step) : step;
  const reports = batches.map((batch, i) =>
    tf.tidy(() => {
      const { value, norms } = work({ x: pattern([batch, 8, 8, 3], i), rate: tf.scalar(0.05 / (i + 1)) });
      return [value, ...norms].map((tensor) => tensor.dataSync()[0]);
    }),
  );
  const weights = values();
  dispose();
  return { reports, weights };
}

describe.each(['onnx', 'wasm', 'cpu'] as const)('jit on %s', (engine) => {
  beforeAll(async () => {
    await useEngine(engine);
  });

  it('gives the bits of the plain function, at every batch size, and moves the variables', () => {
    const batches = [4, 4, 2, 4, 2, 2];
    expect(run(batches, true)).toEqual(run(batches, false));
  });

  it('keeps no tensor but its results', () => {
    const before = tf.memory().numTensors;
    const { step, dispose } = network();
    const work = jit(step);
    const [x, rate] = [pattern([4, 8, 8, 3], 1), tf.scalar(0.1)];
    const start = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) {
      const { value, norms } = work({ x, rate });
      expect(tf.memory().numTensors).toBe(start + 3);
      tf.dispose([value, ...norms]);
    }
    tf.dispose([x, rate]);
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('results are new tensors, be they computed, passed on, caught, constant, or a variable', () => {
    const caught = tf.tensor1d([7]);
    const state = variableOf(() => tf.tensor1d([1]));
    const work = jit((a: tf.Tensor, b: tf.Tensor) => {
      const former = tf.clone(state);
      state.assign(a as tf.Tensor1D);
      return { sum: tf.add(a, b), list: [a, b, a, caught, tf.tensor1d([5]), state, former], none: undefined };
    });
    for (const [p, q, s] of [
      [2, 3, 1],
      [4, 4, 2],
    ] as const) {
      const [a, b] = [tf.tensor1d([p]), tf.tensor1d([q])];
      const { sum, list } = work(a, b);
      tf.dispose([a, b]);
      expect([sum, ...list].map((tensor) => tensor.dataSync()[0])).toEqual([p + q, p, q, p, 7, 5, p, s]);
      tf.dispose([sum, list]);
      expect(state.dataSync()[0]).toBe(p);
    }
    expect(caught.dataSync()[0]).toBe(7);
    tf.dispose([caught, state]);
  });

  it('one tensor given twice, and one that is a variable’s value, are told apart', () => {
    const state = variableOf(() => tf.tensor1d([1]));
    const work = jit((a: tf.Tensor, b: tf.Tensor) => tf.add(tf.mul(a, 100), tf.add(tf.mul(b, 10), state)));
    const [a, b] = [tf.clone(state) as tf.Tensor, tf.tensor1d([3])];
    expect(tf.tidy(() => work(a, a).dataSync()[0])).toBe(111);
    expect(tf.tidy(() => work(a, b).dataSync()[0])).toBe(131);
    state.assign(tf.tensor1d([2]));
    expect(tf.tidy(() => work(b, a).dataSync()[0])).toBe(312);
    tf.dispose([a, b, state]);
  });

  it.skipIf(engine === 'wasm')('complex numbers, integers, reshaped and pending arguments', () => {
    const state = variableOf(() => tf.complex([1, 2], [0, 1]));
    const work = jit((z: tf.Tensor, at: tf.Tensor) => {
      state.assign(tf.add(state, z) as tf.Tensor1D);
      return [tf.mul(state, z), tf.gather(tf.real(z), at as tf.Tensor1D)];
    });
    const answers = [1, 2].map((k) =>
      tf.tidy(() => {
        const z = tf.reshape(tf.complex(tf.square(tf.tensor2d([[k, 2]])), tf.tensor2d([[0, k]])), [2]);
        return work(z, tf.tensor1d([1, 0, 1], 'int32')).map((tensor) => [...tensor.dataSync()]);
      }),
    );
    // (1 + 1) 1 and (2 + i + 4 + i)(4 + i); then (2 + 4) 4 and (6 + 2i + 4 + 2i)(4 + 2i).
    expect(answers).toEqual([
      [
        [2, 0, 22, 14],
        [4, 1, 4],
      ],
      [
        [24, 0, 32, 36],
        [4, 4, 4],
      ],
    ]);
    state.dispose();
  });

  it('is differentiable from outside, where it is just called', () => {
    const work = jit((x: tf.Tensor) => tf.square(x));
    tf.tidy(() => {
      expect(work(tf.scalar(3)).dataSync()[0]).toBe(9);
      expect(
        tf
          .grad((x: tf.Tensor) => work(x))(tf.scalar(3))
          .dataSync()[0],
      ).toBe(6);
    });
  });

  it('refuses what is no tensor, and a jitted function inside', () => {
    const loose = jit as unknown as (fn: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown;
    expect(() => loose(() => undefined)(1)).toThrow(/^jit: argument is or holds a number; allowed: [^\n]*$/);
    expect(() => loose(() => Promise.resolve())()).toThrow(/result is or holds a Promise/);
    const inner = jit((x: tf.Tensor) => tf.square(x));
    const outer = jit((x: tf.Tensor) => inner(x));
    expect(() => tf.tidy(() => outer(tf.scalar(1)))).toThrow(/calls another one; allowed: the plain/);
    expect(tf.tidy(() => inner(tf.scalar(2)).dataSync()[0])).toBe(4);
  });
});

describe('jit on onnx compiles', () => {
  beforeAll(async () => {
    await useEngine('onnx', { threads: 2 });
  });
  let x: tf.Tensor;
  beforeEach(() => {
    x = tf.tensor1d([1, 2, 3]);
    return () => x.dispose();
  });

  it('once for each structure, shape and type of the arguments', () => {
    let calls = 0;
    const work = jit((list: tf.Tensor[]) => {
      calls++;
      return list.map((tensor) => tf.add(tensor, tensor));
    });
    const call = (...shapes: number[][]) => tf.tidy(() => void work(shapes.map((shape) => tf.ones(shape))));
    for (let i = 0; i < 3; i++) call([2]);
    expect(calls).toBe(1);
    call([3]);
    call([2], [2]);
    tf.tidy(() => void work([tf.ones([2], 'int32')]));
    expect(calls).toBe(4);
    call([3]);
    expect(calls).toBe(4);
  });

  it('anew after a change of engine or of threads, and with the same results', async () => {
    let calls = 0;
    const factor = variableOf(() => tf.scalar(2));
    const work = jit((tensor: tf.Tensor) => {
      calls++;
      return tf.mul(tensor, factor);
    });
    const result = () => tf.tidy(() => [...work(tf.tensor1d([1, 2])).dataSync()]);
    expect([result(), result()]).toEqual([
      [2, 4],
      [2, 4],
    ]);
    expect(calls).toBe(1);
    await useEngine('onnx', { threads: 1 });
    expect(result()).toEqual([2, 4]);
    expect(calls).toBe(2);
    await useEngine('cpu');
    expect(result()).toEqual([2, 4]);
    await useEngine('onnx', { threads: 2 });
    expect([result(), result()][1]).toEqual([2, 4]);
    expect(calls).toBe(4);
    factor.dispose();
  });

  it('a bounded number of graphs', () => {
    const work = jit((tensor: tf.Tensor) => tf.square(tensor));
    const before = graph().size.plans;
    for (let n = 1; n <= 70; n++) tf.tidy(() => void work(tf.ones([n])));
    expect(graph().size.plans - before).toBeLessThanOrEqual(71);
    let calls = 0;
    const counted = jit((tensor: tf.Tensor) => {
      calls++;
      return tf.square(tensor);
    });
    for (let n = 1; n <= 65; n++) tf.tidy(() => void counted(tf.ones([n])));
    tf.tidy(() => void counted(tf.ones([65])));
    expect(calls).toBe(65);
    tf.tidy(() => void counted(tf.ones([1])));
    expect(calls).toBe(66);
  });

  it('what is made inside is frozen', () => {
    let k = 0;
    const work = jit((tensor: tf.Tensor) => tf.mul(tensor, tf.scalar(++k)));
    const result = () => tf.tidy(() => [...work(x).dataSync()]);
    expect([result(), result()]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('not what reads a value, directly or through a kernel of host values, and undoes what it did', async () => {
    const state = variableOf(() => tf.scalar(1));
    const before = tf.memory().numTensors;
    const reads = /^jit: the function needs the value of a tensor in JavaScript [^\n]*$/;
    const failing: ((tensor: tf.Tensor) => tf.Tensor)[] = [
      (tensor) => {
        state.assign(tf.scalar(2));
        return tf.scalar(tensor.dataSync()[0]!);
      },
      (tensor) => tf.scalar(tf.square(tensor).dataSync()[0]!),
      (tensor) => tf.scalar(tf.add(state, tensor).arraySync() as number),
      (tensor) => tf.unique(tensor as tf.Tensor1D).values,
    ];
    for (const fn of failing) {
      expect(() => jit(fn)(x)).toThrow(reads);
      expect(state.dataSync()[0]).toBe(1);
      expect(tf.memory().numTensors).toBe(before);
    }
    expect([...tf.tidy(() => tf.square(x).dataSync())]).toEqual([1, 4, 9]);
    state.dispose();
  });

  it('nothing that makes or disposes variables', () => {
    const before = tf.memory().numTensors;
    expect(() => jit((tensor: tf.Tensor) => tf.add(tf.variable(tf.zeros([3])), tensor))(x)).toThrow(
      /^jit: the function makes a variable of shape \[3\]; allowed: [^\n]*$/,
    );
    expect(tf.memory().numTensors).toBe(before);
    const state = variableOf(() => tf.scalar(1));
    const drop = jit((tensor: tf.Tensor) => {
      state.dispose();
      return tf.square(tensor);
    });
    expect(() => drop(x)).toThrow(/^jit: variable \S+ of shape \[\] is disposed/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a variable that is disposed after the trace is one clear error', () => {
    const state = variableOf(() => tf.tensor1d([1, 1, 1]));
    const work = jit((tensor: tf.Tensor) => tf.add(tensor, state));
    tf.tidy(() => void work(x));
    state.dispose();
    expect(() => work(x)).toThrow(
      /^jit: variable \S+ of shape \[3\] is disposed, but the function was traced with it; [^\n]*$/,
    );
  });

  it('a tensor that leaves by another way has no value', () => {
    let kept: tf.Tensor[] = [];
    const work = jit((tensor: tf.Tensor) => {
      kept = [tf.keep(tf.square(tensor)), tf.keep(tf.clone(tensor))];
      return tf.neg(tensor);
    });
    expect(tf.tidy(() => [...work(x).dataSync()])).toEqual([-1, -2, -3]);
    for (const tensor of kept) expect(() => tensor.dataSync()).toThrow(/left the function by another way/);
    tf.dispose(kept);
  });
});
