import { type Builder, type Sym, sizeOf } from '../builder.js';
import { blockedFilterGradient, blocksServe, convolve } from './blocked.js';
import {
  type Axis,
  after,
  type ConvAttrs,
  convolution,
  type Geometry,
  spread,
  toFirst,
  toLast,
  windowAttributes,
} from './geometry.js';
import type { Lowering, Lowerings } from './lowering.js';
import { type FusedAttrs, finish } from './matmul.js';
import { phaseConvolution } from './phases.js';
import { interleave } from './shape.js';

const first = (g: Builder, x: Sym, { channelsFirst }: Geometry): Sym => (channelsFirst ? x : toFirst(g, x));
const restore = (g: Builder, y: Sym, { channelsFirst }: Geometry): Sym => (channelsFirst ? y : toLast(g, y));

function forward(g: Builder, x: Sym, filter: Sym, geometry: Geometry): Sym {
  const window = windowAttributes(geometry);
  const outputs = geometry.axes.map(({ output }) => output);
  if (!geometry.channelsFirst) return convolve(g, x, filter, window, outputs);
  return toFirst(g, convolve(g, toLast(g, x), filter, window, outputs));
}

function depthwise(g: Builder, x: Sym, filter: Sym, geometry: Geometry): Sym {
  const sides = geometry.axes.map(({ filter: side }) => side);
  const grouped = g.reshape(g.transpose(filter, [2, 3, 0, 1]), [geometry.outChannels, 1, ...sides]);
  const shape = [geometry.batch, geometry.outChannels, ...geometry.axes.map(({ output }) => output)];
  const attributes = { ...windowAttributes(geometry), group: geometry.inChannels };
  return restore(g, g.node('Conv', [first(g, x, geometry), grouped], shape, { attributes }), geometry);
}

/** Gradient by the input, which is the transposed convolution too, as one forward convolution over dy. */
function inputGradient(g: Builder, dy: Sym, filter: Sym, geometry: Geometry): Sym {
  const { crops, kept, window, taps, outputs, begin } = phaseConvolution(g, filter, geometry);
  const [rows, columns] = geometry.axes as [Axis, Axis];
  const upstream = geometry.channelsFirst ? toLast(g, dy) : dy;
  const [batch, , , channels] = upstream.shape as [number, number, number, number];
  const used = g.slice(upstream, [0, ...crops, 0], [batch, ...kept, channels]);
  const grouped = convolve(g, used, taps, window, outputs);
  const whole = interleave(g, grouped, rows.stride, columns.stride);
  const dx = g.slice(whole, [0, ...begin, 0], [batch, rows.input, columns.input, geometry.inChannels]);
  return geometry.channelsFirst ? toFirst(g, dx) : dx;
}

/** The inputs that each filter tap meets, channels-last: for all taps [n, ...outputs, c]. */
function tapInputs(g: Builder, x: Sym, geometry: Geometry): Sym[] {
  const last = geometry.channelsFirst ? toLast(g, x) : x;
  const { axes, batch } = geometry;
  const padded = g.pad(last, [
    [0, 0],
    ...axes.map((axis): [number, number] => [axis.before, after(axis)]),
    [0, 0],
  ]);
  const channels = x.shape.at(geometry.channelsFirst ? 1 : -1)!;
  const shape = [batch, ...axes.map(({ output }) => output), channels];
  const steps = [1, ...axes.map(({ stride }) => stride), 1];
  return tapsOf(axes).map((tap) => {
    const begin = [0, ...tap.map((at, i) => at * axes[i]!.dilation), 0];
    return g.slice(padded, begin, shape, steps);
  });
}

/** Positions in the filter, row-major. */
function tapsOf(axes: readonly Axis[]): number[][] {
  return axes.reduce<number[][]>(
    (taps, { filter }) => taps.flatMap((tap) => Array.from({ length: filter }, (_, i) => [...tap, i])),
    [[]],
  );
}

