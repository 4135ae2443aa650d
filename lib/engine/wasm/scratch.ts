import * as tf from '@tensorflow/tfjs-core';

import type { WasmBackend } from './memory.js';

/**
 * Runs stock wasm kernels inside a kernel of ours and frees what they made.
 * A kernel works below tfjs's memory scopes, so nothing else would free its intermediate results.
 */
export class Scratch {
  private readonly made = new Set<tf.TensorInfo>();

  constructor(private readonly backend: WasmBackend) {}

  /** Runs one kernel; its result lives until `finish`. */
  run(
    kernelName: string,
    inputs: Record<string, tf.TensorInfo>,
    attrs: Record<string, unknown> = {},
  ): tf.TensorInfo {
    const kernel = tf.getKernel(kernelName, 'wasm');
    const result = kernel.kernelFunc({ inputs, backend: this.backend, attrs: attrs as tf.NamedAttrMap });
    const info = (Array.isArray(result) ? result[0] : result) as tf.TensorInfo;
    return this.keep(info);
  }

  /** Takes over a tensor made otherwise, to be freed with the rest. */
  keep(info: tf.TensorInfo): tf.TensorInfo {
    this.made.add(info);
    return info;
  }

  transpose(x: tf.TensorInfo, perm: number[]): tf.TensorInfo {
    return this.run('Transpose', { x }, { perm });
  }

  reshape(x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
    return this.run('Reshape', { x }, { shape });
  }

  /** The part of `x` that starts at `begin`; `x` itself where that is all of it. */
  slice(x: tf.TensorInfo, begin: number[], size: number[]): tf.TensorInfo {
    if (size.every((n, axis) => n === x.shape[axis])) return x;
    return this.run('Slice', { x }, { begin, size });
  }

  /** Zeros appended to each axis; `x` itself where there are none. */
  padAfter(x: tf.TensorInfo, after: number[]): tf.TensorInfo {
    if (after.every((n) => n === 0)) return x;
    return this.run('PadV2', { x }, { paddings: after.map((n) => [0, n]), constantValue: 0 });
  }

  /** Frees every intermediate result and returns `result`, whose owner is now the caller. */
  finish(result: tf.TensorInfo): tf.TensorInfo {
    this.made.delete(result);
    for (const info of this.made) this.backend.disposeData(info.dataId);
    this.made.clear();
    return result;
  }
}
