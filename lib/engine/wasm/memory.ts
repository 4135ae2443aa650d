import type * as tf from '@tensorflow/tfjs-core';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** What kernels need of the wasm backend: reference-counted data that lives in the WebAssembly heap. */
export interface WasmBackend {
  disposeData(dataId: tf.DataId): boolean;
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view, valid until the next allocation: the heap moves when it grows. */
  typedArrayFromHeap(x: tf.TensorInfo): Numbers;
  wasm: { _malloc(bytes: number): number };
}

/**
 * Makes an exhausted heap (4 GB at most) an error. The stock backend takes the failed allocation's
 * address, zero, for a tensor's and overwrites the module's own data.
 */
export function failOnExhaustion(backend: WasmBackend): void {
  const allocate = backend.wasm._malloc;
  backend.wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) {
      throw new Error(`the wasm engine is out of memory (${bytes} bytes more were asked for)`);
    }
    return address;
  };
}

/** Copies the box of `source` (row-major, `shape`) that starts at `begin` into `target`, which has shape `size`. */
export function copyBox(
  source: Numbers,
  shape: number[],
  begin: number[],
  target: Numbers,
  size: number[],
): void {
  let axis = shape.length - 1;
  let stride = 1;
  while (axis > 0 && size[axis] === shape[axis]) stride *= shape[axis--]!;
  const run = stride * (size[axis] ?? 1);
  const strides = new Array<number>(Math.max(axis, 0) + 1);
  for (let a = axis; a >= 0; a--) {
    strides[a] = stride;
    stride *= shape[a]!;
  }
  let from = begin.slice(0, axis + 1).reduce((sum, b, a) => sum + b * strides[a]!, 0);
  const index = new Array<number>(Math.max(axis, 0)).fill(0);
  for (let to = 0; to < target.length; to += run) {
    if (run < 16) for (let i = 0; i < run; i++) target[to + i] = source[from + i]!;
    else target.set(source.subarray(from, from + run), to);
    for (let a = axis - 1; a >= 0; a--) {
      from += strides[a]!;
      if (++index[a]! < size[a]!) break;
      from -= strides[a]! * size[a]!;
      index[a] = 0;
    }
  }
}
