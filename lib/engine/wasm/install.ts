import * as tf from '@tensorflow/tfjs-core';
import { filterGradient, inputGradient } from './convolution.js';
import { splitBatch, transposeFirst } from './matmul.js';
import type { WasmBackend } from './memory.js';
import { spellOutPadding } from './padding.js';
import { sliceInHeap } from './slice.js';
import { sumLeadingAxes } from './sum.js';

const convolutions = ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'];

let installed = false;

/** Adds the kernels that training needs to the wasm backend and replaces those that are slow; once. */
export function installWasmKernels(): void {
  if (installed) return;
  installed = true;
  replace('Slice', sliceInHeap);
  replace('BatchMatMul', splitBatch);
  for (const name of ['BatchMatMul', '_FusedMatMul']) replace(name, transposeFirst);
  replace('Sum', sumLeadingAxes);
  for (const name of convolutions) replace(name, spellOutPadding);
  replace(
    'Conv2DBackpropInput',
    () =>
      ({ inputs, backend, attrs }) =>
        inputGradient(backend as WasmBackend, inputs.dy!, inputs.filter!, attrs as never),
  );
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      filterGradient(backend as WasmBackend, inputs.x!, inputs.dy!, attrs as never),
  });
}

/** The stock set-up function is kept: it binds the WebAssembly export that the stock kernel calls. */
function replace(kernelName: string, wrap: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const stock = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ ...stock, kernelFunc: wrap(stock.kernelFunc) });
}
