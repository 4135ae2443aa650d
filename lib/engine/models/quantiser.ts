import { writeAttribute } from '../onnx/model.js';
import type { NodeProto } from '../onnx/proto.js';
import { attribute, type Editing } from './editing.js';
import { levelsOf, type Range } from './ranges.js';

/** A convolution or matrix product by constant weights. */
export interface Layer {
  node: NodeProto;
  /** The value that goes in. */
  input: string;
  /** The value whose range is wanted besides: the result, where the 8-bit kernel must round it. */
  output?: string;
  /** The axis of output channels in the weight. */
  axis: number;
}

/** Activations that a convolution takes along: their rounding is that of the result. */
const fused: ReadonlySet<string> = new Set(['Relu', 'Clip']);

/** The layers that have 8-bit kernels, in order. */
export function layersOf(editing: Editing): Layer[] {
  for (const node of [...editing.graph.node]) if (node.op_type === 'Gemm') spellGemm(editing, node);
  return editing.graph.node.flatMap((node) => {
    const [input, weight, bias] = node.input as [string, string, string?];
    if (!editing.floats(weight) || editing.constants.has(input)) return [];
    if (node.op_type === 'Conv' && (!bias || editing.floats(bias))) {
      return [{ node, input, output: roundedAt(editing, node), axis: 0 }];
    }
    const rank = editing.constants.get(weight)!.dims.length;
    return node.op_type === 'MatMul' && rank === 2 ? [{ node, input, axis: 1 }] : [];
  });
}

/**
 * A product with a bias as the two: only there the 8-bit kernel keeps its result in floats. The bias is
 * subtracted, since ONNX Runtime makes one product in floats of a product and an addition.
 */
function spellGemm(editing: Editing, node: NodeProto): void {
  const [x, weight, bias] = node.input as [string, string, string?];
  const values = editing.floats(weight);
  const added = bias ? editing.floats(bias) : new Float32Array();
  const isPlain = ['alpha', 'beta'].every((name) => (attribute(node, name)?.f ?? 1) === 1);
  if (!values || !added || !isPlain || attribute(node, 'transA')?.i) return;
  const right = attribute(node, 'transB')?.i ? transposed(editing, weight, values) : weight;
  const step = (op_type: string, input: string[], output: string[]) => ({
    op_type,
    input,
    output,
    attribute: [],
  });
  if (!bias) {
    editing.replace(node, [step('MatMul', [x, right], node.output)]);
    return;
  }
  const product = editing.value('product');
  const { dims } = editing.constants.get(bias)!;
  const negative = editing.constant(
    'bias',
    added.map((value) => -value),
    dims,
  );
  editing.replace(node, [
    step('MatMul', [x, right], [product]),
    step('Sub', [product, negative], node.output),
  ]);
}

function transposed(editing: Editing, name: string, values: Float32Array): string {
  const [rows, columns] = editing.constants.get(name)!.dims as [number, number];
  const swapped = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return editing.constant('weight', swapped, [columns, rows]);
}

function roundedAt(editing: Editing, node: NodeProto): string {
  const value = node.output[0]!;
  const [reader, ...others] = editing.readers(value);
  const takes = reader && others.length === 0 && !editing.outputs.has(value) && fused.has(reader.op_type);
  return takes ? reader.output[0]! : value;
}

/** Writes QuantizeLinear and DequantizeLinear nodes around layers. */
export class Quantiser {
  /** Values that have been rounded already, with their rounded form. */
  private readonly rounded = new Map<string, string>();
  private readonly scales = new Map<string, { scale: string; zero: string; step: number }>();

  constructor(
    private readonly editing: Editing,
    private readonly ranges: ReadonlyMap<string, Range>,
    private readonly weightBits: number,
  ) {}

