import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Attributes } from '../model.js';
import { type Axis, after, type Geometry, reach, toFirst, toLast } from './geometry.js';
import {
  asBlocked,
  blockFilter,
  cropBlocks,
  domain,
  fromBlocks,
  roundUp,
  swapBlocks,
  toBlocks,
} from './layout.js';

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
  if (g.blockSize > 0 && outputs.length === 2) {
    return fromBlocks(g, convolveInBlocks(g, x, filter, window, outputs), o);
  }
  const rank = filter.shape.length;
  const weights = g.transpose(filter, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i)]);
  const y = g.node('Conv', [toFirst(g, x), weights], [x.shape[0]!, o, ...outputs], { attributes: window });
  return toLast(g, y);
}

/** A filter of one tap, moved by one, is a matrix. */
export function isProduct(filter: Sym, { strides, pads }: Attributes): boolean {
  const isOne = filter.shape.slice(0, -2).every((side) => side === 1);
  return isOne && (strides as number[]).every((n) => n === 1) && (pads as number[]).every((n) => n === 0);
}

/**
 * Convolution of a value with channels last or in blocks by a filter [kh, kw, c, o]: in blocks, its channels
 * filled up by zeros. A bias has o elements.
 */
export function convolveInBlocks(
  g: Builder,
  x: Sym,
  filter: Sym,
  window: Attributes,
  outputs: readonly number[],
  bias?: Sym,
): Sym {
  const block = g.blockSize;
  const [, , c, o] = filter.shape as [number, number, number, number];
  if (c > 1 && c < block && (window.dilations as number[])[1] === 1) {
    return convolveInBlocks(g, ...asOneChannel(g, x, filter, window), outputs, bias);
  }
  const [inputs, channels] = [c < block ? c : roundUp(c, block), roundUp(o, block)];
  const weights = g.pad(filter, [
    [0, 0],
    [0, 0],
    [0, inputs - c],
    [0, channels - o],
  ]);
  const offsets = bias && g.pad(bias, [[0, channels - o]]);
  const y = g.node(
    'Conv',
    [x.blocked ? x : blockInput(g, x, inputs), blockFilter(g, weights), ...(offsets ? [offsets] : [])],
    [x.shape[0]!, channels, ...outputs],
    { attributes: window, domain },
  );
  return asBlocked(y);
}

/** Channels side by side as columns, which saves to bring them first. */
function asOneChannel(g: Builder, x: Sym, filter: Sym, window: Attributes): [Sym, Sym, Attributes] {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const [kh, kw, , o] = filter.shape as [number, number, number, number];
  const wide = (list: Attributes[string], columns: readonly number[]) =>
    (list as number[]).map((length, i) => (columns.includes(i) ? length * c : length));
  const { kernel_shape, strides, pads } = window;
  return [
    g.reshape(x, [n, h, w * c, 1]),
    g.reshape(filter, [kh, kw * c, 1, o]),
    {
      ...window,
      kernel_shape: wide(kernel_shape!, [1]),
      strides: wide(strides!, [1]),
      pads: wide(pads!, [1, 3]),
    },
  ];
}

function blockInput(g: Builder, x: Sym, inputs: number): Sym {
  const c = x.shape.at(-1)!;
  if (inputs < g.blockSize) return toFirst(g, x);
  const paddings: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, inputs - c],
  ];
  return toBlocks(g, g.pad(x, paddings));
}

/** Elements of dy up to which it serves as a filter: it is read again for each input channel, so from the cache. */
const mostFilter = 2 ** 20;

/** Whether the gradient by the filter is to be a convolution in blocks; that by one tap is a product of matrices. */
export function blocksServe(g: Builder, dy: Sym, { axes, channelsFirst }: Geometry): boolean {
  if (g.blockSize === 0 || axes.length !== 2 || channelsFirst) return false;
  return sizeOf(axes.map(({ filter }) => filter)) > 1 && sizeOf(dy.shape) <= mostFilter;
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
  const input = swapInput(g, x, geometry, images);
  const filter = swapFilter(g, dy, geometry, images, channels);
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

/**
 * x as c images with n channels, in blocks. It is padded here, since ONNX Runtime computes an output that meets
 * padding by itself, and each of the few outputs would.
 */
function swapInput(g: Builder, x: Sym, { axes, batch, inChannels: c }: Geometry, images: number): Sym {
  // Inputs after the last that any tap meets would make further outputs.
  const [h, w] = axes.map((axis) =>
    Math.min(axis.input, (axis.output - 1) * axis.stride + reach(axis) - axis.before),
  ) as [number, number];
  const pads = axes.map((axis): [number, number] => [axis.before, after(axis)]);
  if (x.blocked) return swapBlocks(g, cropBlocks(g, x, [0, 0], [h, w]), pads);
  const used = g.slice(x, [0, 0, 0, 0], [batch, h, w, c]);
  const padded = g.pad(used, [[0, images - batch], ...pads, [0, 0]]);
  const [, rows, columns] = padded.shape as [number, number, number, number];
  const inner = images < g.blockSize ? 1 : g.blockSize;
  // Two plain transpositions, which are the fast ones.
  const outside = g.transpose(g.reshape(padded, [images * rows * columns, c]), [1, 0]);
  const parts = g.reshape(outside, [(c * images) / inner, inner, rows * columns]);
  return g.reshape(g.transpose(parts, [0, 2, 1]), [c, images, rows, columns]);
}

/** dy as a filter of n input channels, in blocks. */
function swapFilter(g: Builder, dy: Sym, geometry: Geometry, images: number, channels: number): Sym {
  const [h, w] = geometry.axes.map(({ output }) => output) as [number, number];
  const { batch, outChannels: o } = geometry;
  const inner = images < g.blockSize ? 1 : g.blockSize;
  const blocks = channels / g.blockSize;
  if (dy.blocked) {
    const used = cropBlocks(g, dy, [0, 0], [h, w]);
    // ReorderInput, which works on all threads, takes the images of a block for places.
    const apart = inner === 1 ? used : toBlocks(g, g.reshape(used, [images / inner, inner, 1, h * w * o]));
    const parts = g.reshape(apart, [images / inner, blocks, h * w * inner * g.blockSize]);
    return g.reshape(g.transpose(parts, [1, 0, 2]), [channels, images, h, w]);
  }
  const used = g.slice(dy, [0, 0, 0, 0], [batch, h, w, o]);
  const padded = g.pad(used, [
    [0, images - batch],
    [0, 0],
    [0, 0],
    [0, channels - o],
  ]);
  const parts = g.reshape(padded, [images / inner, inner, h, w, blocks, g.blockSize]);
  return g.reshape(g.transpose(parts, [4, 0, 2, 3, 1, 5]), [channels, images, h, w]);
}
