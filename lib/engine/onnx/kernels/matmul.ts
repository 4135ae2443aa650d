import * as tf from '@tensorflow/tfjs-core';
import type { Builder, Sym } from '../builder.js';
import { prelu } from './elementwise.js';
import type { Inputs, Lowerings } from './lowering.js';

interface ProductAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

export interface FusedAttrs {
  activation?: string;
  leakyreluAlpha?: number;
}

/** What follows a fused product or convolution: bias, then activation. */
export function finish(
  g: Builder,
  y: Sym,
  { bias, preluActivationWeights }: Inputs,
  attrs: FusedAttrs,
  channelsFirst = false,
): Sym {
  const perChannel = (v: Sym) =>
    channelsFirst && v.shape.length === 1 ? g.reshape(v, [v.shape[0]!, 1, 1]) : v;
  const x = bias ? g.add(y, perChannel(bias)) : y;
  switch (attrs.activation ?? 'linear') {
    case 'linear':
      return x;
    case 'relu':
      return g.unary('Relu', x);
    case 'relu6':
      return g.node('Clip', [x, g.scalar(0), g.scalar(6)], x.shape);
    case 'elu':
      return g.unary('Elu', x);
    case 'sigmoid':
      return g.unary('Sigmoid', x);
    case 'leakyrelu':
      return g.unary('LeakyRelu', x, { alpha: { float: attrs.leakyreluAlpha ?? 0.2 } });
    case 'prelu':
      return prelu(g, x, perChannel(preluActivationWeights!));
    default:
      throw new Error(`unknown activation ${attrs.activation}`);
  }
}

const product = (g: Builder, { a, b }: Inputs, { transposeA, transposeB }: ProductAttrs): Sym =>
  g.matmul(a, b, transposeA, transposeB);

export const products: Lowerings = {
  BatchMatMul: product,
  _FusedMatMul: (g, inputs, attrs: ProductAttrs & FusedAttrs) =>
    finish(g, product(g, inputs, attrs), inputs, attrs),
  Einsum: (g, { list }, { equation }: { equation: string }) => {
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, list.length);
    const tensors = list.map((x) => ({ shape: [...x.shape] }) as tf.Tensor);
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors);
    const compact = equation.replace(/\s/g, '');
    const shape = allDims.flatMap((_, dim) => {
      const holder = idDims.findIndex((dims) => dims.includes(dim));
      return summedDims.includes(dim) ? [] : [list[holder]!.shape[idDims[holder]!.indexOf(dim)]!];
    });
    return g.node('Einsum', list, shape, { attributes: { equation: compact } });
  },
};
