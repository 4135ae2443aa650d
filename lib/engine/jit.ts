import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { OnnxBackend } from './onnx/backend.js';
import type { Trace } from './onnx/trace.js';
import { flattenTensors, rebuild, type Structure, type TensorTree } from './tensor-tree.js';

/** Compiled functions that one jitted function keeps, at most: one for each set of input shapes. */
const mostTraces = 64;

interface Compiled {
  trace: Trace;
  result: Structure;
}

let running = false;

/**
 * A function of tensors that is compiled where the engine can (onnx); elsewhere it is just called.
 *
 * The first call with arguments of some structure, shapes and types runs `fn` on tensors without values and
 * compiles what it did into one graph; later calls run that graph without the JavaScript of `fn`. So
 * **everything but the arguments and the variables is frozen at the first call**: numbers, tensors made or
 * caught inside, random draws, which branch was taken. What changes from call to call (learning rate, step
 * count, noise, batch) must be an argument; a number becomes one as `tf.scalar`.
 *
 * The results are those of `fn` called plainly, bit for bit unless the plain call is so long that the engine
 * computes it in several graphs (from 500 kernels on, or with much memory), whose rounding may differ.
 * On onnx a function that assigns nothing has its variables compiled in when they have been the same for four
 * calls: faster from then on, with a copy of the weights held and perhaps another rounding, until they change.
 *
 * `fn` may read and assign variables made before (those that it is given as arguments count as plain tensors).
 * Gradients may be taken inside; a jitted function inside a gradient is just called, and so is not compiled.
 * The results are new tensors that the caller disposes; whatever else `fn` makes is disposed.
 *
 * @param fn takes and gives tensors, or arrays and plain objects of them; it may give nothing
 * @throws InputError at a call: `fn` is not of that form, reads a value, makes or disposes a variable, or
 *   calls a jitted function; or a variable of the compiled function is disposed.
 */
export function jit<A extends readonly TensorTree[], R extends TensorTree | undefined>(
  fn: (...args: A) => R,
): (...args: A) => R {
  const known = new Map<string, Compiled>();
  let backend: tf.KernelBackend | undefined;
  return (...args) => {
    if (running)
      throw new InputError('jit: a jitted function calls another one; allowed: the plain function');
    if (backend !== tf.backend()) known.clear();
    backend = tf.backend();
    const inputs: tf.Tensor[] = [];
    const structure = flattenTensors(args, inputs, 'argument');
    let result: Structure;
    const flat = (tensors: readonly tf.Tensor[]): tf.Tensor[] => {
      const outputs: tf.Tensor[] = [];
      result = flattenTensors(fn(...(rebuild(structure, tensors) as unknown as A)), outputs, 'result');
      return outputs;
    };
    const finish = (outputs: readonly tf.Tensor[], form: Structure) => rebuild(form, outputs) as R;
    // A replay leaves no tape to take a gradient of.
    if (tf.getBackend() !== 'onnx' || tf.engine().state.gradientDepth > 0) {
      const outputs = guarded(() => tf.tidy(() => flat(inputs).map((tensor) => tf.clone(tensor))));
      return finish(outputs, result!);
    }
    const key = keyOf(structure, inputs);
    let compiled = known.get(key);
    let outputs = compiled?.trace.replay(inputs);
    if (!outputs) {
      const trace = guarded(() => (backend as OnnxBackend).trace(flat, inputs));
      compiled = { trace, result: result! };
      outputs = trace.replay(inputs)!;
    }
    known.delete(key);
    known.set(key, compiled!);
    if (known.size > mostTraces) known.delete(known.keys().next().value!);
    return finish(outputs, compiled!.result);
  };
}

function guarded<T>(work: () => T): T {
  running = true;
  try {
    return work();
  } finally {
    running = false;
  }
}

function keyOf(structure: Structure, inputs: readonly tf.Tensor[]): string {
  let key = JSON.stringify(structure);
  for (const { dtype, shape } of inputs) key += `|${dtype}:${shape}`;
  return key;
}
