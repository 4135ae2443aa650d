import type { Builder, Sym } from '../builder.js';
import { blockedFilterGradient, blocksServe, convolveInBlocks, isProduct } from './blocked.js';
import { unary } from './elementwise.js';
import { type Axis, type ConvAttrs, convolution, windowAttributes } from './geometry.js';
import {
  asBlocked,
  cropBlocks,
  fillsBlocks,
  fromBlocks,
  interleaveBlocks,
  perChannel,
  scaleChannels,
  shapeWithChannelsLast,
  sumChannels,
} from './layout.js';
import type { Inputs, Lowering } from './lowering.js';
import { phaseConvolution } from './phases.js';
import { interleave } from './shape.js';

/** As `Lowering`, of values of which some are in blocks; undefined for a case that is not worth it. */
export type BlockLowering = (g: Builder, inputs: Inputs, attrs: never) => ReturnType<Lowering> | undefined;

/** In blocks where channels fill them, else with channels last. */
const finish = (g: Builder, y: Sym, channels: number): Sym =>
  fillsBlocks(g, channels) ? y : fromBlocks(g, y, channels);

const forward: BlockLowering = (g, { x, filter, bias }, attrs: ConvAttrs) => {
  const geometry = convolution(shapeWithChannelsLast(x), filter.shape, attrs);
  const window = windowAttributes(geometry);
  if (geometry.channelsFirst || (!x.blocked && isProduct(filter, window))) return undefined;
  const outputs = geometry.axes.map(({ output }) => output);
  const { outChannels } = geometry;
  if (!x.blocked && !fillsBlocks(g, outChannels)) return undefined;
  return finish(g, convolveInBlocks(g, x, filter, window, outputs, bias), outChannels);
};

const byInput: BlockLowering = (g, { dy, filter, bias }, attrs: ConvAttrs) => {
  const geometry = convolution(attrs.inputShape!, filter.shape, attrs);
  const [rows, columns] = geometry.axes as [Axis, Axis];
  const channels = geometry.inChannels;
  if (geometry.channelsFirst || !(fillsBlocks(g, channels) || dy.blocked)) return undefined;
  const { crops, kept, window, taps, outputs, begin } = phaseConvolution(g, filter, geometry);
  if (!dy.blocked && isProduct(taps, window)) return undefined;
  const phases = rows.stride * columns.stride;
  const [n, , , o] = shapeWithChannelsLast(dy) as [number, number, number, number];
  const used = dy.blocked ? cropBlocks(g, dy, crops, kept) : g.slice(dy, [0, ...crops, 0], [n, ...kept, o]);
  const offsets = bias && g.concat(Array(phases).fill(bias), 0);
  const grouped = convolveInBlocks(g, used, taps, window, outputs, offsets);
  if (!fillsBlocks(g, channels)) {
    const last = interleave(g, fromBlocks(g, grouped, phases * channels), rows.stride, columns.stride);
    return g.slice(last, [0, ...begin, 0], [n, rows.input, columns.input, channels]);
  }
  const whole = interleaveBlocks(g, grouped, rows.stride, columns.stride);
  return asBlocked(cropBlocks(g, whole, begin, [rows.input, columns.input]));
};

const byFilter: BlockLowering = (g, { x, dy }, attrs: ConvAttrs) => {
  const geometry = convolution(shapeWithChannelsLast(x), attrs.filterShape!, attrs);
  const { batch } = geometry;
  if (!blocksServe(g, dy, geometry) || (batch > g.blockSize && batch % g.blockSize !== 0)) return undefined;
  return blockedFilterGradient(g, x, dy, geometry);
};

/** An operation of two values in blocks, or of one and a number or a vector of channels. */
const binary =
  (op: string): BlockLowering =>
  (g, { a, b }) => {
    const whole = a.blocked ? a : b;
    const [c, ...others] = [...shapeWithChannelsLast(whole)].reverse() as [number, ...number[]];
    const fitting = [a, b].map((x) => {
      if (x.type !== 'float32') return undefined;
      if (x.blocked || x.shape.every((side) => side === 1)) return x;
      const last = x.shape.at(-1) === c && x.shape.slice(0, -1).every((side) => side === 1);
      return last && others.length === 3 ? perChannel(g, g.reshape(x, [c]), whole) : undefined;
    });
    const [left, right] = fitting;
    if (!left || !right) return undefined;
    if (a.blocked && b.blocked && a.shape.some((side, i) => side !== b.shape[i])) return undefined;
    return asBlocked(g.binary(op, left, right));
  };

const same =
  (kernel: string): BlockLowering =>
  (g, inputs, attrs) =>
    asBlocked(unary[kernel]!(g, inputs, attrs) as Sym);

const sum: BlockLowering = (g, { x }, { axis, keepDims }: { axis: number | number[]; keepDims: boolean }) => {
  const axes = [axis].flat().sort();
  if (axes.join() !== '0,1,2') return undefined;
  const sums = sumChannels(g, x);
  return keepDims ? g.reshape(sums, [1, 1, 1, x.shape[1]!]) : sums;
};

/** Along the channels, parts that fill blocks. */
const concat: BlockLowering = (g, { list }, { axis }: { axis: number }) => {
  const along = axis < 0 ? axis + 4 : axis;
  if (along !== 3 || !list.every(({ blocked }) => blocked)) return undefined;
  return asBlocked(g.concat(list, 1));
};

const split: BlockLowering = (g, { x }, attrs: { numOrSizeSplits: number | number[]; axis: number }) => {
  const along = attrs.axis < 0 ? attrs.axis + 4 : attrs.axis;
  const { numOrSizeSplits: parts } = attrs;
  const c = x.shape[1]!;
  const sizes = Array.isArray(parts) ? parts : Array<number>(parts).fill(c / parts);
  if (along !== 3 || !sizes.every((size) => size > 0 && fillsBlocks(g, size))) return undefined;
  return g.split(x, sizes, 1).map(asBlocked);
};

/** x·gate and the gate, which is 1 for positive values and the channel's slope for the others. */
const prelu: BlockLowering = (g, { x, alpha }) => {
  if (alpha.shape.length !== 1 || alpha.shape[0] !== x.shape[1]) return undefined;
  const step = g.unary('HardSigmoid', x, steepest);
  const gate = scaleChannels(g, step, { factor: g.affine(alpha, -1, 1), offset: alpha });
  const y = asBlocked(g.mul(x, gate));
  g.alone(y, (h) => {
    const sum = scaleChannels(h, x, { factor: alpha });
    return scaleChannels(h, h.unary('Relu', x), { factor: h.affine(alpha, -1, 1), sum });
  });
  return [y, gate];
};

/** A slope so steep that only numbers below 3e-39 fall between 0 and 1. */
const steepest = { alpha: { float: 3.4e38 }, beta: { float: 0 } };

export const inBlocks: Readonly<Record<string, BlockLowering>> = {
  Conv2D: forward,
  Conv2DBackpropInput: byInput,
  Conv2DBackpropFilter: byFilter,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  ...Object.fromEntries(
    ['ClipByValue', 'Neg', 'Relu', 'Sigmoid', 'Square', 'Step', 'Tanh', 'Elu', 'LeakyRelu'].map((kernel) => [
      kernel,
      same(kernel),
    ]),
  ),
  Sum: sum,
  Concat: concat,
  SplitV: split,
  PreluGate: prelu,
};
