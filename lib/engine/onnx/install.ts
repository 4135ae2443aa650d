import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { OnnxBackend } from './backend.js';
import { sizeOf } from './builder.js';
import { runOnHost } from './host.js';
import { binary } from './kernels/binary.js';
import {
  type Attrs,
  complexKernels,
  type DirectKernel,
  expandDims,
  movesParts,
  reshape,
  runOnParts,
} from './kernels/complex.js';
import { convolutions } from './kernels/convolution.js';
import { unary } from './kernels/elementwise.js';
import { fused } from './kernels/fused.js';
import { gathers } from './kernels/gather.js';
import { type Lowering, type Lowerings, NotLowered } from './kernels/lowering.js';
import { products } from './kernels/matmul.js';
import { pools } from './kernels/pool.js';
import { reductions } from './kernels/reduce.js';
import { shapes } from './kernels/shape.js';

type Inputs = Record<string, tf.TensorInfo>;

/** All kernels that become ONNX nodes. */
export const lowerings: Lowerings = {
  ...unary,
  ...binary,
  ...reductions,
  ...shapes,
  ...products,
  ...convolutions,
  ...pools,
  ...gathers,
  ...fused,
};

/** Kernels that compute nothing, or begin with numbers and not with tensors. */
const direct: Readonly<Record<string, DirectKernel>> = {
  Identity: (backend, { x }) => backend.share(x!),
  Reshape: (backend, { x }, { shape }) => reshape(backend, x!, shape as number[]),
  ExpandDims: (backend, { input }, { dim }) => expandDims(backend, input!, dim as number),
  Complex: (backend, { real, imag }) => backend.makeComplex(real!, imag!),
  Real: (backend, { input }) => backend.share(input!),
  GatherV2: gather,
  Fill: fill,
  Cast: cast,
};

/** Out of range is an error at once where the indices are known, and else when they are computed. */
function gather(backend: OnnxBackend, inputs: Inputs, attrs: Attrs): tf.TensorInfo | tf.TensorInfo[] {
  const { x, indices } = inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
  const { axis } = attrs as { axis: number };
  const length = x.shape[axis < 0 ? axis + x.shape.length : axis]!;
  const wrong = backend.knownValues(indices)?.find((at) => at < 0 || at >= length);
  if (wrong !== undefined) throw new Error(`GatherV2: the index value ${wrong} is not in [0, ${length - 1}]`);
  return backend.run('GatherV2', lowerings.GatherV2!, inputs, attrs);
}

const expand: Lowering = (g, { x }, { shape }: { shape: number[] }) => g.expand(x, shape);

/** A number is a feed of the graph, not a part of it: it may change from step to step. */
function fill(backend: OnnxBackend, _: Inputs, attrs: Attrs): tf.TensorInfo | tf.TensorInfo[] {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number | string; dtype?: tf.DataType };
  if (typeof value === 'string' || sizeOf(shape) === 0) {
    return runOnHost(backend, 'Fill', {}, attrs as unknown as tf.NamedAttrMap);
  }
  const type = (dtype ?? tf.util.inferDtype(value)) as 'float32' | 'int32' | 'bool';
  const single = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[type].of(value);
  const scalar = backend.makeTensor(single, [], type);
  const filled = backend.run('Fill', expand, { x: scalar }, { shape });
  backend.disposeData(scalar.dataId);
  return filled;
}

function cast(backend: OnnxBackend, { x }: Inputs, attrs: Attrs): tf.TensorInfo | tf.TensorInfo[] {
  if (x!.dtype === attrs.dtype) return backend.share(x!);
  if (attrs.dtype !== 'complex64') return backend.run('Cast', lowerings.Cast!, { x: x! }, attrs);
  const real = cast(backend, { x: x! }, { dtype: 'float32' }) as tf.TensorInfo;
  const zeros = backend.run('ZerosLike', lowerings.ZerosLike!, { x: real }, {}) as tf.TensorInfo;
  const complex = backend.makeComplex(real, zeros);
  backend.disposeData(real.dataId);
  backend.disposeData(zeros.dataId);
  return complex;
}

/** Registers a kernel for the backend `onnx` for every kernel that the plain backend has; once. */
export function installOnnxKernels(): void {
  if (tf.getKernel('Add', 'onnx')) return;
  const names = new Set(tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName));
  for (const name of [...Object.keys(lowerings), ...Object.keys(direct)]) names.add(name);
  for (const kernelName of names) {
    const kernelFunc = choose(kernelName);
    tf.registerKernel({
      kernelName,
      backendName: 'onnx',
      kernelFunc: ({ inputs, backend, attrs }) =>
        kernelFunc(backend as OnnxBackend, inputs as Inputs, (attrs ?? {}) as Attrs),
    });
  }
}

/** The way of a kernel through the engine, by the types of its inputs. */
function choose(kernel: string): DirectKernel {
  const lowering: Lowering | undefined = lowerings[kernel];
  const special = direct[kernel];
  const complex = complexKernels[kernel];
  return (backend, inputs, attrs) => {
    let kind: 'number' | 'complex' | 'host' = 'number';
    for (const name in inputs) {
      const info = inputs[name];
      if (info?.dtype === 'complex64' && kind === 'number') kind = 'complex';
      if (Array.isArray(info) || info?.dtype === 'string' || info?.shape.includes(0)) kind = 'host';
    }
    if (complex && kind === 'complex') return complex(backend, inputs, attrs);
    if (special && (kind === 'number' || kernel !== 'GatherV2')) return special(backend, inputs, attrs);
    if (lowering && kind === 'number') {
      try {
        return backend.run(kernel, lowering, inputs, attrs);
      } catch (error) {
        if (!(error instanceof NotLowered)) throw error;
      }
    } else if (lowering && kind === 'complex' && movesParts(kernel))
      return runOnParts(backend, kernel, lowering, inputs, attrs);
    return runOnHost(backend, kernel, inputs, attrs as unknown as tf.NamedAttrMap);
  };
}
