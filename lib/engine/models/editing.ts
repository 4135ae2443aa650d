import type { GraphProto, NodeProto, TensorProto } from '../onnx/proto.js';

/** ONNX's numbers of element types. */
export const tensorTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

/** A graph under change: its constants and nodes by the names of values. The nodes stay in an order to run in. */
export class Editing {
  readonly constants: Map<string, TensorProto>;
  /** Values that the graph gives. */
  readonly outputs: ReadonlySet<string>;
  private readonly taken: Set<string>;

  constructor(readonly graph: GraphProto) {
    this.constants = new Map(graph.initializer.map((tensor) => [tensor.name!, tensor]));
    this.outputs = new Set(graph.output.map(({ name }) => name));
    const values = graph.node.flatMap(({ input, output }) => [...input, ...output]);
    this.taken = new Set([...values, ...this.constants.keys(), ...graph.input.map(({ name }) => name)]);
  }

  producer(value: string): NodeProto | undefined {
    return this.graph.node.find(({ output }) => output.includes(value));
  }

  readers(value: string): NodeProto[] {
    return this.graph.node.filter(({ input }) => input.includes(value));
  }

  /** The node that gives a value which nothing else reads and the graph does not give. */
  soleProducer(value: string): NodeProto | undefined {
    return this.readers(value).length === 1 && !this.outputs.has(value) ? this.producer(value) : undefined;
  }

  /** The values of a float constant. */
  floats(name: string | undefined): Float32Array | undefined {
    const tensor = name === undefined ? undefined : this.constants.get(name);
    return tensor?.data_type === tensorTypes.float32 ? floatsOf(tensor) : undefined;
  }

  /** The name of a new value. */
  value(hint: string): string {
    let name = hint;
    for (let i = 0; this.taken.has(name); i++) name = `${hint}_${i}`;
    this.taken.add(name);
    return name;
  }

  constant(
    hint: string,
    values: Float32Array | Int32Array | Int8Array | Uint8Array,
    dims: readonly number[],
  ): string {
    const { buffer, byteOffset, byteLength } = values;
    const data_type = typeOf(values);
    return this.keep(
      { data_type, dims: [...dims], raw_data: new Uint8Array(buffer, byteOffset, byteLength) },
      hint,
    );
  }

  /** A list of whole numbers, as operators take shapes and axes. */
  list(values: readonly number[]): string {
    const raw_data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.keep({ data_type: tensorTypes.int64, dims: [values.length], raw_data }, 'list');
  }

  private keep(tensor: TensorProto, hint: string): string {
    const name = this.value(hint);
    this.constants.set(name, { ...tensor, name });
    return name;
  }

  /** Puts nodes in the place of one, or behind it where it is among them. */
  replace(node: NodeProto, by: readonly NodeProto[]): void {
    this.graph.node.splice(this.graph.node.indexOf(node), 1, ...by);
  }

  /** The graph with the constants that are still read or given. */
  finish(): GraphProto {
    const read = new Set([...this.outputs, ...this.graph.node.flatMap(({ input }) => input)]);
    const initializer = [...this.constants.values()].filter(({ name }) => read.has(name!));
    return { ...this.graph, initializer };
  }
}

function typeOf(values: Float32Array | Int32Array | Int8Array | Uint8Array): number {
  if (values instanceof Float32Array) return tensorTypes.float32;
  if (values instanceof Int32Array) return tensorTypes.int32;
  return values instanceof Int8Array ? tensorTypes.int8 : tensorTypes.uint8;
}

/** The values of a float tensor, however it stores them. */
export function floatsOf({ raw_data, float_data }: TensorProto): Float32Array {
  if (!raw_data?.length) return Float32Array.from(float_data ?? []);
  return new Float32Array(Uint8Array.from(raw_data).buffer);
}

/** A list of whole numbers: the values of an int64 constant. */
export function integersOf({ raw_data, int64_data }: TensorProto): number[] {
  if (!raw_data?.length) return int64_data ?? [];
  return Array.from(new BigInt64Array(Uint8Array.from(raw_data).buffer), Number);
}

export function attribute(node: NodeProto, name: string): NodeProto['attribute'][number] | undefined {
  return node.attribute.find((each) => each.name === name);
}

export const ints = (node: NodeProto, name: string): number[] | undefined => attribute(node, name)?.ints;
