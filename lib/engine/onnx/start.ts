import * as tf from '@tensorflow/tfjs-core';
import { activate } from '../activate.js';
import type { EngineInfo, EngineOptions } from '../names.js';

/**
 * ONNX Runtime on the processor's cores, as a lazy tfjs backend (see `OnnxBackend`).
 * @throws InputError when onnxruntime-node or its native library is missing.
 */
export async function startOnnx({ threads }: EngineOptions = {}): Promise<EngineInfo> {
  const { OnnxBackend } = await import('./backend.js');
  const { defaultThreads, loadRuntime } = await import('./runtime.js');
  const { installOnnxKernels } = await import('./install.js');
  if (!tf.findBackend('onnx')) {
    const backend = new OnnxBackend(loadRuntime(), threads ?? defaultThreads());
    installOnnxKernels();
    tf.registerBackend('onnx', () => backend, 0);
  }
  await activate('onnx');
  const backend = tf.backend() as InstanceType<typeof OnnxBackend>;
  if (threads !== undefined) backend.graph.setThreads(threads);
  return {
    name: 'onnx',
    backend: 'onnx',
    version: backend.runtime.version,
    threads: backend.graph.threads,
    note: 'ONNX Runtime on the processor: whole training steps compiled',
  };
}
