import * as tf from '@tensorflow/tfjs-core';
import type { Builder, Sym } from '../builder.js';
import type { Lowering, Lowerings } from './lowering.js';

interface ReduceAttrs {
  axis?: number | number[];
  /** What Max calls its axes. */
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

const axesOf = (x: Sym, axis?: number | number[]): number[] =>
  tf.util.parseAxisParam(axis ?? [...x.shape.keys()], [...x.shape]);

const counting = (g: Builder, x: Sym): Sym => (x.type === 'bool' ? g.cast(x, 'int32') : x);

const reduction =
  (op: string): Lowering =>
  (g, { x }, { axis, reductionIndices, keepDims }: ReduceAttrs) =>
    g.reduce(op, counting(g, x), axesOf(x, axis ?? reductionIndices), keepDims);

/** Any and All as the largest and smallest of zeros and ones. */
const logical =
  (op: string): Lowering =>
  (g, { x }, { axis, keepDims }: ReduceAttrs) =>
    g.cast(g.reduce(op, g.cast(g.cast(x, 'bool'), 'int32'), axesOf(x, axis), keepDims), 'bool');

/** ONNX Runtime passes over NaN; tfjs hands it on. */
const extreme =
  (op: string): Lowering =>
  (g, inputs, attrs: ReduceAttrs) => {
    const { x } = inputs;
    const [along, ...others] = axesOf(x, attrs.axis ?? attrs.reductionIndices);
    if (x.type === 'float32' && along !== undefined && others.length === 0 && x.shape[along]! <= fewParts) {
      return extremeOfParts(g, op === 'ReduceMax' ? 'Max' : 'Min', x, along, attrs.keepDims);
    }
    const found = reduction(op)(g, inputs, attrs as never) as Sym;
    if (x.type !== 'float32') return found;
    const broken = g.where(notANumber(g, x), x, g.scalar(0));
    const axes = axesOf(x, attrs.axis ?? attrs.reductionIndices);
    return g.add(found, g.reduce('ReduceSum', broken, axes, attrs.keepDims));
  };

/** Positions along an axis up to which they are compared as tensors, by operators that hand NaN on. */
const fewParts = 16;

function extremeOfParts(g: Builder, op: string, x: Sym, along: number, keep = false): Sym {
  const parts = g.split(x, Array(x.shape[along]!).fill(1), along);
  const found = parts.length === 1 ? parts[0]! : g.node(op, parts, parts[0]!.shape);
  return keep ? found : g.reshape(found, [...x.shape.slice(0, along), ...x.shape.slice(along + 1)]);
}

const notANumber = (g: Builder, x: Sym): Sym => g.node('IsNaN', [x], x.shape, { type: 'bool' });

/** NaN is nowhere the largest or smallest: it counts as the worst value. */
const place =
  (op: string, worst: number): Lowering =>
  (g, { x }, { axis }: { axis: number | number[] }) => {
    const along = axesOf(x, axis)[0]!;
    const counted = x.type === 'float32' ? g.where(notANumber(g, x), g.scalar(worst), x) : counting(g, x);
    const shape = x.shape.filter((_, i) => i !== along);
    const attributes = { axis: along, keepdims: 0 };
    return g.cast(g.node(op, [counted], shape, { attributes, type: 'int64' }), 'int32');
  };

export const reductions: Lowerings = {
  Sum: reduction('ReduceSum'),
  Prod: reduction('ReduceProd'),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Mean: (g, { x }, { axis, keepDims }: ReduceAttrs) =>
    g.reduce('ReduceMean', g.cast(x, 'float32'), axesOf(x, axis), keepDims),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: place('ArgMax', Number.NEGATIVE_INFINITY),
  ArgMin: place('ArgMin', Number.POSITIVE_INFINITY),
  Softmax: (g, { logits }) => {
    const x = g.cast(logits, 'float32');
    return g.node('Softmax', [x], x.shape, { attributes: { axis: -1 } });
  },
  Cumsum: (g, { x }, attrs: { axis: number; exclusive: boolean; reverse: boolean }) => {
    const attributes = { exclusive: attrs.exclusive ? 1 : 0, reverse: attrs.reverse ? 1 : 0 };
    const summed = counting(g, x);
    return g.node('CumSum', [summed, g.scalar(attrs.axis, 'int64')], x.shape, { attributes });
  },
  TopK: (g, { x }, { k }: { k: number }) => {
    const shape = [...x.shape.slice(0, -1), k];
    const values = { type: x.type, shape };
    const indices = { type: 'int64' as const, shape };
    const attributes = { axis: -1, largest: 1, sorted: 1 };
    g.nodes.push({
      op: 'TopK',
      domain: '',
      inputs: [x, g.list([k])],
      outputs: [values, indices],
      attributes,
    });
    return [values, g.cast(indices, 'int32')];
  },
};
