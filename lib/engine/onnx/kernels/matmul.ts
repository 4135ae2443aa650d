import type { Builder, Sym } from '../builder.js';
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
export function finish(g: Builder, y: Sym, { bias, preluActivationWeights }: Inputs, attrs: FusedAttrs): Sym {
  const x = bias ? g.add(y, bias) : y;
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
      return g.node('PRelu', [x, preluActivationWeights], x.shape);
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
    const compact = equation.replace(/\s/g, '');
    const [left, right] = compact.split('->') as [string, string];
    const lengths = new Map<string, number>();
    for (const [i, term] of left.split(',').entries())
      for (const [axis, letter] of [...term].entries()) lengths.set(letter, list[i]!.shape[axis]!);
    const shape = [...right].map((letter) => lengths.get(letter)!);
    return g.node('Einsum', list, shape, { attributes: { equation: compact } });
  },
};
