import { type Builder, type Sym, sizeOf } from '../builder.js';

/**
 * ONNX Runtime's direct convolution works on channels in blocks: a value [n, c, h, w] lies in memory as
 * [n, c/B, h, w, B], a filter as [o/B, c/B, kh, kw, B of c, B of o]; with fewer channels than a block the
 * input is not blocked. ONNX Runtime itself uses it only where the weights are constant, which they are not
 * in training; so the engine writes its operators, which are of the domain below.
 *
 * Between convolutions values stay in blocks: those symbols say so, and have shapes [n, c, h, w] where c is a
 * whole number of blocks.
 */
export const domain = 'com.microsoft.nchwc';

type Shape4 = readonly [n: number, c: number, h: number, w: number];

export const roundUp = (n: number, block: number): number => Math.ceil(n / block) * block;

/** Whether so many channels fill blocks, so that a value can stay in them. */
export const fillsBlocks = (g: Builder, channels: number): boolean =>
  g.blockSize > 0 && channels % g.blockSize === 0;

/** Marks a value [n, c, h, w] as one in blocks. */
export const asBlocked = (x: Sym): Sym => Object.assign(x, { blocked: true });

/** The shape of a value with its channels last. */
export function shapeWithChannelsLast({ shape, blocked }: Sym): readonly number[] {
  if (!blocked) return shape;
  const [n, c, h, w] = shape as Shape4;
  return [n, h, w, c];
}

/** [n, h, w, c] from blocks, the channels after the first `channels` left out. */
export function fromBlocks(g: Builder, x: Sym, channels = x.shape[1]!): Sym {
  const [n, , h, w] = x.shape as Shape4;
  const attributes = { channels, channels_last: 1 };
  return g.node('ReorderOutput', [x], [n, h, w, channels], { attributes, domain });
}

/** [n, h, w, c] in blocks; c must fill them. */
export function toBlocks(g: Builder, x: Sym): Sym {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return g.node('ReorderInput', [x], [n, c, h, w], { attributes: { channels_last: 1 }, domain });
}

/** The axes as they lie in memory: [n, c/B, h, w, B]. */
export function memoryAxes(g: Builder, x: Sym): Sym {
  const [n, c, h, w] = x.shape as Shape4;
  return g.reshape(x, [n, c / g.blockSize, h, w, g.blockSize]);
}

/** Rows and columns from `begin` on, as many as `sides` says, of a value in blocks. */
export function cropBlocks(
  g: Builder,
  x: Sym,
  begin: readonly [number, number],
  sides: readonly [number, number],
): Sym {
  const [n, c, h, w] = x.shape as Shape4;
  if (begin[0] === 0 && begin[1] === 0 && sides[0] === h && sides[1] === w) return x;
  const blocks = c / g.blockSize;
  const cut = g.slice(memoryAxes(g, x), [0, 0, ...begin, 0], [n, blocks, ...sides, g.blockSize]);
  return g.reshape(cut, [n, c, ...sides]);
}

/** A vector of channels at every place, as it meets values [n, c, h, w] in blocks. */
export function perChannel(g: Builder, vector: Sym, x: Sym): Sym {
  const [, c, h, w] = x.shape as Shape4;
  const apart = g.reshape(vector, [c / g.blockSize, 1, g.blockSize]);
  return g.reshape(g.expand(apart, [c / g.blockSize, h * w, g.blockSize]), [c, h, w]);
}

/** x·factor + offset + sum of a value in blocks, vectors of channels and another value: a convolution of one tap. */
export function scaleChannels(
  g: Builder,
  x: Sym,
  { factor, offset, sum }: { factor: Sym; offset?: Sym; sum?: Sym },
): Sym {
  const c = x.shape[1]!;
  const filter = g.reshape(factor, [c, 1, 1, 1]);
  const window = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
  const inputs = [x, filter, offset, sum];
  while (!inputs.at(-1)) inputs.pop();
  return asBlocked(g.node('Conv', inputs, x.shape, { attributes: { ...window, group: c }, domain }));
}

/** Sums of the channels [c] over all else. */
export function sumChannels(g: Builder, x: Sym): Sym {
  const [n, c, h, w] = x.shape as Shape4;
  const pictures = g.reduce('ReduceSum', g.reshape(x, [n, c * h * w]), [0]);
  const apart = g.reshape(pictures, [c / g.blockSize, h * w, g.blockSize]);
  return g.reshape(g.reduce('ReduceSum', apart, [1]), [c]);
}

/** Images with s·t groups of channels in blocks as images of s x t times the places: group (i, j) is place (i, j). */
export function interleaveBlocks(g: Builder, x: Sym, s: number, t: number): Sym {
  if (s === 1 && t === 1) return x;
  const [n, depth, h, w] = x.shape as Shape4;
  const c = depth / (s * t);
  const parts = g.reshape(x, [n, s, t, c / g.blockSize, h, w, g.blockSize]);
  return g.reshape(g.transpose(parts, [0, 3, 4, 1, 5, 2, 6]), [n, c, h * s, w * t]);
}

/** A value [kh, kw, c, o] in the memory order of a blocked filter. */
export function blockFilter(g: Builder, x: Sym): Sym {
  const block = g.blockSize;
  const [kh, kw, c, o] = x.shape as [number, number, number, number];
  const inner = c < block ? 1 : block;
  const parts = g.reshape(x, [kh, kw, c / inner, inner, o / block, block]);
  return g.reshape(g.transpose(parts, [4, 2, 0, 1, 3, 5]), [o, c, kh, kw]);
}

/**
 * A value in blocks with batch and channels swapped, padded by zeros: c images of n channels, in blocks of n where
 * those fill blocks.
 */
export function swapBlocks(g: Builder, x: Sym, pads: readonly (readonly [number, number])[]): Sym {
  const [n, c, h, w] = x.shape as Shape4;
  const attributes = { channels: c, channels_last: 0 };
  const planes = g.node('ReorderOutput', [x], [n, c, h, w], { attributes, domain });
  const swapped = g.reshape(g.transpose(g.reshape(planes, [n, c, h * w]), [1, 0, 2]), [c, n, h, w]);
  if (n < g.blockSize) return g.pad(swapped, [[0, 0], [0, 0], ...pads]);
  const options = { attributes: { channels_last: 0 }, domain };
  const parts = g.reshape(g.node('ReorderInput', [swapped], [c, n, h, w], options), [
    sizeOf([c, n]) / g.blockSize,
    h,
    w,
    g.blockSize,
  ]);
  const padded = g.pad(parts, [[0, 0], ...pads, [0, 0]]);
  const [, rows, columns] = padded.shape as Shape4;
  return g.reshape(padded, [c, n, rows, columns]);
}
