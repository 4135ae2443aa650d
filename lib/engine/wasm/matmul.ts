import type * as tf from '@tensorflow/tfjs-core';
import { type DataOwner, Scratch } from './scratch.js';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * Wraps a stock matrix-product kernel (BatchMatMul or _FusedMatMul): the stock code leaves its fast path
 * when an operand is to be transposed (about 12 times slower), so the operand is transposed first.
 */
export function transposeFirst(stock: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const { transposeA, transposeB } = attrs as unknown as MatMulAttrs;
    if (!transposeA && !transposeB) return stock({ inputs, backend, attrs });
    const scratch = new Scratch(backend as DataOwner);
    const a = transposeA ? swapLastTwo(scratch, inputs.a!) : inputs.a!;
    const b = transposeB ? swapLastTwo(scratch, inputs.b!) : inputs.b!;
    const plain = { ...attrs, transposeA: false, transposeB: false };
    return scratch.finish(stock({ inputs: { ...inputs, a, b }, backend, attrs: plain }) as tf.TensorInfo);
  };
}

function swapLastTwo(scratch: Scratch, x: tf.TensorInfo): tf.TensorInfo {
  const perm = x.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return scratch.transpose(x, perm);
}
