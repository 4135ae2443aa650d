import * as tf from '@tensorflow/tfjs-core';
import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Inputs, Lowering, Lowerings } from './lowering.js';

const gather: Lowering = (g, { x, indices }, attrs: { axis: number; batchDims: number }) => {
  const rank = x.shape.length;
  const axis = attrs.axis < 0 ? attrs.axis + rank : attrs.axis;
  const batchDims = attrs.batchDims < 0 ? attrs.batchDims + indices.shape.length : (attrs.batchDims ?? 0);
  tf.backend_util.segment_util.collectGatherOpShapeInfo(
    { shape: [...x.shape], rank } as tf.Tensor,
    { shape: [...indices.shape], rank: indices.shape.length } as tf.Tensor,
    axis,
    batchDims,
  );
  if (batchDims === 0) return g.gather(x, indices, axis);
  // One gather along all batches: a batch's rows begin at its number times the length of the axis.
  const lead = x.shape.slice(0, batchDims);
  const [batch, length] = [sizeOf(lead), x.shape[axis]!];
  const [outer, inner] = [x.shape.slice(batchDims, axis), x.shape.slice(axis + 1)];
  const chosen = indices.shape.slice(batchDims);
  const parts = g.reshape(x, [batch, sizeOf(outer), length, sizeOf(inner)]);
  const rows = g.reshape(g.transpose(parts, [0, 2, 1, 3]), [batch * length, sizeOf(outer) * sizeOf(inner)]);
  const starts = g.constant(
    Array.from({ length: batch }, (_, i) => i * length),
    [batch, 1],
    'int32',
  );
  const at = g.add(g.reshape(g.cast(indices, 'int32'), [batch, sizeOf(chosen)]), starts);
  const found = g.reshape(g.gather(rows, at, 0), [batch, sizeOf(chosen), sizeOf(outer), sizeOf(inner)]);
  return g.reshape(g.transpose(found, [0, 2, 1, 3]), [...lead, ...outer, ...chosen, ...inner]);
};

const gatherNd: Lowering = (g, { params, indices }) => {
  const [p, i] = [params, indices].map(
    ({ shape }) => ({ shape: [...shape], rank: shape.length, dtype: 'int32' }) as tf.Tensor,
  );
  tf.gather_util.prepareAndValidate(p!, i!);
  const depth = indices.shape.at(-1)!;
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  return g.node('GatherND', [params, g.cast(indices, 'int64')], shape);
};

function scatter(g: Builder, target: Sym, indices: Sym, updates: Sym, reduction: 'add' | 'none'): Sym {
  const inputs = [target, g.cast(indices, 'int64'), g.cast(updates, target.type)];
  return g.node('ScatterND', inputs, target.shape, { attributes: { reduction } });
}

/** Indices [..., depth]; a list of numbers is as many indices of one axis. */
function scatterNd(
  g: Builder,
  { indices, updates }: Pick<Inputs, 'indices' | 'updates'>,
  target: Sym,
  reduction: 'add' | 'none',
): Sym {
  const shape = [...target.shape];
  const { sliceRank, numUpdates, sliceSize } = tf.backend_util.calculateShapes(
    { shape: [...updates.shape] } as tf.Tensor,
    { shape: [...indices.shape] } as tf.Tensor,
    shape,
  );
  const lead = shape.slice(0, sliceRank);
  const flat = g.reshape(target, [...lead, sliceSize]);
  const at = g.reshape(indices, [numUpdates, sliceRank]);
  return g.reshape(scatter(g, flat, at, g.reshape(updates, [numUpdates, sliceSize]), reduction), shape);
}

/** Rows added up by their segment; a negative segment is nobody's, so it goes into a row that is cut off. */
const segmentSum: Lowering = (g, { x, segmentIds }, { numSegments }: { numSegments: number }) => {
  const count = sizeOf(segmentIds.shape);
  const inner = x.shape.slice(segmentIds.shape.length);
  const zero = g.scalar(0, 'int32');
  const ids = g.cast(segmentIds, 'int32');
  const outside = g.compare(
    'Or',
    g.compare('Less', ids, zero),
    g.compare('GreaterOrEqual', ids, g.scalar(numSegments, 'int32')),
  );
  const kept = g.where(outside, g.scalar(numSegments, 'int32'), ids);
  const zeros = g.expand(g.scalar(0, x.type), [numSegments + 1, sizeOf(inner)]);
  const sums = scatter(g, zeros, g.reshape(kept, [count, 1]), g.reshape(x, [count, sizeOf(inner)]), 'add');
  return g.reshape(g.slice(sums, [0, 0], [numSegments, sizeOf(inner)]), [numSegments, ...inner]);
};

