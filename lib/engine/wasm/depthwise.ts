import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import { explicitPadding, type Padding } from './padding.js';
import { Scratch } from './scratch.js';

interface DepthwiseAttrs {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: Padding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  inputShape?: number[];
  filterShape?: number[];
}

type Shape4 = [number, number, number, number];

function geometry(
  inputShape: number[],
  filterShape: number[],
  attrs: DepthwiseAttrs,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    explicitPadding(inputShape, filterShape, attrs),
    attrs.dimRoundingMode,
    true,
  );
}

/** Repeats each channel `times` times, so that each filter has an input channel of its own. */
function repeatChannels(scratch: Scratch, heap: WasmBackend, x: tf.TensorInfo, times: number): tf.TensorInfo {
  if (times === 1) return x;
  const [n, h, w, c] = x.shape as Shape4;
  const ones = scratch.keep(heap.makeOutput([1, times], 'float32'));
  heap.typedArrayFromHeap(ones).fill(1);
  const repeated = scratch.run('Multiply', { a: scratch.reshape(x, [n * h * w * c, 1]), b: ones });
  return scratch.reshape(repeated, [n, h, w, c * times]);
}

/**
 * Gradient of a depthwise convolution by its filter [kh, kw, c, m]: for each tap the products of the
 * shifted input with dy, summed over batch and place.
 */
export function depthwiseFilterGradient(
  heap: WasmBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  attrs: DepthwiseAttrs,
): tf.TensorInfo {
  const info = geometry(x.shape, attrs.filterShape!, attrs);
  const [kh, kw, c, m] = attrs.filterShape as Shape4;
  const out = heap.makeOutput([kh, kw, c, m], 'float32');
  const outer = new Scratch(heap);
  const wide = repeatChannels(outer, heap, x, m);
  const { top, bottom, left, right } = info.padInfo;
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const padded = outer.run('PadV2', { x: wide }, { paddings, constantValue: 0 });
  for (let tap = 0; tap < kh * kw; tap++) {
    const scratch = new Scratch(heap);
    const begin = [0, Math.floor(tap / kw) * info.dilationHeight, (tap % kw) * info.dilationWidth, 0];
    const end = [
      info.batchSize,
      begin[1]! + (info.outHeight - 1) * info.strideHeight + 1,
      begin[2]! + (info.outWidth - 1) * info.strideWidth + 1,
      c * m,
    ];
    const shifted =
      info.strideHeight === 1 && info.strideWidth === 1
        ? scratch.run('Slice', { x: padded }, { begin, size: end.map((e, i) => e - begin[i]!) })
        : scratch.run('StridedSlice', { x: padded }, stridedSlice(begin, end, info));
    const product = scratch.run('Multiply', { a: shifted, b: dy });
    const total = scratch.run('Sum', { x: product }, { axis: [0, 1, 2], keepDims: false });
    heap.typedArrayFromHeap(out).set(heap.typedArrayFromHeap(total), tap * c * m);
    scratch.finish(out);
  }
  return outer.finish(out);
}

function stridedSlice(
  begin: number[],
  end: number[],
  info: tf.backend_util.Conv2DInfo,
): Record<string, unknown> {
  const strides = [1, info.strideHeight, info.strideWidth, 1];
  return {
    begin,
    end,
    strides,
    beginMask: 0,
    endMask: 0,
    ellipsisMask: 0,
    newAxisMask: 0,
    shrinkAxisMask: 0,
  };
}

/**
 * Gradient of a depthwise convolution by its input: a depthwise convolution of dy, with zeros between
 * its samples where there is a stride, with the reversed filter.
 */
export function depthwiseInputGradient(
  heap: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  attrs: DepthwiseAttrs,
): tf.TensorInfo {
  const info = geometry(attrs.inputShape!, filter.shape, attrs);
  const [kh, kw, c, m] = filter.shape as Shape4;
  const scratch = new Scratch(heap);
  const [n, h, w] = [info.batchSize, info.outHeight, info.outWidth];
  const [s, t] = [info.strideHeight, info.strideWidth];
  // [n, h, w, cm] -> [n*h, 1, w, cm] and zeros after each sample, as whole axes.
  const spaced = scratch.padAfter(scratch.reshape(dy, [n * h, 1, w, c * m]), [0, s - 1, 0, (t - 1) * c * m]);
  const sparse = scratch.reshape(spaced, [n, h * s, w * t, c * m]);
  const crop = (size: number, stride: number) => (size - 1) * stride + 1;
  const pad = [
    [0, 0],
    sides(crop(h, s), info.inHeight, (kh - 1) * info.dilationHeight, info.padInfo.top),
    sides(crop(w, t), info.inWidth, (kw - 1) * info.dilationWidth, info.padInfo.left),
    [0, 0],
  ];
  const begin = pad.map(([before]) => Math.max(0, -before!));
  const [y, z] = [crop(h, s), crop(w, t)];
  const size = [n, y, z, c * m].map((length, i) => length - begin[i]! - Math.max(0, -pad[i]![1]!));
  const used = scratch.slice(sparse, begin, size);
  const reversed = scratch.run('Reverse', { x: scratch.reshape(filter, [kh * kw, c * m]) }, { dims: [0] });
  const wide = scratch.run(
    'DepthwiseConv2dNative',
    { x: used, filter: scratch.reshape(reversed, [kh, kw, c * m, 1]) },
    {
      strides: [1, 1],
      dilations: [info.dilationHeight, info.dilationWidth],
      pad: pad.map((side) => side.map((length) => Math.max(0, length))),
    },
  );
  if (m === 1) return scratch.finish(wide);
  const grouped = scratch.reshape(wide, [n, info.inHeight, info.inWidth, c, m]);
  return scratch.finish(scratch.run('Sum', { x: grouped }, { axis: [4], keepDims: false }));
}

/** Zeros before and after, negative for a crop. */
function sides(samples: number, input: number, reach: number, padBefore: number): [number, number] {
  return [reach - padBefore, input + padBefore - samples];
}
