import type { Graph } from './graph.js';
import { biasGelu } from './kernels/fused.js';
import type { Operand, Recorded } from './layouts.js';
import type { TemplateStore } from './template.js';
import type { Value } from './values.js';

/** The value that a reshaped one was before. */
function whole(value: Value): Value {
  const { node } = value;
  return node?.template.kernel === 'Reshape' ? whole(node.inputs[0]!) : value;
}

/**
 * Records GELU of a sum of rows and a vector as one kernel, of which ONNX Runtime has the value in one pass.
 * @returns undefined for anything else
 */
export function recordWithBias(
  graph: Graph,
  templates: TemplateStore,
  kernel: string,
  operands: readonly Operand[],
): Recorded | undefined {
  if (kernel !== 'GeluTanh' || templates.portable) return undefined;
  const { shape, value } = operands[0]!;
  const sum = whole(value).node;
  if (sum?.template.kernel !== 'Add' || sum.inputs.length !== 2) return undefined;
  const [x, bias] = sum.template.inputs;
  if (x!.blocked || x!.shape.length < 2 || bias!.shape.length !== 1) return undefined;
  if (bias!.shape[0] !== x!.shape.at(-1) || bias!.shape[0] !== shape.at(-1)) return undefined;
  const signature = [
    { name: 'x', type: x!.type, shape: x!.shape },
    { name: 'bias', type: bias!.type, shape: bias!.shape },
  ];
  const template = templates.get('BiasGelu', biasGelu, signature, { shape });
  return { template, outputs: graph.record(template, sum.inputs) };
}