/** Gradient by the filter: a blocked convolution, or the inputs of all taps side by side, transposed, times dy. */
function filterGradient(g: Builder, x: Sym, dy: Sym, geometry: Geometry): Sym {
  const { axes, batch, inChannels, outChannels } = geometry;
  if (blocksServe(g, dy, geometry)) return blockedFilterGradient(g, x, dy, geometry);
  const rows = batch * sizeOf(axes.map(({ output }) => output));
  const taps = tapInputs(g, x, geometry);
  const columns = g.concat(
    taps.map((tap) => g.reshape(tap, [rows, inChannels])),
    1,
  );
  const upstream = g.reshape(geometry.channelsFirst ? toLast(g, dy) : dy, [rows, outChannels]);
  const gradient = g.matmul(columns, upstream, true, false);
  return g.reshape(gradient, [...axes.map(({ filter }) => filter), inChannels, outChannels]);
}

/** Gradient by a depthwise filter [kh, kw, c, m]: for each tap its inputs times dy, summed over batch and place. */
function depthwiseFilterGradient(
  g: Builder,
  x: Sym,
  dy: Sym,
  geometry: Geometry,
  filterShape: number[],
): Sym {
  const [, , c, m] = filterShape as [number, number, number, number];
  const outputs = geometry.axes.map(({ output }) => output);
  const rows = geometry.batch * sizeOf(outputs);
  const upstream = g.reshape(dy, [rows, c, m]);
  const taps = tapInputs(g, x, geometry).map((tap) => {
    const product = g.mul(g.reshape(tap, [rows, c, 1]), upstream);
    return g.reduce('ReduceSum', product, [0], true);
  });
  return g.reshape(g.concat(taps, 0), filterShape);
}

function depthwiseInputGradient(g: Builder, dy: Sym, filter: Sym, geometry: Geometry): Sym {
  const [kh, kw, c, m] = filter.shape as [number, number, number, number];
  const weights = g.reshape(g.transpose(filter, [2, 3, 0, 1]), [c * m, 1, kh, kw]);
  return toLast(g, spread(g, toFirst(g, dy), weights, geometry, c));
}

const conv3dInput: Lowering = (g, { dy, filter }, attrs: ConvAttrs) => {
  const geometry = convolution(attrs.inputShape!, filter.shape, attrs);
  const weights = g.transpose(filter, [4, 3, 0, 1, 2]);
  return toLast(g, spread(g, toFirst(g, dy), weights, geometry, 1));
};

const conv: Lowering = (g, { x, filter }, attrs: ConvAttrs) =>
  forward(g, x, filter, convolution(x.shape, filter.shape, attrs));

const depthwiseConv: Lowering = (g, { x, filter }, attrs: ConvAttrs) =>
  depthwise(g, x, filter, convolution(x.shape, filter.shape, attrs, true));

const backpropFilter: Lowering = (g, { x, dy }, attrs: ConvAttrs) =>
  filterGradient(g, x, dy, convolution(x.shape, attrs.filterShape!, attrs));

export const convolutions: Lowerings = {
  Conv2D: conv,
  Conv3D: conv,
  FusedConv2D: (g, inputs, attrs: ConvAttrs & FusedAttrs) =>
    finish(g, conv(g, inputs, attrs as never) as Sym, inputs, attrs, attrs.dataFormat === 'NCHW'),
  DepthwiseConv2dNative: depthwiseConv,
  FusedDepthwiseConv2D: (g, inputs, attrs: ConvAttrs & FusedAttrs) =>
    finish(g, depthwiseConv(g, inputs, attrs as never) as Sym, inputs, attrs),
  Conv2DBackpropInput: (g, { dy, filter }, attrs: ConvAttrs) =>
    inputGradient(g, dy, filter, convolution(attrs.inputShape!, filter.shape, attrs)),
  Conv2DBackpropFilter: backpropFilter,
  Conv3DBackpropInputV2: conv3dInput,
  Conv3DBackpropFilterV2: backpropFilter,
  DepthwiseConv2dNativeBackpropInput: (g, { dy, filter }, attrs: ConvAttrs) =>
    depthwiseInputGradient(g, dy, filter, convolution(attrs.inputShape!, filter.shape, attrs, true)),
  DepthwiseConv2dNativeBackpropFilter: (g, { x, dy }, attrs: ConvAttrs) => {
    const geometry = convolution(x.shape, attrs.filterShape!, attrs, true);
    return depthwiseFilterGradient(g, x, dy, geometry, attrs.filterShape!);
  },
};