  quantise({ node, input, output, axis }: Layer): void {
    const rounded = this.rounded.get(input) ?? this.roundBefore(node, input);
    const [weight, bias] = [node.input[1]!, node.input[2]];
    const { step } = this.levels(input);
    const channels = this.weight(node, weight, axis, step, bias);
    const inputs = [rounded, channels.weight];
    if (bias) inputs.push(this.bias(node, this.editing.floats(bias)!, channels.scales, step));
    node.input = inputs;
    if (output) this.roundAfter(output);
  }

  private levels(value: string): { scale: string; zero: string; step: number } {
    const known = this.scales.get(value);
    if (known) return known;
    const { scale: step, zero: level } = levelsOf(this.ranges.get(value)!);
    const zero = this.editing.constant('zero', Uint8Array.of(level), []);
    const made = { scale: this.editing.constant('scale', Float32Array.of(step), []), zero, step };
    this.scales.set(value, made);
    return made;
  }

  /** Rounds a value for one layer and those that follow; others read it as it is. */
  private roundBefore(node: NodeProto, value: string): string {
    const result = this.editing.value('rounded');
    this.editing.replace(node, [...this.pair(value, result, this.levels(value)), node]);
    this.rounded.set(value, result);
    return result;
  }

  /** Rounds the result of a layer for all that read it. */
  private roundAfter(value: string): void {
    const node = this.editing.producer(value)!;
    const exact = this.editing.value('exact');
    node.output = [exact];
    this.editing.replace(node, [node, ...this.pair(exact, value, this.levels(value))]);
    this.rounded.set(value, value);
  }

  private pair(from: string, to: string, { scale, zero }: { scale: string; zero: string }): NodeProto[] {
    const levels = this.editing.value('levels');
    return [
      { op_type: 'QuantizeLinear', input: [from, scale, zero], output: [levels], attribute: [] },
      { op_type: 'DequantizeLinear', input: [levels, scale, zero], output: [to], attribute: [] },
    ];
  }

  private weight(
    node: NodeProto,
    name: string,
    axis: number,
    step: number,
    bias: string | undefined,
  ): { weight: string; scales: Float32Array } {
    const values = this.editing.floats(name)!;
    const { dims } = this.editing.constants.get(name)!;
    const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    const channelOf = (i: number) => Math.floor(i / inner) % dims[axis]!;
    const most = 2 ** (this.weightBits - 1) - 1;
    const scales = new Float32Array(dims[axis]!);
    for (const [i, value] of values.entries()) {
      const channel = channelOf(i);
      scales[channel] = Math.max(scales[channel]!, Math.abs(value) / most);
    }
    // A bias is counted in steps of input times weight, and must stay within 31 bits.
    const added = bias ? this.editing.floats(bias)! : new Float32Array(scales.length);
    for (const [i, value] of added.entries())
      scales[i] = Math.max(scales[i]!, Math.abs(value) / (step * 2 ** 30));
    const levels = Int8Array.from(values, (value, i) => Math.round(value / (scales[channelOf(i)]! || 1)));
    return { weight: this.dequantised(node, levels, dims, scales, axis), scales };
  }

  private bias(node: NodeProto, values: Float32Array, scales: Float32Array, step: number): string {
    const steps = scales.map((scale) => scale * step);
    const levels = Int32Array.from(values, (value, i) => Math.round(value / (steps[i]! || 1)));
    return this.dequantised(node, levels, [values.length], steps, 0);
  }

  private dequantised(
    node: NodeProto,
    levels: Int8Array | Int32Array,
    dims: readonly number[],
    scales: Float32Array,
    axis: number,
  ): string {
    const result = this.editing.value('weight');
    const input = [
      this.editing.constant('levels', levels, dims),
      this.editing.constant(
        'scale',
        scales.map((scale) => scale || 1),
        [scales.length],
      ),
    ];
    const dequantise = {
      op_type: 'DequantizeLinear',
      input,
      output: [result],
      attribute: [writeAttribute('axis', axis)],
    };
    this.editing.replace(node, [dequantise, node]);
    return result;
  }
}
