import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { OnnxBackend } from './backend.js';

type Inputs = Record<string, tf.TensorInfo>;

/** The plain backend, which computes kernels that are not lowered; quiet about its speed. */
function plainBackend(): MathBackendCPU {
  const cpu = tf.findBackend('cpu');
  if (!(cpu instanceof MathBackendCPU)) throw new Error('the backend named cpu is not the plain one');
  (cpu as unknown as { firstUse: boolean }).firstUse = false;
  return cpu;
}

/**
 * Runs a kernel of the plain CPU backend on host values: for kernels whose result shapes depend on values, for
 * strings, for empty tensors, and for those that are not worth a lowering.
 */
export function runOnHost(
  backend: OnnxBackend,
  kernelName: string,
  inputs: Inputs,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = tf.getKernel(kernelName, 'cpu');
  const shapes = Object.values(inputs).map(({ shape }) => `[${shape}]`);
  if (!kernel) {
    throw new Error(`engine onnx: no lowering and no plain kernel for ${kernelName} of ${shapes.join(', ')}`);
  }
  const cpu = plainBackend();
  const temporary = new Set<tf.DataId>();
  const lend = (info: tf.TensorInfo): tf.TensorInfo => {
    const lent = copyToPlain(backend, cpu, info);
    temporary.add(lent.dataId);
    return lent;
  };
  try {
    const lent: Inputs = Array.isArray(inputs)
      ? (inputs.map((info: tf.TensorInfo) => lend(info)) as unknown as Inputs)
      : Object.fromEntries(
          Object.entries(inputs).flatMap(([name, info]) => (info ? [[name, lend(info)]] : [])),
        );
    const result = kernel.kernelFunc({ inputs: lent, backend: cpu, attrs });
    const outputs = Array.isArray(result) ? result : [result];
    for (const { dataId } of outputs) temporary.add(dataId);
    const copies = outputs.map((info) => copyFromPlain(backend, cpu, info));
    return Array.isArray(result) ? copies : copies[0]!;
  } finally {
    for (const dataId of temporary) cpu.disposeData(dataId, true);
  }
}

function copyToPlain(backend: OnnxBackend, cpu: MathBackendCPU, info: tf.TensorInfo): tf.TensorInfo {
  const { shape, dtype } = info;
  if (dtype === 'string') return cpu.makeTensorInfo(shape, dtype, backend.hostStrings(info));
  if (dtype !== 'complex64') return cpu.makeTensorInfo(shape, dtype, backend.hostValues(info));
  const [real, imag] = backend.parts(info).map((part) => copyToPlain(backend, cpu, part));
  const complex = cpu.makeTensorInfo(shape, dtype);
  cpu.data.get(complex.dataId).complexTensorInfos = { real: real!, imag: imag! };
  return complex;
}

function copyFromPlain(backend: OnnxBackend, cpu: MathBackendCPU, info: tf.TensorInfo): tf.TensorInfo {
  const { shape, dtype } = info;
  const values = cpu.readSync(info.dataId);
  return { dataId: backend.write(values, shape, dtype), shape, dtype };
}
