import { Builder, type Sym, type TemplateNode } from './builder.js';
import type { BlockLowering } from './kernels/in-blocks.js';
import type { Inputs, Lowering } from './kernels/lowering.js';
import type { ElementType } from './model.js';

/** The ONNX nodes of one tfjs kernel at given shapes, types and attributes. Graphs are strings of these. */
export interface Template {
  readonly id: number;
  readonly kernel: string;
  readonly inputs: readonly Sym[];
  readonly nodes: readonly TemplateNode[];
  /** Nodes to take instead where only the first result is read. */
  readonly lean?: readonly TemplateNode[];
  readonly outputs: readonly Sym[];
  /** Whether the kernel gives a list, of however many results. */
  readonly many: boolean;
  /** Bytes of all results, the inner ones too. */
  readonly bytes: number;
}

export interface InputSignature {
  name: string;
  type: ElementType;
  shape: readonly number[];
  /** Whether in blocks of channels. */
  blocked?: boolean;
}

const bounds = { templates: 20_000 };
let nextId = 0;

/** Templates by the text of kernel, attributes and inputs; a plain bound, since a template is small. */
export class TemplateStore {
  private readonly known = new Map<string, Template | undefined>();

  /** @param blockSize, portable as `Builder` has them */
  constructor(
    readonly blockSize: number,
    readonly portable = false,
  ) {}

  get(kernel: string, lowering: Lowering, inputs: readonly InputSignature[], attrs: object): Template {
    return this.remember(signature(kernel, inputs, attrs), kernel, lowering, inputs, attrs)!;
  }

  /** For values of which some may be in blocks; undefined where the lowering declines. */
  find(
    kernel: string,
    lowering: BlockLowering,
    inputs: readonly InputSignature[],
    attrs: object,
  ): Template | undefined {
    return this.remember(`blocks|${signature(kernel, inputs, attrs)}`, kernel, lowering, inputs, attrs);
  }

  private remember(
    key: string,
    kernel: string,
    lowering: BlockLowering,
    inputs: readonly InputSignature[],
    attrs: object,
  ): Template | undefined {
    if (this.known.has(key)) return this.known.get(key);
    const template = build(new Builder(this.blockSize, this.portable), kernel, lowering, inputs, attrs);
    if (this.known.size >= bounds.templates) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, template);
    return template;
  }
}

function signature(kernel: string, inputs: readonly InputSignature[], attrs: object): string {
  let key = kernel;
  for (const { name, type, shape, blocked } of inputs)
    key += `|${name}:${type}:${shape}${blocked ? ':b' : ''}`;
  for (const name in attrs) key += `|${name}=${(attrs as Record<string, unknown>)[name]}`;
  return key;
}

function build(
  builder: Builder,
  kernel: string,
  lowering: BlockLowering,
  inputs: readonly InputSignature[],
  attrs: object,
): Template | undefined {
  const symbols = inputs.map(
    ({ type, shape, blocked }): Sym => ({ type, shape: [...shape], ...(blocked && { blocked }) }),
  );
  const named: Record<string, Sym | Sym[]> = { list: symbols };
  for (const [i, { name }] of inputs.entries()) named[name] = symbols[i]!;
  const result = lowering(builder, named as unknown as Inputs, attrs as never);
  if (!result) return undefined;
  const outputs = Array.isArray(result) ? (result as Sym[]) : [result as Sym];
  const bytes = builder.nodes.reduce(
    (sum, node) => sum + node.outputs.reduce((s, { shape }) => s + 4 * shape.reduce((a, b) => a * b, 1), 0),
    0,
  );
  return {
    id: nextId++,
    kernel,
    inputs: symbols,
    nodes: builder.nodes,
    ...(builder.lean && { lean: builder.lean }),
    outputs,
    many: Array.isArray(result),
    bytes,
  };
}
