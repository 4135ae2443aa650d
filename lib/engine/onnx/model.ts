import {
  type AttributeProto,
  encodeModel,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from './proto.js';

/** Element types of the graphs that the engine writes, with their ONNX numbers. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A number or list of numbers is an integer attribute; a float is marked as one, and so is a graph. */
export type Attribute = number | readonly number[] | string | { float: number } | { graph: ModelGraph };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface ModelNode {
  name: string;
  op: string;
  /** Empty for the standard operators. */
  domain: string;
  /** An empty name is an optional input left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Attributes;
}

export interface ModelValue {
  name: string;
  type: ElementType;
  shape: readonly number[];
}

export interface ModelConstant extends ModelValue {
  /** The elements, row-major, little-endian; a bool is one byte. */
  bytes: Uint8Array;
}

export interface ModelGraph {
  nodes: readonly ModelNode[];
  constants: readonly ModelConstant[];
  inputs: readonly ModelValue[];
  outputs: readonly ModelValue[];
}

/** ONNX IR 10 with operator set 21 (ONNX 1.16): what every ONNX Runtime since 1.18 reads. */
const irVersion = 10;
const operatorSets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
  { domain: 'com.microsoft.nchwc', version: 1 },
];

/** A model of one graph. */
export function toProto(graph: ModelGraph): ModelProto {
  return {
    ir_version: irVersion,
    producer_name: 'semwave',
    opset_import: operatorSets,
    metadata_props: [],
    graph: writeGraph(graph),
  };
}

const writeGraph = (graph: ModelGraph): GraphProto => ({
  name: 'graph',
  node: graph.nodes.map(writeNode),
  initializer: graph.constants.map(({ name, type, shape, bytes }) => ({
    name,
    data_type: elementTypes[type],
    dims: [...shape],
    raw_data: bytes,
  })),
  input: graph.inputs.map(writeValue),
  output: graph.outputs.map(writeValue),
});

/** An ONNX model (ModelProto) of one graph, as bytes. */
export const writeModel = (graph: ModelGraph): Uint8Array => encodeModel(toProto(graph));

const writeNode = (node: ModelNode): NodeProto => ({
  name: node.name,
  op_type: node.op,
  domain: node.domain,
  input: [...node.inputs],
  output: [...node.outputs],
  attribute: Object.entries(node.attributes).map(([name, value]) => writeAttribute(name, value)),
});

export const writeValue = ({ name, type, shape }: ModelValue): ValueInfoProto => ({
  name,
  type: {
    tensor_type: {
      elem_type: elementTypes[type],
      shape: { dim: shape.map((length) => ({ dim_value: length })) },
    },
  },
});

/** The numbers of AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

export function writeAttribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') {
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  if ('graph' in value) return { name, type: attributeTypes.graph, g: writeGraph(value.graph) };
  return { name, type: attributeTypes.ints, ints: [...value] };
}
