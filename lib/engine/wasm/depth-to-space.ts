import type * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import { Scratch } from './scratch.js';

/**
 * [n, h, w, s·t·c] to [n, h·s, w·t, c] as one transposition of four axes: the stock depth-to-space
 * kernel walks element by element.
 */
export function interleave(scratch: Scratch, x: tf.TensorInfo, s: number, t: number): tf.TensorInfo {
  if (s === 1 && t === 1) return x;
  const [n, h, w, depth] = x.shape as [number, number, number, number];
  const rows = scratch.reshape(x, [n * h, w, s, depth / s]);
  return scratch.reshape(scratch.transpose(rows, [0, 2, 1, 3]), [n, h * s, w * t, depth / (s * t)]);
}

export function depthToSpace(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const { blockSize, dataFormat } = args.attrs as unknown as { blockSize: number; dataFormat: string };
    if (dataFormat !== 'NHWC' || blockSize === 1) return stock(args);
    const scratch = new Scratch(args.backend as WasmBackend);
    return scratch.finish(interleave(scratch, args.inputs.x!, blockSize, blockSize));
  };
}
