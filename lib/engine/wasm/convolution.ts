import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import { explicitPadding, type Padding } from './padding.js';
import { Scratch } from './scratch.js';

interface GradientAttrs {
  strides: [number, number] | number;
  pad: Padding;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  inputShape?: [number, number, number, number];
  filterShape?: [number, number, number, number];
}

/** One spatial axis of the convolution whose gradient is taken. */
interface Axis {
  input: number;
  output: number;
  filter: number;
  stride: number;
  padBefore: number;
}

interface Span {
  begin: number;
  size: number;
  padBefore: number;
  padAfter: number;
}

/** A forward convolution on an axis of `length` that is padded by so much; negative padding crops. */
function span(length: number, padBefore: number, padAfter: number): Span {
  const begin = Math.max(0, -padBefore);
  const end = length - Math.max(0, -padAfter);
  return { begin, size: end - begin, padBefore: Math.max(0, padBefore), padAfter: Math.max(0, padAfter) };
}

/**
 * Gradient of a 2-D convolution by its filter, as one forward convolution with the batch and channel
 * axes swapped: dW[i,j,c,o] = sum over n,p,q of x[n, p·s+i-pad, q·s+j-pad, c] · dy[n,p,q,o]. So `x` is
 * read as channels [c, H, W, n], `dy` is the filter [P, Q, n, o], and the stride becomes a dilation.
 */
export function filterGradient(
  backend: WasmBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  attrs: GradientAttrs,
): tf.TensorInfo {
  const { rows, columns, batch, inChannels } = geometry(x.shape, attrs.filterShape!, attrs);
  const scratch = new Scratch(backend);
  const spans = [rows, columns].map((axis) => {
    const needed = axis.filter + (axis.output - 1) * axis.stride;
    return span(axis.input, axis.padBefore, needed - axis.input - axis.padBefore);
  }) as [Span, Span];
  const [y, z] = spans;
  const used = scratch.slice(x, [0, y.begin, z.begin, 0], [batch, y.size, z.size, inChannels]);
  const swapped = scratch.run(
    'Conv2D',
    { x: scratch.transpose(used, [3, 1, 2, 0]), filter: scratch.transpose(dy, [1, 2, 0, 3]) },
    { strides: [1, 1], dilations: [rows.stride, columns.stride], pad: explicit(y, z), dataFormat: 'NHWC' },
  );
  return scratch.finish(scratch.transpose(swapped, [1, 2, 0, 3]));
}

/**
 * Gradient of a 2-D convolution by its input, which is also the transposed convolution, as one forward
 * convolution. With stride s each output position has a phase r = (position + pad) mod s that sees only
 * the filter taps r, r+s, r+2s, …: all s² phases are computed as s² groups of output channels of one
 * convolution with a filter of ceil(k/s) taps, then interleaved (depth to space). No zeros are inserted.
 */
export function inputGradient(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  attrs: GradientAttrs,
): tf.TensorInfo {
  const inputShape = attrs.inputShape!;
  const { rows, columns, batch, inChannels, outChannels } = geometry(inputShape, filter.shape, attrs);
  const scratch = new Scratch(backend);
  const [y, z] = [phases(rows), phases(columns)];
  const used = scratch.slice(dy, [0, y.begin, z.begin, 0], [batch, y.size, z.size, outChannels]);
  const taps = phaseFilter(scratch, filter, rows, columns);
  const grouped = scratch.run(
    'Conv2D',
    { x: used, filter: taps },
    { strides: [1, 1], dilations: [1, 1], pad: explicit(y, z), dataFormat: 'NHWC' },
  );
  const whole = interleave(scratch, grouped, rows.stride, columns.stride, inChannels);
  return scratch.finish(scratch.slice(whole, [0, y.crop, z.crop, 0], inputShape));
}

function phases(axis: Axis): Span & { crop: number } {
  const taps = Math.ceil(axis.filter / axis.stride);
  const first = Math.min(Math.floor(axis.padBefore / axis.stride), taps - 1);
  const last = Math.ceil((axis.padBefore + axis.input) / axis.stride);
  return {
    ...span(axis.output, taps - 1 - first, last - axis.output),
    crop: axis.padBefore - axis.stride * first,
  };
}

/** [kh, kw, c, o] to [ceil(kh/s), ceil(kw/s), o, s·s·c], taps reversed. */
function phaseFilter(scratch: Scratch, filter: tf.TensorInfo, rows: Axis, columns: Axis): tf.TensorInfo {
  const [kh, kw, c, o] = filter.shape as [number, number, number, number];
  const [s, t] = [rows.stride, columns.stride];
  const [th, tw] = [Math.ceil(kh / s), Math.ceil(kw / t)];
  const padded = scratch.padAfter(filter, [th * s - kh, tw * t - kw, 0, 0]);
  const reversed = scratch.run(
    'Reverse',
    { x: scratch.reshape(padded, [th, s, tw, t, c, o]) },
    { dims: [0, 2] },
  );
  return scratch.reshape(scratch.transpose(reversed, [0, 2, 5, 1, 3, 4]), [th, tw, o, s * t * c]);
}

/** Depth to space, as one transposition of four axes: the stock kernel walks element by element. */
function interleave(
  scratch: Scratch,
  x: tf.TensorInfo,
  s: number,
  t: number,
  channels: number,
): tf.TensorInfo {
  if (s === 1 && t === 1) return x;
  const [n, h, w] = x.shape as [number, number, number];
  const phasesLast = scratch.reshape(x, [n * h, w, s, t * channels]);
  return scratch.reshape(scratch.transpose(phasesLast, [0, 2, 1, 3]), [n, h * s, w * t, channels]);
}

function explicit(rows: Span, columns: Span): number[][] {
  return [
    [0, 0],
    [rows.padBefore, rows.padAfter],
    [columns.padBefore, columns.padAfter],
    [0, 0],
  ];
}

function geometry(inputShape: number[], filterShape: number[], attrs: GradientAttrs) {
  if (attrs.dataFormat !== undefined && attrs.dataFormat !== 'NHWC') {
    throw new Error(`convolution gradients on wasm take NHWC tensors, not ${attrs.dataFormat}`);
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    1,
    explicitPadding(inputShape, filterShape, { ...attrs, dilations: 1 }),
    attrs.dimRoundingMode,
  );
  const rows: Axis = {
    input: info.inHeight,
    output: info.outHeight,
    filter: info.filterHeight,
    stride: info.strideHeight,
    padBefore: info.padInfo.top,
  };
  const columns: Axis = {
    input: info.inWidth,
    output: info.outWidth,
    filter: info.filterWidth,
    stride: info.strideWidth,
    padBefore: info.padInfo.left,
  };
  return { rows, columns, batch: info.batchSize, inChannels: info.inChannels, outChannels: info.outChannels };
}