const oneHot: Lowering = (
  g,
  { indices },
  attrs: { depth: number; onValue: number; offValue: number; dtype?: 'float32' | 'int32' | 'bool' },
) => {
  const type = attrs.dtype ?? 'float32';
  const classes = g.constant([...Array(attrs.depth).keys()], [attrs.depth], 'int32');
  const apart = g.reshape(g.cast(indices, 'int32'), [...indices.shape, 1]);
  const hit = g.compare('Equal', apart, classes);
  return g.cast(g.where(hit, g.scalar(attrs.onValue), g.scalar(attrs.offValue)), type);
};

/** Where the rows or columns of a resized image come from: the nearest two of the old ones, and how far between. */
interface Sampling {
  low: number[];
  high: number[];
  weight: number[];
}

interface ResizeAttrs {
  size: [number, number];
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

function positions(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Omit<ResizeAttrs, 'size'>,
): number[] {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return Array.from({ length: to }, (_, i) => (halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i));
}

function bilinear(from: number, to: number, attrs: Omit<ResizeAttrs, 'size'>): Sampling {
  const at = positions(from, to, attrs);
  const low = at.map((p) => Math.max(0, Math.floor(p)));
  return {
    low,
    high: at.map((p) => Math.min(from - 1, Math.ceil(p))),
    weight: at.map((p, i) => p - low[i]!),
  };
}

function nearest(from: number, to: number, attrs: Omit<ResizeAttrs, 'size'>): number[] {
  const scale = attrs.alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const round = attrs.alignCorners ? Math.round : Math.floor;
  const shift = attrs.halfPixelCenters ? 0.5 : 0;
  return Array.from({ length: to }, (_, i) => Math.max(0, Math.min(from - 1, round(scale * (i + shift)))));
}

function interpolate(g: Builder, x: Sym, axis: number, { low, high, weight }: Sampling): Sym {
  const [below, above] = [g.gather(x, g.list(low), axis), g.gather(x, g.list(high), axis)];
  const shape = x.shape.map((_, i) => (i === axis ? weight.length : 1));
  return g.add(below, g.mul(g.sub(above, below), g.constant(weight, shape, 'float32')));
}

/** The gradient of a resizing, which is linear on each axis: products with the transposed matrices of both. */
function resizeGradient(matrixOf: (from: number, to: number, attrs: ResizeAttrs) => Float32Array): Lowering {
  return (g, { dy, images }, attrs: ResizeAttrs) => {
    const [n, h, w, c] = images.shape as [number, number, number, number];
    const [, oh, ow] = dy.shape as [number, number, number, number];
    const rows = g.constant(matrixOf(h, oh, attrs), [oh, h], 'float32');
    const columns = g.constant(matrixOf(w, ow, attrs), [ow, w], 'float32');
    const tall = g.reshape(g.matmul(rows, g.reshape(dy, [n, oh, ow * c]), true), [n * h, ow, c]);
    return g.reshape(g.matmul(columns, tall, true), [n, h, w, c]);
  };
}

function bilinearMatrix(from: number, to: number, attrs: ResizeAttrs): Float32Array {
  const matrix = new Float32Array(from * to);
  const { low, high, weight } = bilinear(from, to, attrs);
  for (let i = 0; i < to; i++) {
    matrix[i * from + low[i]!]! += 1 - weight[i]!;
    matrix[i * from + high[i]!]! += weight[i]!;
  }
  return matrix;
}

function nearestMatrix(from: number, to: number, attrs: ResizeAttrs): Float32Array {
  const matrix = new Float32Array(from * to);
  for (const [i, at] of nearest(from, to, attrs).entries()) matrix[i * from + at] = 1;
  return matrix;
}

export const gathers: Lowerings = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: (g, inputs, { shape }: { shape: number[] }) =>
    scatterNd(g, inputs, g.expand(g.scalar(0, inputs.updates.type), shape), 'add'),
  TensorScatterUpdate: (g, inputs) => scatterNd(g, inputs, inputs.tensor, 'none'),
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
  ResizeBilinear: (g, { images }, attrs: ResizeAttrs) => {
    const x = g.cast(images, 'float32');
    const [, h, w] = x.shape as [number, number, number, number];
    const rows = interpolate(g, x, 1, bilinear(h, attrs.size[0], attrs));
    return interpolate(g, rows, 2, bilinear(w, attrs.size[1], attrs));
  },
  ResizeNearestNeighbor: (g, { images }, attrs: ResizeAttrs) => {
    const [, h, w] = images.shape as [number, number, number, number];
    const rows = g.gather(images, g.list(nearest(h, attrs.size[0], attrs)), 1);
    return g.gather(rows, g.list(nearest(w, attrs.size[1], attrs)), 2);
  },
  ResizeBilinearGrad: resizeGradient(bilinearMatrix),
  ResizeNearestNeighborGrad: resizeGradient(nearestMatrix),
};
