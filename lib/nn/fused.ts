import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs a kernel that tfjs does not have, on an engine that does: one kernel in place of many.
 * @returns undefined where the engine in use has no such kernel, or a tensor is empty
 */
export function runFused(name: string, inputs: tf.NamedTensorMap, attrs = {}): tf.Tensor[] | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  if (Object.values(inputs).some(({ size }) => size === 0)) return undefined;
  return tf.engine().runKernel(name, inputs, attrs) as tf.Tensor[];
}
