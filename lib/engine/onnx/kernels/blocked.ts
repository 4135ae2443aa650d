import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Attributes } from '../model.js';
import { type Axis, after, type Geometry, reach, toFirst, toLast } from './geometry.js';

/**
 * ONNX Runtime's direct convolution works on channels in blocks: a value [n, c, h, w] lies in memory as
 * [n, c/B, h, w, B], a filter as [o/B, c/B, kh, kw, B of c, B of o]; with fewer channels than a block the
 * input is not blocked. ONNX Runtime itself uses it only where the weights are constant, which they are not
 * in training; so the engine writes its operators, which are of the domain below.
 */
const domain = 'com.microsoft.nchwc';

const roundUp = (n: number, block: number): number => Math.ceil(n / block) * block;

/** Convolution of a channels-last value by a filter [...sides, inputs, outputs]; channels last again. */
export function convolve(
  g: Builder,
  x: Sym,
  filter: Sym,
  window: Attributes,
  outputs: readonly number[],
): Sym {
  const [c, o] = filter.shape.slice(-2) as [number, number];
  if (isProduct(filter, window)) {
    const rows = g.matmul(g.reshape(x, [sizeOf(x.shape) / c, c]), g.reshape(filter, [c, o]));
    return g.reshape(rows, [x.shape[0]!, ...outputs, o]);
  }
  if (g.blockSize > 0 && outputs.length === 2) return blocked(g, x, filter, window, outputs);
  const rank = filter.shape.length;
  const weights = g.transpose(filter, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i)]);
  const y = g.node('Conv', [toFirst(g, x), weights], [x.shape[0]!, o, ...outputs], { attributes: window });
  return toLast(g, y);
}

/** A filter of one tap, moved by one, is a matrix. */
function isProduct(filter: Sym, { strides, pads }: Attributes): boolean {
  const isOne = filter.shape.slice(0, -2).every((side) => side === 1);
  return isOne && (strides as number[]).every((n) => n === 1) && (pads as number[]).every((n) => n === 0);
}

function blocked(g: Builder, x: Sym, filter: Sym, window: Attributes, outputs: readonly number[]): Sym {
  const block = g.blockSize;
  const [kh, kw, c, o] = filter.shape as [number, number, number, number];
  const [inputs, channels] = [c < block ? c : roundUp(c, block), roundUp(o, block)];
  const weights = g.pad(filter, [
    [0, 0],
    [0, 0],
    [0, inputs - c],
    [0, channels - o],
  ]);
  const y = g.node(
    'Conv',
    [blockInput(g, x, inputs), blockFilter(g, weights, [kh, kw], inputs, channels)],
    [x.shape[0]!, channels, ...outputs],
    { attributes: window, domain },
  );
  const attributes = { channels: o, channels_last: 1 };
  return g.node('ReorderOutput', [y], [x.shape[0]!, ...outputs, o], { attributes, domain });
}

function blockInput(g: Builder, x: Sym, inputs: number): Sym {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  if (inputs < g.blockSize) return toFirst(g, x);
  const padded = g.pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, inputs - c],
  ]);
  return g.node('ReorderInput', [padded], [n, inputs, h, w], { attributes: { channels_last: 1 }, domain });
}

/** A value [kh, kw, c, o] in the memory order of a blocked filter. */
function blockFilter(g: Builder, x: Sym, [kh, kw]: [number, number], c: number, o: number): Sym {
  const block = g.blockSize;
  const inner = c < block ? 1 : block;
  const parts = g.reshape(x, [kh, kw, c / inner, inner, o / block, block]);
  return g.reshape(g.transpose(parts, [4, 2, 0, 1, 3, 5]), [o, c, kh, kw]);
}

/**
 * Gradient of a convolution by its filter, as a blocked convolution with batch and channels swapped:
 * dW[i, j, c, o] = sum over n, p, q of x[n, p·s+i-pad, q·s+j-pad, c] · dy[n, p, q, o], so x is an input of c
 * images with n channels, dy a filter, the stride a dilation and the dilation a stride.
 */
export function blockedFilterGradient(g: Builder, x: Sym, dy: Sym, geometry: Geometry): Sym {
  const block = g.blockSize;
  const { inChannels: c, outChannels: o } = geometry;
  const [rows, columns] = geometry.axes as [Axis, Axis];
  const images = geometry.batch < block ? geometry.batch : roundUp(geometry.batch, block);
  const channels = roundUp(o, block);
  const more = images - geometry.batch;
  // Inputs after the last that any tap meets would make further outputs.
  const met = [rows, columns].map((axis) =>
    Math.min(axis.input, (axis.output - 1) * axis.stride + reach(axis) - axis.before),
  );
  const used = g.slice(x, [0, 0, 0, 0], [geometry.batch, ...met, c]);
  const pads = [rows.before, columns.before, after(rows), after(columns)];
  // ONNX Runtime computes an output that meets padding by itself, and here each of the few outputs would.
  const padded = g.pad(used, [
    [0, more],
    [pads[0]!, pads[2]!],
    [pads[1]!, pads[3]!],
    [0, 0],
  ]);
  const input = swapInput(g, padded, images);
  const upstream = g.slice(dy, [0, 0, 0, 0], [geometry.batch, rows.output, columns.output, o]);
  const whole = g.pad(upstream, [
    [0, more],
    [0, 0],
    [0, 0],
    [0, channels - o],
  ]);
  const filter = swapFilter(g, whole, images, channels);
  const window = {
    kernel_shape: [rows.output, columns.output],
    strides: [rows.dilation, columns.dilation],
    dilations: [rows.stride, columns.stride],
    pads: [0, 0, 0, 0],
  };
  const sides = [rows.filter, columns.filter];
  const y = g.node('Conv', [input, filter], [c, channels, ...sides], { attributes: window, domain });
  const parts = g.reshape(y, [c, channels / block, ...sides, block]);
  const gradient = g.reshape(g.transpose(parts, [2, 3, 0, 1, 4]), [...sides, c, channels]);
  return g.slice(gradient, [0, 0, 0, 0], [...sides, c, o]);
}

/** [n, h, w, c] as c images with n channels, in blocks: two plain transpositions, which are the fast ones. */
function swapInput(g: Builder, x: Sym, images: number): Sym {
  const [, h, w, c] = x.shape as [number, number, number, number];
  const inner = images < g.blockSize ? 1 : g.blockSize;
  const outside = g.transpose(g.reshape(x, [images * h * w, c]), [1, 0]);
  const parts = g.reshape(outside, [(c * images) / inner, inner, h * w]);
  return g.reshape(g.transpose(parts, [0, 2, 1]), [c, images, h, w]);
}

/** [n, h, w, o] as a filter of n input channels, in blocks. */
function swapFilter(g: Builder, dy: Sym, images: number, channels: number): Sym {
  const [, h, w] = dy.shape as [number, number, number, number];
  const inner = images < g.blockSize ? 1 : g.blockSize;
  const parts = g.reshape(dy, [images / inner, inner, h, w, channels / g.blockSize, g.blockSize]);
  return g.reshape(g.transpose(parts, [4, 0, 2, 3, 1, 5]), [channels, images, h, w]);
}
