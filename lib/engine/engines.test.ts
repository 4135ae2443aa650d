import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { whyNotLoaded } from './accelerators.js';
import { doctor, formatDoctor, useEngine } from './index.js';
import { copyBox, failOnExhaustion } from './wasm/memory.js';

describe('useEngine', () => {
  afterEach(() => vi.restoreAllMocks());

  it('starts wasm and cpu and says what computes', async () => {
    expect(await useEngine('cpu')).toMatchObject({ name: 'cpu', backend: 'cpu', threads: 1 });
    expect(tf.getBackend()).toBe('cpu');
    const info = await useEngine('wasm');
    expect(info).toMatchObject({ name: 'wasm', backend: 'wasm', version: tf.version_core });
    expect(info.note).toContain('SIMD');
    expect(tf.getBackend()).toBe('wasm');
  });

  it('starts onnx with as many threads as asked', async () => {
    expect(await useEngine('onnx', { threads: 1 })).toMatchObject({
      name: 'onnx',
      backend: 'onnx',
      threads: 1,
    });
    expect((await useEngine('onnx', { threads: 2 })).threads).toBe(2);
    expect((await useEngine('onnx')).threads).toBe(2);
    await expect(useEngine('onnx', { threads: 0 })).rejects.toThrow(
      'threads is 0; allowed: an integer from 1 to 256',
    );
  });

  it('takes onnx under auto where there is no GPU', async () => {
    const info = await useEngine('auto');
    expect(['onnx', 'webgpu', 'cuda']).toContain(info.name);
    expect(info.note).toContain('chosen automatically');
  });

  it('refuses an unknown name in one line that lists the names', async () => {
    const refused = expect(useEngine('tpu' as never)).rejects;
    await refused.toMatchObject({
      name: 'InputError',
      message: 'engine is "tpu"; allowed: auto, onnx, wasm, cpu, webgpu, cuda',
    });
  });

  it('is silent: no banner, and no process-wide crash handlers of the WebAssembly module', async () => {
    const printed = (['log', 'warn', 'info'] as const).map((level) => vi.spyOn(console, level));
    await useEngine('cpu');
    tf.tensor([1, 2]).dispose();
    await useEngine('wasm');
    tf.tensor([1, 2]).dispose();
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    const handlers = [...process.listeners('uncaughtException'), ...process.listeners('unhandledRejection')];
    expect(handlers.some((handler) => String(handler).includes('ExitStatus'))).toBe(false);
  });

  it('says why an optional package did not load', () => {
    const absent = Object.assign(new Error("Cannot find package 'dawn' imported from x"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    expect(whyNotLoaded(absent, 'dawn', ['dawn', 'other'])).toBe(
      'dawn is not installed; to use it: npm install dawn other',
    );
    const addon = new Error(
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: x\nand more',
    );
    expect(whyNotLoaded(addon, 'gpu', ['gpu'])).toMatch(
      /^gpu is installed without its native part.*path: x\)$/,
    );
    expect(whyNotLoaded(new Error('boom'), 'gpu', ['gpu'])).toBe('gpu failed to load (boom)');
  });
});

describe('memory on wasm', () => {
  it('stays constant over training steps that use every mended kernel', async () => {
    await useEngine('wasm');
    const x = tf.fill([2, 8, 8, 4], 0.3) as tf.Tensor4D;
    const variables = [
      tf.variable(tf.fill([3, 3, 4, 4], 0.1)),
      tf.variable(tf.fill([3, 3, 4, 1], 0.1)),
      tf.variable(tf.fill([4], 0.2)),
      tf.variable(tf.fill([2, 32, 32], 0.01)),
      tf.variable(tf.fill([9, 4], 0.1)),
    ] as const;
    const loss = (): tf.Scalar => {
      const [filter, depth, slope, square, table] = variables as unknown as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      let y = tf.prelu(tf.conv2d(x, filter, 2, 'same'), slope) as tf.Tensor4D;
      y = tf.depthwiseConv2d(y, depth, 2, 'same');
      y = tf.conv2dTranspose(y, filter, [2, 4, 4, 4], 2, 'same');
      const rows = tf.matMul(tf.reshape(tf.tile(y, [1, 4, 4, 1]), [2, 32, 32]), square, true, true);
      const looked = tf.gather(table, tf.tensor1d([1, 1, 8], 'int32'));
      const spread = tf.depthToSpace(tf.slice(y, [0, 0, 0, 0], [2, 2, 2, 4]), 2, 'NHWC');
      return tf.addN([tf.mean(rows), tf.mean(looked), tf.mean(spread)]) as tf.Scalar;
    };
    const optimizer = tf.train.adam(1e-3);
    const step = () => optimizer.minimize(loss, false, [...variables]);
    step();
    const data = () => (tf.backend() as unknown as { numDataIds(): number }).numDataIds();
    const before = { ...tf.memory(), data: data() };
    for (let i = 0; i < 100; i++) step();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(data()).toBe(before.data);
    optimizer.dispose();
    tf.dispose([x, ...variables]);
  });

  it('an exhausted heap is an error', () => {
    const backend = { wasm: { _malloc: (bytes: number) => (bytes > 8 ? 0 : 64) } };
    failOnExhaustion(backend as never);
    expect(backend.wasm._malloc(8)).toBe(64);
    expect(() => backend.wasm._malloc(9)).toThrow(/out of memory \(9 bytes/);
  });

  it('copies a box of a scalar, of rows and of single values', () => {
    const source = Float32Array.from({ length: 24 }, (_, i) => i);
    const box = (shape: number[], begin: number[], size: number[]) => {
      const target = new Float32Array(size.reduce((a, b) => a * b, 1));
      copyBox(source, shape, begin, target, size);
      return [...target];
    };
    expect(box([], [], [])).toEqual([0]);
    expect(box([24], [5], [3])).toEqual([5, 6, 7]);
    expect(box([2, 3, 4], [1, 1, 1], [1, 2, 2])).toEqual([17, 18, 21, 22]);
    expect(box([2, 3, 4], [0, 2, 0], [2, 1, 4])).toEqual([8, 9, 10, 11, 20, 21, 22, 23]);
    expect(box([2, 3, 4], [0, 0, 3], [2, 3, 1])).toEqual([3, 7, 11, 15, 19, 23]);
    expect(box([2, 3, 4], [0, 0, 0], [0, 3, 4])).toEqual([]);
  });
});

describe('doctor', () => {
  it('has a row for each engine, a reason for each that is absent, and leaves the engine in use', async () => {
    await useEngine('wasm');
    const rows = await doctor();
    expect(rows.map((row) => row.engine)).toEqual(['onnx', 'wasm', 'cpu', 'webgpu', 'cuda']);
    expect(rows[0]).toMatchObject({ available: true, version: '1.30.0' });
    expect(rows[1]).toMatchObject({ available: true, version: tf.version_core });
    expect(rows[0]!.gigaflops).toBeGreaterThan(rows[2]!.gigaflops);
    for (const row of rows)
      if (!row.available) expect(row.note).toMatch(/not installed|no adapter|native part|no CUDA|failed/);
    expect(tf.getBackend()).toBe('wasm');
    expect(formatDoctor(rows).split('\n')).toHaveLength(rows.length + 1);
  });
});
