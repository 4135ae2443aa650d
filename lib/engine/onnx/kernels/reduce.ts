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

const place =
  (op: string): Lowering =>
  (g, { x }, { axis }: { axis: number | number[] }) => {
    const along = axesOf(x, axis)[0]!;
    const shape = x.shape.filter((_, i) => i !== along);
    const attributes = { axis: along, keepdims: 0 };
    return g.cast(g.node(op, [counting(g, x)], shape, { attributes, type: 'int64' }), 'int32');
  };

const lastAxis =
  (op: string): Lowering =>
  (g, inputs) => {
    const x = g.cast(inputs.logits, 'float32');
    return g.node(op, [x], x.shape, { attributes: { axis: -1 } });
  };

export const reductions: Lowerings = {
  Sum: reduction('ReduceSum'),
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Mean: (g, { x }, { axis, keepDims }: ReduceAttrs) =>
    g.reduce('ReduceMean', g.cast(x, 'float32'), axesOf(x, axis), keepDims),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: place('ArgMax'),
  ArgMin: place('ArgMin'),
  Softmax: lastAxis('Softmax'),
  LogSoftmax: lastAxis('LogSoftmax'),
  Cumsum: (g, { x }, attrs: { axis: number; exclusive: boolean; reverse: boolean }) => {
    const attributes = { exclusive: attrs.exclusive ? 1 : 0, reverse: attrs.reverse ? 1 : 0 };
    const summed = counting(g, x);
    return g.node('CumSum', [summed, g.scalar(attrs.axis, 'int64')], x.shape, { attributes });
  },
  TopK: (g, { x }, { k, sorted }: { k: number; sorted: boolean }) => {
    const shape = [...x.shape.slice(0, -1), k];
    const values = { type: x.type, shape };
    const indices = { type: 'int64' as const, shape };
    const attributes = { axis: -1, largest: 1, sorted: sorted ? 1 : 0 };
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
