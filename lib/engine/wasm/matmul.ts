import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';
import { Scratch } from './scratch.js';

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
    const scratch = new Scratch(backend as WasmBackend);
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

/** Multiply-adds in one matrix product above which handing it over alone is faster than the stock loop. */
const worthSplitting = 16_000;

/**
 * Wraps the stock BatchMatMul (operands not transposed): its fast path takes one product only, a batch
 * goes through a plain loop. One shared right operand makes the batch one tall product; large products
 * are handed over one by one.
 */
export function splitBatch(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const [m, k] = a.shape.slice(-2) as [number, number];
    const n = b.shape.at(-1)!;
    const [batchA, batchB] = [a, b].map((x) => tf.util.sizeFromShape(x.shape.slice(0, -2))) as [
      number,
      number,
    ];
    const float = a.dtype === 'float32' && b.dtype === 'float32';
    if (!float || (batchA === 1 && batchB === 1) || b.shape.at(-2) !== k) return stock(args);
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const batch = tf.util.sizeFromShape(outer);
    const scratch = new Scratch(args.backend as WasmBackend);
    if (batchB === 1) {
      const tall = stock({
        ...args,
        inputs: { a: scratch.reshape(a, [1, batchA * m, k]), b: scratch.reshape(b, [1, k, n]) },
      });
      return scratch.finish(scratch.reshape(scratch.keep(tall as tf.TensorInfo), [...outer, m, n]));
    }
    const aligned = (batchA === batch || batchA === 1) && batchB === batch;
    if (!aligned || m * k * n < worthSplitting) return stock(args);
    return oneByOne(stock, args, { batch, batchA, m, k, n, outer });
  };
}

type KernelArgs = Parameters<tf.KernelFunc>[0];

function oneByOne(
  stock: tf.KernelFunc,
  args: KernelArgs,
  {
    batch,
    batchA,
    m,
    k,
    n,
    outer,
  }: { batch: number; batchA: number; m: number; k: number; n: number; outer: number[] },
): tf.TensorInfo {
  const heap = args.backend as WasmBackend;
  const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const out = heap.makeOutput([...outer, m, n], 'float32');
  for (let i = 0; i < batch; i++) {
    const scratch = new Scratch(heap);
    const left = part(scratch, heap, a, batchA === 1 ? 0 : i, [1, m, k]);
    const right = part(scratch, heap, b, i, [1, k, n]);
    const product = scratch.keep(stock({ ...args, inputs: { a: left, b: right } }) as tf.TensorInfo);
    heap.typedArrayFromHeap(out).set(heap.typedArrayFromHeap(product), i * m * n);
    scratch.finish(out);
  }
  return out;
}

/** A copy of the i-th matrix. A new tensor each time: the stock kernel caches what it packs by tensor. */
function part(
  scratch: Scratch,
  heap: WasmBackend,
  x: tf.TensorInfo,
  i: number,
  shape: number[],
): tf.TensorInfo {
  const copy = scratch.keep(heap.makeOutput(shape, 'float32'));
  const size = tf.util.sizeFromShape(shape);
  heap.typedArrayFromHeap(copy).set(heap.typedArrayFromHeap(x).subarray(i * size, (i + 1) * size));
  return copy;
}
