import { domain } from './kernels/layout.js';
import type { ModelNode, ModelValue } from './model.js';

/** Activations that ONNX Runtime's blocked convolution applies to its result by itself. */
const activations = ['Relu', 'Sigmoid', 'Tanh'];

/** Lets a blocked convolution apply the activation that alone reads its result. */
export function fuseActivations(
  nodes: readonly ModelNode[],
  outputs: readonly ModelValue[],
): readonly ModelNode[] {
  const readers = new Map<string, number>(outputs.map(({ name }) => [name, 1]));
  for (const { inputs } of nodes) for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  const convolutions = new Map<string, ModelNode>();
  const kept: ModelNode[] = [];
  for (const node of nodes) {
    const source = convolutions.get(node.inputs[0] ?? '');
    if (source && activations.includes(node.op)) {
      source.attributes = { ...source.attributes, activation: node.op };
      source.outputs = node.outputs;
      continue;
    }
    kept.push(node);
    const [result] = node.outputs as [string];
    if (node.op === 'Conv' && node.domain === domain && readers.get(result) === 1) {
      convolutions.set(result, node);
    }
  }
  return kept;
}
