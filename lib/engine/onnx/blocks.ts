import { Builder, type Sym, sizeOf } from './builder.js';
import { convolve } from './kernels/blocked.js';
import { Plan } from './plan.js';
import type { Runtime } from './runtime.js';
import { Value } from './values.js';

const sizes = [16, 8, 4];
const channels = 16;

/**
 * Channels in a block of ONNX Runtime's blocked layout, which depends on the processor and which it does not
 * tell: a small convolution is right for the true size only.
 * @returns 0 where no size is right
 */
export function findBlockSize(runtime: Runtime): number {
  const reference = probe(runtime, 0);
  for (const size of sizes) {
    try {
      const found = probe(runtime, size);
      if (found.every((value, i) => Math.abs(value - reference[i]!) < 1e-3)) return size;
    } catch {
      // This build has no blocked operators: the next size fails alike, and the plain ones are taken.
    }
  }
  return 0;
}

function probe(runtime: Runtime, blockSize: number): Float32Array {
  const window = { kernel_shape: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1] };
  const shapes = [
    [1, 3, 3, channels],
    [3, 3, channels, channels],
  ];
  return evaluate(runtime, new Builder(blockSize), shapes, (g, [x, filter]) =>
    convolve(g, x!, filter!, window, [3, 3]),
  );
}

/** Computes what a lowering gives for inputs of these shapes and of fixed values, by itself. */
export function evaluate(
  runtime: Runtime,
  g: Builder,
  shapes: readonly number[][],
  lowering: (g: Builder, inputs: Sym[]) => Sym,
): Float32Array {
  const inputs = shapes.map((shape): Sym => ({ type: 'float32', shape }));
  const outputs = [lowering(g, inputs)];
  const values = shapes.map((shape, i) => {
    const wave = (_: unknown, k: number) => Math.sin(k * (i + 1.3));
    return new Value('float32', shape, Float32Array.from({ length: sizeOf(shape) }, wave));
  });
  const template = { id: 0, kernel: 'probe', inputs, nodes: g.nodes, outputs, many: false, bytes: 0 };
  const node = { template, inputs: values, outputs: [] as Value[], needed: true, position: 0 };
  const output = new Value('float32', outputs[0]!.shape, undefined, node);
  output.holders = 1;
  node.outputs.push(output);
  const feeds = values.map((value) => ({ value, type: value.type, shape: value.shape }));
  const sources = values.map((_, i) => -1 - i);
  const plan = new Plan(runtime, { nodes: [node], feeds, outputs: [output], sources, key: '' }, 1);
  try {
    return plan.run(values.map((value) => value.values!))[0] as Float32Array;
  } finally {
    plan.dispose();
  }
}
