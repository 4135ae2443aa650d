import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { startCuda } from './accelerators.js';
import { useEngine } from './engines.js';

/** Stands in for TensorFlow's backend: the plain one under its name. */
function standInBackend(isUsingGpuDevice: boolean): tf.KernelBackend {
  return Object.assign(Object.create(tf.findBackend('cpu')) as tf.KernelBackend, { isUsingGpuDevice });
}

/** Stands in for tfjs-node-gpu: importing it registers its backend, makes it the one in use, and replaces gradients. */
function standIn(options: { gpu: boolean; core?: string }): () => Promise<unknown> {
  return async () => {
    tf.registerBackend('tensorflow', () => standInBackend(options.gpu), 3);
    await tf.setBackend('tensorflow');
    replaceGradient();
    const version = { 'tfjs-core': options.core ?? tf.version_core, 'tfjs-node': '4.22.1' };
    return { default: { version } };
  };
}

const foreign: tf.GradConfig = { kernelName: 'Prelu', gradFunc: () => ({}) };

function replaceGradient(): void {
  tf.unregisterGradient('Prelu');
  tf.registerGradient(foreign);
}

function failing(message: string, code?: string): () => Promise<never> {
  return () => {
    replaceGradient();
    return Promise.reject(Object.assign(new Error(message), code ? { code } : {}));
  };
}

beforeEach(() => useEngine('cpu'));
afterEach(async () => {
  await useEngine('cpu');
  if (tf.engine().registryFactory.tensorflow) tf.removeBackend('tensorflow');
});

const refused: [string, () => Promise<unknown>, string][] = [
  [
    'absent',
    failing("Cannot find package '@tensorflow/tfjs-node-gpu' imported from x.js", 'ERR_MODULE_NOT_FOUND'),
    'engine cuda: @tensorflow/tfjs-node-gpu is not installed; to use it: npm install @tensorflow/tfjs-node-gpu',
  ],
  [
    'present without its native part',
    failing('The Node.js native addon module (tfjs_binding.node) can not be found at path: x. \nPlease run'),
    'engine cuda: @tensorflow/tfjs-node-gpu is installed without its native part, or a library it needs is missing (The Node.js native addon module (tfjs_binding.node) can not be found at path: x.)',
  ],
  [
    'with a native part whose CUDA library is missing',
    failing('libcudart.so.11.0: cannot open shared object file: No such file', 'ERR_DLOPEN_FAILED'),
    'engine cuda: @tensorflow/tfjs-node-gpu is installed without its native part, or a library it needs is missing (libcudart.so.11.0: cannot open shared object file: No such file)',
  ],
  [
    'with a tfjs-core of another version',
    standIn({ gpu: true, core: '4.21.0' }),
    `engine cuda: @tensorflow/tfjs-node-gpu brought a second @tensorflow/tfjs-core, version 4.21.0; to use it: npm install @tensorflow/tfjs-node-gpu@${tf.version_core}`,
  ],
  [
    'without registering a backend',
    () => Promise.resolve({ version: { 'tfjs-core': tf.version_core } }),
    'engine cuda: TensorFlow loaded but its backend did not start',
  ],
  ['without a GPU', standIn({ gpu: false }), 'engine cuda: TensorFlow loaded but found no CUDA device'],
];

it.each(refused)(
  'refuses a package %s in one line, and leaves the engine in use as it was',
  async (_name, load, line) => {
    await expect(startCuda(load)).rejects.toThrow(new InputError(line));
    expect(line).not.toContain('\n');
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.getGradient('Prelu')).not.toBe(foreign);
  },
);

it('starts with a GPU, on the gradients of the engine', async () => {
  expect(await startCuda(standIn({ gpu: true }))).toEqual({
    name: 'cuda',
    backend: 'tensorflow',
    version: '4.22.1',
    threads: 1,
    note: 'TensorFlow on a CUDA device (tfjs-node-gpu)',
  });
  expect(tf.getBackend()).toBe('tensorflow');
  expect(tf.getGradient('Prelu')).not.toBe(foreign);
});
