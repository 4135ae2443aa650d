import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { OnnxBackend } from './backend.js';

/** Inputs by name; a ragged kernel's may be lists. */
export type HostInputs = Record<string, tf.TensorInfo | tf.TensorInfo[] | undefined>;

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
  inputs: HostInputs,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = tf.getKernel(kernelName, 'cpu');
  const shapes = Object.values(inputs).flatMap((info) => (info ? [info].flat() : []));
  if (!kernel) {
    throw new Error(
      `engine onnx: no lowering and no plain kernel for ${kernelName} of ${shapes.map(({ shape }) => `[${shape}]`).join(', ')}`,
    );
  }
  const cpu = plainBackend();
  const temporary = new Set<tf.DataId>();
  const lend = (info: tf.TensorInfo): tf.TensorInfo => {
    const lent = copyToPlain(backend, cpu, info);
    temporary.add(lent.dataId);
    // Some plain kernels take their inputs for whole tensors and ask for the rank.
    return Object.assign(lent, { rank: info.shape.length });
  };
  try {
    const entries = Object.entries(inputs).map(([name, info]) => [
      name,
      Array.isArray(info) ? info.map(lend) : info && lend(info),
    ]);
    const lent = Array.isArray(inputs) ? entries.map(([, info]) => info) : Object.fromEntries(entries);
    const result = kernel.kernelFunc({ inputs: lent as tf.NamedTensorInfoMap, backend: cpu, attrs });
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
