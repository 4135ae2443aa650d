import * as tf from '@tensorflow/tfjs-core';
import { interleave } from './depth-to-space.js';
import type { WasmBackend } from './memory.js';
import { explicitPadding, type Padding } from './padding.js';
import { Scratch } from './scratch.js';

interface GradientAttrs {
  strides: [number, number] | number;
  /** Absent in tfjs-core's own calls, which refuse dilations; our gradient of Conv2D passes it. */
  dilations?: [number, number] | number;
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
  dilation: number;
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
 * read as channels [c, H, W, n], `dy` is the filter [P, Q, n, o], the stride becomes a dilation and the dilation a stride.
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
    const needed = (axis.filter - 1) * axis.dilation + (axis.output - 1) * axis.stride + 1;
    return span(axis.input, axis.padBefore, needed - axis.input - axis.padBefore);
  }) as [Span, Span];
  const [y, z] = spans;
  const used = scratch.slice(x, [0, y.begin, z.begin, 0], [batch, y.size, z.size, inChannels]);
  const swapped = scratch.run(
    'Conv2D',
    { x: scratch.transpose(used, [3, 1, 2, 0]), filter: scratch.transpose(dy, [1, 2, 0, 3]) },
    {
      strides: [rows.dilation, columns.dilation],
      dilations: [rows.stride, columns.stride],
      pad: explicit(y, z),
      dataFormat: 'NHWC',
    },
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
  const { rows, columns, batch, outChannels } = geometry(inputShape, filter.shape, attrs);
  const scratch = new Scratch(backend);
  const [y, z] = [phases(rows), phases(columns)];
  const used = scratch.slice(dy, [0, y.begin, z.begin, 0], [batch, y.size, z.size, outChannels]);
  const taps = phaseFilter(scratch, filter, rows, columns);
  const grouped = scratch.run(
    'Conv2D',
    { x: used, filter: taps },
    {
      strides: [1, 1],
      dilations: [rows.dilation, columns.dilation],
      pad: explicit(y, z),
      dataFormat: 'NHWC',
    },
  );
  const whole = interleave(scratch, grouped, rows.stride, columns.stride);
  return scratch.finish(scratch.slice(whole, [0, y.crop, z.crop, 0], inputShape));
}

function phases(axis: Axis): Span & { crop: number } {
  const reach = (Math.ceil(axis.filter / axis.stride) - 1) * axis.dilation;
  const first = Math.min(Math.floor(axis.padBefore / axis.stride), reach);
  const last = Math.ceil((axis.padBefore + axis.input) / axis.stride);
  return {
    ...span(axis.output, reach - first, last - axis.output),
    crop: axis.padBefore - axis.stride * first,
  };
}

/** [kh, kw, c, o] to [ceil(kh/s), ceil(kw/t), o, s·t·c], taps reversed; transposes of more than four axes are slow. */
function phaseFilter(scratch: Scratch, filter: tf.TensorInfo, rows: Axis, columns: Axis): tf.TensorInfo {
  const [kh, kw, c, o] = filter.shape as [number, number, number, number];
  const [s, t] = [rows.stride, columns.stride];
  const [th, tw] = [Math.ceil(kh / s), Math.ceil(kw / t)];
  const padded = scratch.padAfter(filter, [th * s - kh, tw * t - kw, 0, 0]);
  const tapsFirst = scratch.transpose(scratch.reshape(padded, [th, s, tw, t * c * o]), [0, 2, 1, 3]);
  const inputsLast = scratch.transpose(scratch.reshape(tapsFirst, [th * tw, s * t * c, o]), [0, 2, 1]);
  const reversed = scratch.run(
    'Reverse',
    { x: scratch.reshape(inputsLast, [th * tw, o * s * t * c]) },
    { dims: [0] },
  );
  return scratch.reshape(reversed, [th, tw, o, s * t * c]);
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
    attrs.dilations ?? 1,
    explicitPadding(inputShape, filterShape, attrs),
    attrs.dimRoundingMode,
  );
  const rows: Axis = {
    input: info.inHeight,
    output: info.outHeight,
    filter: info.filterHeight,
    stride: info.strideHeight,
    dilation: info.dilationHeight,
    padBefore: info.padInfo.top,
  };
  const columns: Axis = {
    input: info.inWidth,
    output: info.outWidth,
    filter: info.filterWidth,
    stride: info.strideWidth,
    dilation: info.dilationWidth,
    padBefore: info.padInfo.left,
  };
  return { rows, columns, batch: info.batchSize, inChannels: info.inChannels, outChannels: info.outChannels };
}
