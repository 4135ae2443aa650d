import * as tf from '@tensorflow/tfjs-core';
import type { OnnxBackend } from '../backend.js';
import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Lowering } from './lowering.js';

type Inputs = Record<string, tf.TensorInfo>;
export type Attrs = Record<string, unknown>;
export type DirectKernel = (
  backend: OnnxBackend,
  inputs: Inputs,
  attrs: Attrs,
) => tf.TensorInfo | tf.TensorInfo[];

/** Kernels of several real parts in, real and imaginary part out. */
type PairLowering = (...args: Parameters<Lowering>) => readonly [Sym, Sym];

/** Runs a lowering on the parts of complex inputs (real a, imaginary ai, …) and joins its two results. */
function onParts(name: string, lowering: PairLowering): DirectKernel {
  return (backend, inputs, attrs) => {
    const parts: Inputs = {};
    for (const [key, info] of Object.entries(inputs)) {
      const [real, imag] = info.dtype === 'complex64' ? backend.parts(info) : [info];
      parts[key] = real;
      if (imag) parts[`${key}Imag`] = imag;
    }
    const [real, imag] = backend.run(name, lowering, parts, attrs) as [tf.TensorInfo, tf.TensorInfo];
    return join(backend, real, imag);
  };
}

function join(backend: OnnxBackend, real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
  const complex = backend.makeComplex(real, imag);
  backend.disposeData(real.dataId);
  backend.disposeData(imag.dataId);
  return complex;
}

interface ComplexPair {
  a: Sym;
  aImag: Sym;
  b: Sym;
  bImag: Sym;
}

const pair = (f: (g: Parameters<Lowering>[0], p: ComplexPair) => readonly [Sym, Sym]): PairLowering => {
  return (g, inputs) => {
    const given = inputs as unknown as Partial<ComplexPair>;
    const zero = g.scalar(0);
    return f(g, { ...(given as ComplexPair), aImag: given.aImag ?? zero, bImag: given.bImag ?? zero });
  };
};

const fft =
  (inverse: boolean): PairLowering =>
  (g, inputs) => {
    const { input, inputImag } = inputs as unknown as { input: Sym; inputImag: Sym };
    const n = input.shape.at(-1)!;
    const batch = sizeOf(input.shape) / n;
    const apart = [batch, n, 1];
    const both = g.concat([g.reshape(input, apart), g.reshape(inputImag, apart)], 2);
    const attributes = { inverse: inverse ? 1 : 0 };
    const spectrum = g.node('DFT', [both, undefined, g.scalar(1, 'int64')], [batch, n, 2], { attributes });
    const [real, imag] = g.split(spectrum, [1, 1], 2) as [Sym, Sym];
    return [g.reshape(real, input.shape), g.reshape(imag, input.shape)];
  };

/** sqrt(a² + b²) without squares that leave the range of floats. */
function hypotenuse(g: Builder, a: Sym, b: Sym): Sym {
  const [x, y] = [g.unary('Abs', a), g.unary('Abs', b)];
  const [large, small] = [g.binary('Max', x, y), g.binary('Min', x, y)];
  const zero = g.compare('Equal', large, g.scalar(0));
  const ratio = g.div(small, g.where(zero, g.scalar(1), large));
  return g.mul(large, g.unary('Sqrt', g.add(g.scalar(1), g.mul(ratio, ratio))));
}

/** Kernels that move elements: each part moves by itself. */
const moving = new Set([
  'BatchToSpaceND',
  'Concat',
  'GatherNd',
  'GatherV2',
  'Pack',
  'Reverse',
  'Slice',
  'SpaceToBatchND',
  'SplitV',
  'StridedSlice',
  'Sum',
  'Tile',
  'Transpose',
  'Unpack',
  'ZerosLike',
  'Neg',
]);

/** A moving kernel on complex inputs. */
export function runOnParts(
  backend: OnnxBackend,
  kernel: string,
  lowering: Lowering,
  inputs: Inputs,
  attrs: Attrs,
): tf.TensorInfo | tf.TensorInfo[] {
  const pick = (which: 0 | 1): Inputs =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, info]) => [
        name,
        info.dtype === 'complex64' ? backend.parts(info)[which] : info,
      ]),
    );
  const [real, imag] = [0, 1].map((which) => backend.run(kernel, lowering, pick(which as 0 | 1), attrs));
  if (!Array.isArray(real)) return join(backend, real as tf.TensorInfo, imag as tf.TensorInfo);
  return real.map((part, i) => join(backend, part, (imag as tf.TensorInfo[])[i]!));
}

export const movesParts = (kernel: string): boolean => moving.has(kernel);

/** Kernels of which an input is complex, where that is not a matter of moving elements. */
export const complexKernels: Readonly<Record<string, DirectKernel>> = {
  Add: onParts(
    'complex Add',
    pair((g, { a, aImag, b, bImag }) => [g.add(a, b), g.add(aImag, bImag)]),
  ),
  Sub: onParts(
    'complex Sub',
    pair((g, { a, aImag, b, bImag }) => [g.sub(a, b), g.sub(aImag, bImag)]),
  ),
  Multiply: onParts(
    'complex Multiply',
    pair((g, { a, aImag, b, bImag }) => [
      g.sub(g.mul(a, b), g.mul(aImag, bImag)),
      g.add(g.mul(a, bImag), g.mul(aImag, b)),
    ]),
  ),
  FFT: onParts('FFT', fft(false)),
  IFFT: onParts('IFFT', fft(true)),
  Real: (backend, { input }) => backend.share(backend.parts(input!)[0]),
  Imag: (backend, { input }) => backend.share(backend.parts(input!)[1]),
  ComplexAbs: (backend, { x }) => {
    const [real, imag] = backend.parts(x!);
    const lowering: Lowering = (g, { a, b }) => hypotenuse(g, a, b);
    return backend.run('ComplexAbs', lowering, { a: real, b: imag }, {});
  },
  Identity: (backend, { x }) => backend.share(x!),
  Reshape: (backend, { x }, { shape }) => reshape(backend, x!, shape as number[]),
  ExpandDims: (backend, { input }, { dim }) => expandDims(backend, input!, dim as number),
  Cast: (backend, { x }, { dtype }) => {
    if (dtype === 'complex64') return backend.share(x!);
    const [real] = backend.parts(x!);
    if (dtype === 'float32') return backend.share(real);
    const lowering: Lowering = (g, inputs) => g.cast(inputs.x, dtype as 'int32');
    return backend.run('Cast', lowering, { x: real }, { dtype });
  },
};

export function reshape(backend: OnnxBackend, x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  const size = tf.util.sizeFromShape(x.shape);
  const inferred = tf.util.inferFromImplicitShape(shape, size);
  const found = tf.util.sizeFromShape(inferred);
  tf.util.assert(
    size === found,
    () => `reshape of [${x.shape}] (${size} elements) to [${inferred}] (${found})`,
  );
  return backend.share(x, inferred);
}

export function expandDims(backend: OnnxBackend, x: tf.TensorInfo, dim: number): tf.TensorInfo {
  const shape = [...x.shape];
  tf.util.assert(
    dim >= -(x.shape.length + 1) && dim <= x.shape.length,
    () => `expandDims: axis ${dim} of a tensor of rank ${x.shape.length}`,
  );
  shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
  return backend.share(x, shape);
}
