import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import type { Padding } from './padding.js';

interface PoolAttrs {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: Padding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gradient of max pooling: each window hands its gradient to its first maximum. The stock kernel drops
 * the gradient of every window whose maximum is negative.
 */
export function maxPoolGradient(
  heap: WasmBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  attrs: PoolAttrs,
): tf.TensorInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const shape = x.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const out = heap.makeOutput(x.shape, 'float32');
  const [input, upstream, target] = [x, dy, out].map((t) => heap.typedArrayFromHeap(t)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  target.fill(0);
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  let from = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let p = 0; p < outHeight; p++) {
      const [top, bottom] = window(p, info.strideHeight, info.padInfo.top, info.filterHeight, inHeight);
      for (let q = 0; q < outWidth; q++) {
        const [left, right] = window(q, info.strideWidth, info.padInfo.left, info.filterWidth, inWidth);
        for (let c = 0; c < channels; c++, from++) {
          let best = ((n * inHeight + top) * inWidth + left) * channels + c;
          for (let i = top; i < bottom; i++) {
            for (let j = left; j < right; j++) {
              const at = ((n * inHeight + i) * inWidth + j) * channels + c;
              if (input[at]! > input[best]!) best = at;
            }
          }
          target[best]! += upstream[from]!;
        }
      }
    }
  }
  return out;
}

function window(
  output: number,
  stride: number,
  padBefore: number,
  filter: number,
  input: number,
): [number, number] {
  const begin = output * stride - padBefore;
  return [Math.max(0, begin), Math.min(input, begin + filter)];
}
