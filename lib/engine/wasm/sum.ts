import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import { Scratch } from './scratch.js';

/**
 * Sums over leading axes (the gradient of every bias and PReLU slope) as a product with a row of ones:
 * the stock kernel transposes first and takes ten times as long.
 */
export function sumLeadingAxes(stock: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const x = inputs.x!;
    const { axis, keepDims } = attrs as unknown as { axis: number | number[]; keepDims: boolean };
    const axes = [...tf.util.parseAxisParam(axis, x.shape)].sort((a, b) => a - b);
    const rows = axes.reduce((product, a) => product * x.shape[a]!, 1);
    const columns = tf.util.sizeFromShape(x.shape) / rows;
    const leading = axes.length < x.shape.length && axes.every((a, i) => a === i);
    if (!leading || x.dtype !== 'float32' || columns < 2 || rows < 16)
      return stock({ inputs, backend, attrs });
    const heap = backend as WasmBackend;
    const scratch = new Scratch(heap);
    const ones = scratch.keep(heap.makeOutput([1, rows], 'float32'));
    heap.typedArrayFromHeap(ones).fill(1);
    const product = scratch.run(
      'BatchMatMul',
      { a: ones, b: scratch.reshape(x, [rows, columns]) },
      { transposeA: false, transposeB: false },
    );
    const kept = x.shape.slice(axes.length);
    return scratch.finish(scratch.reshape(product, keepDims ? [...axes.map(() => 1), ...kept] : kept));
  };
}
