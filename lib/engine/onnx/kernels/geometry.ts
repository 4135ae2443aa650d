import * as tf from '@tensorflow/tfjs-core';
import { explicitPadding, type Padding } from '../../wasm/padding.js';
import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Attributes } from '../model.js';

/** One spatial axis of a convolution or pooling. */
export interface Axis {
  input: number;
  output: number;
  filter: number;
  stride: number;
  dilation: number;
  /** Zeros before the first input. */
  before: number;
}

/** A convolution or pooling of two or three spatial axes. */
export interface Geometry {
  batch: number;
  inChannels: number;
  outChannels: number;
  axes: Axis[];
  channelsFirst: boolean;
}

type Tuple = number | number[];
type Rounding = 'floor' | 'round' | 'ceil' | undefined;

export interface ConvAttrs {
  strides: Tuple;
  dilations?: Tuple;
  pad: Padding;
  dataFormat?: 'NHWC' | 'NCHW' | 'NDHWC';
  dimRoundingMode?: Rounding;
  filterShape?: number[];
  inputShape?: number[];
}

export interface PoolAttrs {
  filterSize: Tuple;
  strides: Tuple;
  pad: Padding;
  dilations?: Tuple;
  dimRoundingMode?: Rounding;
}

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];

/** Geometry of a convolution of an input by a filter [...sides, inputs, outputs]. */
export function convolution(
  input: readonly number[],
  filter: readonly number[],
  attrs: ConvAttrs,
  depthwise = false,
): Geometry {
  if (input.length === 5) return convolution3d(input, filter, attrs);
  const format = attrs.dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast';
  const spelledOut = explicitPadding([...input], [...filter], attrs as Parameters<typeof explicitPadding>[2]);
  const info = tf.backend_util.computeConv2DInfo(
    [...input] as Shape4,
    [...filter] as Shape4,
    attrs.strides as number,
    (attrs.dilations ?? 1) as number,
    format === 'channelsLast' ? spelledOut : (attrs.pad as 'same'),
    attrs.dimRoundingMode,
    depthwise,
    format,
  );
  return {
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    axes: planeAxes(info),
    channelsFirst: format === 'channelsFirst',
  };
}

function planeAxes(info: tf.backend_util.Conv2DInfo): Axis[] {
  const rows: Axis = {
    input: info.inHeight,
    output: info.outHeight,
    filter: info.filterHeight,
    stride: info.strideHeight,
    dilation: info.dilationHeight,
    before: info.padInfo.top,
  };
  const columns: Axis = {
    input: info.inWidth,
    output: info.outWidth,
    filter: info.filterWidth,
    stride: info.strideWidth,
    dilation: info.dilationWidth,
    before: info.padInfo.left,
  };
  return [rows, columns];
}

function convolution3d(input: readonly number[], filter: readonly number[], attrs: ConvAttrs): Geometry {
  const info = tf.backend_util.computeConv3DInfo(
    [...input] as Shape5,
    [...filter] as Shape5,
    attrs.strides as number,
    (attrs.dilations ?? 1) as number,
    attrs.pad as 'same',
  );
  return {
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    axes: spaceAxes(info),
    channelsFirst: false,
  };
}

function spaceAxes(info: tf.backend_util.Conv3DInfo): Axis[] {
  const depth: Axis = {
    input: info.inDepth,
    output: info.outDepth,
    filter: info.filterDepth,
    stride: info.strideDepth,
    dilation: info.dilationDepth,
    before: info.padInfo.front,
  };
  const plane = planeAxes(info as unknown as tf.backend_util.Conv2DInfo);
  return [depth, ...plane];
}

/** Geometry of a pooling of a channels-last input. */
export function pooling(input: readonly number[], attrs: PoolAttrs): Geometry {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const dilations = attrs.dilations ?? 1;
  const compute = input.length === 5 ? tf.backend_util.computePool3DInfo : tf.backend_util.computePool2DInfo;
  const info = (compute as typeof tf.backend_util.computePool2DInfo)(
    [...input] as Shape4,
    filterSize as number,
    strides as number,
    dilations as number,
    pad as 'same',
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    axes: input.length === 5 ? spaceAxes(info as unknown as tf.backend_util.Conv3DInfo) : planeAxes(info),
    channelsFirst: false,
  };
}

/** Inputs that a filter spans. */
export const reach = ({ filter, dilation }: Axis): number => (filter - 1) * dilation + 1;

/** Zeros that the last output needs after the last input. */
export const after = (axis: Axis): number =>
  Math.max(0, (axis.output - 1) * axis.stride + reach(axis) - axis.input - axis.before);

/** The attributes of ONNX's Conv and pooling operators. */
export function windowAttributes({ axes }: Geometry): Attributes {
  return {
    kernel_shape: axes.map(({ filter }) => filter),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    pads: [...axes.map(({ before }) => before), ...axes.map(after)],
  };
}

/** Channels-last to channels-first. */
export function toFirst(g: Builder, x: Sym): Sym {
  const rank = x.shape.length;
  return g.transpose(x, [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)]);
}

/** Channels-first to channels-last. */
export function toLast(g: Builder, x: Sym): Sym {
  const rank = x.shape.length;
  return g.transpose(x, [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]);
}

/** `lengths` elements of the spatial axes of a channels-first value from `begins` on; zeros where there are none. */
export function spatialWindow(
  g: Builder,
  x: Sym,
  begins: readonly number[],
  lengths: readonly number[],
): Sym {
  const paddings = begins.map((begin, i): [number, number] => [
    -begin,
    begin + lengths[i]! - x.shape[i + 2]!,
  ]);
  const crops = paddings.map(([a, b]) => [Math.max(0, -a), Math.max(0, -b)] as const);
  const kept = crops.map(([a, b], i) => x.shape[i + 2]! - a - b);
  const [n, c] = x.shape as [number, number];
  const cropped = g.slice(x, [0, 0, ...crops.map(([a]) => a)], [n, c, ...kept]);
  const rest = paddings.map(([a, b]): [number, number] => [Math.max(0, a), Math.max(0, b)]);
  return g.pad(cropped, [[0, 0], [0, 0], ...rest]);
}

/** Spreads windows over their inputs and adds up: ONNX's ConvTranspose, cut to the inputs. */
export function spread(g: Builder, dy: Sym, weights: Sym, { axes }: Geometry, group: number): Sym {
  const sides = axes.map((axis) => (axis.output - 1) * axis.stride + reach(axis));
  const channels = weights.shape[1]! * group;
  const whole = g.node('ConvTranspose', [dy, weights], [dy.shape[0]!, channels, ...sides], {
    attributes: {
      group,
      kernel_shape: axes.map(({ filter }) => filter),
      strides: axes.map(({ stride }) => stride),
      dilations: axes.map(({ dilation }) => dilation),
    },
  });
  return spatialWindow(
    g,
    whole,
    axes.map(({ before }) => before),
    axes.map(({ input }) => input),
  );
}

export const filterSize = ({ axes }: Geometry): number => sizeOf(axes.map(({ filter }) => filter));
