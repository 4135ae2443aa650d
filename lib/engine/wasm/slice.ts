import * as tf from '@tensorflow/tfjs-core';
import { copyBox, type WasmBackend } from './memory.js';

/** Slices by copying runs inside the heap; the stock kernel copies the whole input out of it first. */
export function sliceInHeap(stock: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const x = inputs.x as tf.Tensor;
    if (x.dtype === 'string') return stock({ inputs, backend, attrs });
    const { begin, size } = attrs as unknown as { begin: number[]; size: number[] };
    const [from, shape] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    tf.slice_util.assertParamsValid(x, from, shape);
    const heap = backend as WasmBackend;
    const out = heap.makeOutput(shape, x.dtype);
    copyBox(heap.typedArrayFromHeap(x), x.shape, from, heap.typedArrayFromHeap(out), shape);
    return out;
  };
}
