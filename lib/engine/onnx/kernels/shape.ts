import * as tf from '@tensorflow/tfjs-core';
import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Lowering, Lowerings } from './lowering.js';

type Paddings = [number, number][];

interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const stridedSlice: Lowering = (g, { x }, a: StridedSliceAttrs) => {
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides).map((n) => n + 0);
  return g.reshape(g.slice(x, info.begin, sizes, info.strides), info.finalShape);
};

/** Padding with the mirrored inside: the plain indices of each padded axis, gathered. */
const mirrorPad: Lowering = (g, { x }, attrs: { paddings: Paddings; mode: 'reflect' | 'symmetric' }) => {
  const shift = attrs.mode === 'reflect' ? 0 : 1;
  return attrs.paddings.reduce((y, [before, after], axis) => {
    if (before === 0 && after === 0) return y;
    const n = x.shape[axis]!;
    const indices = Array.from({ length: before + n + after }, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - shift;
      return at < n ? at : 2 * (n - 1) - at + shift;
    });
    return g.gather(y, g.list(indices), axis);
  }, x);
};

/** Blocks of the batch to space and back (tf.batchToSpaceND, tf.spaceToBatchND). */
const batchToSpace: Lowering = (g, { x }, attrs: { blockShape: number[]; crops: number[][] }) => {
  const { blockShape, crops } = attrs;
  const [shape, product] = [[...x.shape], sizeOf(blockShape)];
  const reshaped = tf.backend_util.getReshaped(shape, blockShape, product);
  const permuted = tf.backend_util.getPermuted(reshaped.length, blockShape.length);
  const whole = tf.backend_util.getReshapedPermuted(shape, blockShape, product);
  const begin = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
  const size = tf.backend_util.getSliceSize(whole, crops, blockShape.length);
  const moved = g.reshape(g.transpose(g.reshape(x, reshaped), permuted), whole);
  return g.slice(
    moved,
    whole.map((_, axis) => begin[axis] ?? 0),
    whole.map((length, axis) => size[axis] ?? length),
  );
};

const spaceToBatch: Lowering = (g, { x }, attrs: { blockShape: number[]; paddings: Paddings }) => {
  const { blockShape, paddings } = attrs;
  const product = sizeOf(blockShape);
  const all: Paddings = [[0, 0], ...paddings];
  while (all.length < x.shape.length) all.push([0, 0]);
  const padded = g.pad(x, all);
  const shape = [...padded.shape];
  const reshaped = tf.backend_util.getReshaped(shape, blockShape, product, false);
  const permuted = tf.backend_util.getPermuted(reshaped.length, blockShape.length, false);
  const final = tf.backend_util.getReshapedPermuted(shape, blockShape, product, false);
  return g.reshape(g.transpose(g.reshape(padded, reshaped), permuted), final);
};

/** Channels to blocks of s x t pixels: [n, h, w, s·t·c] to [n, h·s, w·t, c]. */
export function interleave(g: Builder, x: Sym, s: number, t: number): Sym {
  if (s === 1 && t === 1) return x;
  const [n, h, w, depth] = x.shape as [number, number, number, number];
  const shape = [n, h * s, w * t, depth / (s * t)];
  if (depth / s <= shortRun && !g.portable) {
    const parts = g.split(g.reshape(x, [n * h * w, depth]), Array<number>(s).fill(depth / s), 1);
    const rows = parts.map((part) => g.reshape(part, [n * h, 1, (w * depth) / s]));
    return g.reshape(g.concat(rows, 1), shape);
  }
  const rows = g.reshape(x, [n * h, w, s, depth / s]);
  return g.reshape(g.transpose(rows, [0, 2, 1, 3]), shape);
}

/** Elements up to which runs of them move faster by Split and Concat than by Transpose. */
const shortRun = 16;

export const shapes: Lowerings = {
  Identity: (_, { x }) => x,
  Transpose: (g, { x }, { perm }: { perm: number[] }) => g.transpose(x, perm),
  Slice: (g, { x }, { begin, size }: { begin: number | number[]; size: number | number[] }) => {
    const [from, sizes] = tf.slice_util.parseSliceParams({ shape: [...x.shape] } as tf.Tensor, begin, size);
    tf.slice_util.assertParamsValid(
      { shape: [...x.shape], rank: x.shape.length } as tf.Tensor,
      from as number[],
      sizes as number[],
    );
    return g.slice(x, from as number[], sizes as number[]);
  },
  StridedSlice: stridedSlice,
  Concat: (g, { list }, { axis }: { axis: number }) => {
    const at = axisOf(axis, list[0]!.shape.length);
    tf.backend_util.assertParamsConsistent(
      list.map(({ shape }) => [...shape]),
      at,
    );
    const present = list.filter(({ shape }) => sizeOf(shape) > 0);
    return g.concat(present, at);
  },
  Pack: (g, { list }, { axis }: { axis: number }) => {
    const at = axisOf(axis, list[0]!.shape.length + 1);
    for (const { shape, type } of list) {
      tf.util.assertShapesMatch([...list[0]!.shape], [...shape], 'stack: ');
      tf.util.assert(type === list[0]!.type, () => `stack of ${list[0]!.type} and ${type}`);
    }
    const parts = list.map((x) => g.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]));
    return g.concat(parts, at);
  },
  Unpack: (g, { value: x }, { axis }: { axis: number }) => {
    const at = axisOf(axis, x.shape.length);
    const parts = g.split(x, Array(x.shape[at]!).fill(1), at);
    return parts.map((part) =>
      g.reshape(
        part,
        x.shape.filter((_, i) => i !== at),
      ),
    );
  },
  SplitV: (g, { x }, attrs: { numOrSizeSplits: number | number[]; axis: number }) => {
    const at = axisOf(attrs.axis, x.shape.length);
    const sizes = tf.backend_util.prepareSplitSize(
      { shape: [...x.shape] } as tf.Tensor,
      attrs.numOrSizeSplits,
      at,
    );
    return g.split(x, sizes as number[], at);
  },
  PadV2: (g, { x }, { paddings, constantValue }: { paddings: Paddings; constantValue: number }) =>
    g.pad(x, paddings, constantValue),
  MirrorPad: mirrorPad,
  Tile: (g, { x }, { reps }: { reps: number[] }) => {
    const shape = x.shape.map((length, i) => length * reps[i]!);
    return g.node('Tile', [x, g.list(reps)], shape);
  },
  Reverse: (g, { x }, { dims }: { dims: number[] }) => {
    const axes = tf.util.parseAxisParam(dims, [...x.shape]);
    const steps = x.shape.map((_, i) => (axes.includes(i) ? -1 : 1));
    return g.slice(
      x,
      x.shape.map((length, i) => (steps[i] === 1 ? 0 : length - 1)),
      x.shape,
      steps,
    );
  },
  FlipLeftRight: (g, { image: x }) => {
    const [n, h, w, c] = x.shape as [number, number, number, number];
    return g.slice(x, [0, 0, w - 1, 0], [n, h, w, c], [1, 1, -1, 1]);
  },
  ZerosLike: (g, { x }) => g.expand(g.scalar(0, x.type), x.shape),
  OnesLike: (g, { x }) => g.expand(g.scalar(1, x.type), x.shape),
  BatchToSpaceND: batchToSpace,
  SpaceToBatchND: spaceToBatch,
  DepthToSpace: (g, { x }, { blockSize }: { blockSize: number }) => interleave(g, x, blockSize, blockSize),
};
