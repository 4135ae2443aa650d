import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';

/** out[ids[i], …] += x[i, …]: the gradient of `gather`. Rows whose id is outside [0, numSegments) are left out. */
export function unsortedSegmentSum(
  heap: WasmBackend,
  x: tf.TensorInfo,
  ids: tf.TensorInfo,
  segments: number,
): tf.TensorInfo {
  const row = tf.util.sizeFromShape(x.shape.slice(ids.shape.length));
  const out = heap.makeOutput([segments, ...x.shape.slice(ids.shape.length)], x.dtype);
  const [source, index, target] = [x, ids, out].map((info) => heap.typedArrayFromHeap(info));
  target!.fill(0);
  for (let i = 0; i < index!.length; i++) {
    const to = index![i]! * row;
    if (index![i]! < 0 || index![i]! >= segments) continue;
    for (let j = 0; j < row; j++) target![to + j]! += source![i * row + j]!;
  }
  return out;
}
