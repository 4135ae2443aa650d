import * as tf from '@tensorflow/tfjs-core';
import { filterGradient, inputGradient } from './convolution.js';
import { depthToSpace } from './depth-to-space.js';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.js';
import { splitBatch, transposeFirst } from './matmul.js';
import { maxPoolGradient } from './max-pool.js';
import type { WasmBackend } from './memory.js';
import { spellOutPadding } from './padding.js';
import { unsortedSegmentSum } from './segment-sum.js';
import { sliceInHeap } from './slice.js';
import { sumLeadingAxes } from './sum.js';

type Inputs = Record<string, tf.TensorInfo>;
type Kernel = (heap: WasmBackend, inputs: Inputs, attrs: never) => tf.TensorInfo;

/** Kernels that the stock backend lacks, or has in a form too slow or too wrong to wrap. */
const ours: Record<string, Kernel> = {
  Conv2DBackpropFilter: (heap, { x, dy }, attrs) => filterGradient(heap, x!, dy!, attrs),
  Conv2DBackpropInput: (heap, { dy, filter }, attrs) => inputGradient(heap, dy!, filter!, attrs),
  DepthwiseConv2dNativeBackpropFilter: (heap, { x, dy }, attrs) =>
    depthwiseFilterGradient(heap, x!, dy!, attrs),
  DepthwiseConv2dNativeBackpropInput: (heap, { dy, filter }, attrs) =>
    depthwiseInputGradient(heap, dy!, filter!, attrs),
  MaxPoolGrad: (heap, { input, dy }, attrs) => maxPoolGradient(heap, input!, dy!, attrs),
  UnsortedSegmentSum: (heap, { x, segmentIds }, attrs: { numSegments: number }) =>
    unsortedSegmentSum(heap, x!, segmentIds!, attrs.numSegments),
};

/** Stock kernels that are wrapped; a later wrapper of the same kernel goes around an earlier one. */
const wrapped: [string, (stock: tf.KernelFunc) => tf.KernelFunc][] = [
  ['BatchMatMul', splitBatch],
  ['BatchMatMul', transposeFirst],
  ['_FusedMatMul', transposeFirst],
  ['Conv2D', spellOutPadding],
  ['FusedConv2D', spellOutPadding],
  ['DepthwiseConv2dNative', spellOutPadding],
  ['FusedDepthwiseConv2D', spellOutPadding],
  ['DepthToSpace', depthToSpace],
  ['Slice', sliceInHeap],
  ['Sum', sumLeadingAxes],
];

let installed = false;

/** Adds the kernels that training needs to the wasm backend and mends those that are slow or wrong; once. */
export function installWasmKernels(): void {
  if (installed) return;
  installed = true;
  for (const [kernelName, wrap] of wrapped) {
    // The stock set-up function is kept: it binds the WebAssembly export that the stock kernel calls.
    const stock = tf.getKernel(kernelName, 'wasm');
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ ...stock, kernelFunc: wrap(stock.kernelFunc) });
  }
  for (const [kernelName, kernel] of Object.entries(ours)) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, backend, attrs }) =>
        kernel(backend as WasmBackend, inputs as Inputs, attrs as never),
    });
  }
}
