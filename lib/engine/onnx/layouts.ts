import { sameShape } from './builder.js';
import type { Graph } from './graph.js';
import { inBlocks } from './kernels/in-blocks.js';
import { fromBlocks } from './kernels/layout.js';
import type { Lowering } from './kernels/lowering.js';
import type { Template, TemplateStore } from './template.js';
import type { Value } from './values.js';

/** An input of a kernel call: its name, its value and the shape in which it is seen. */
export interface Operand {
  name: string;
  shape: readonly number[];
  value: Value;
}

export interface Recorded {
  template: Template;
  /** Values with channels last. */
  outputs: readonly Value[];
}

const unblock: Lowering = (g, { x }) => fromBlocks(g, x);

/** Kernels that can add a bias to their result. */
const addsBias = (kernel: string): boolean => kernel === 'Conv2D' || kernel === 'Conv2DBackpropInput';

/** Kernels to be recorded in blocks even if no input is in them yet. */
const enters = (kernel: string): boolean => kernel.startsWith('Conv2D');

/**
 * Records a kernel on the blocked forms of its inputs, where they have one and it is worth it. A result in blocks
 * has a form with channels last too, which the graph drops if nobody reads it.
 * @returns undefined where the kernel is to be recorded plainly
 */
export function recordInBlocks(
  graph: Graph,
  templates: TemplateStore,
  kernel: string,
  operands: readonly Operand[],
  attrs: object,
): Recorded | undefined {
  const lowering = inBlocks[kernel];
  if (!lowering || templates.blockSize === 0) return undefined;
  if (!enters(kernel) && !operands.some(({ value }) => value.blocked || value.convolution)) return undefined;
  const biased = withBias(graph, templates, kernel, operands);
  if (biased) return biased;
  if (!enters(kernel) && !operands.some(({ value }) => value.blocked)) return undefined;
  const chosen = operands.map(({ value }) => value.blocked ?? value);
  const signature = operands.map(({ name, shape, value }) =>
    value.blocked
      ? { name, type: value.type, shape: value.blocked.shape, blocked: true }
      : { name, type: value.type, shape },
  );
  const template = templates.find(kernel, lowering, signature, attrs);
  if (!template) return undefined;
  const outputs = graph.record(template, chosen).map((value, i) => {
    const plain = template.outputs[i]!.blocked ? channelsLast(graph, templates, value) : value;
    if (addsBias(kernel) && !operands.some(({ name }) => name === 'bias')) {
      plain.convolution = { kernel, operands, attrs };
    }
    return plain;
  });
  return { template, outputs };
}

function channelsLast(graph: Graph, templates: TemplateStore, value: Value): Value {
  const signature = { name: 'x', type: value.type, shape: value.shape, blocked: true };
  const [plain] = graph.record(templates.get('FromBlocks', unblock, [signature], {}), [value]);
  plain!.blocked = value;
  return plain!;
}

/** A convolution and the sum of its result and a vector, as one: the result alone is not computed if nobody reads it. */
function withBias(
  graph: Graph,
  templates: TemplateStore,
  kernel: string,
  operands: readonly Operand[],
): Recorded | undefined {
  const [a, b] = operands as [Operand, Operand];
  if (kernel !== 'Add' || !a.value.convolution || a.value.type !== b.value.type) return undefined;
  if (!sameShape(b.shape, [a.shape.at(-1)!])) return undefined;
  const { kernel: origin, operands: given, attrs } = a.value.convolution;
  return recordInBlocks(graph, templates, origin, [...given, { ...b, name: 'bias' }], attrs);
}
