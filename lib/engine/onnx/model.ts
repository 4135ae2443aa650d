import protobuf from 'protobufjs';

/** The part of the ONNX schema (onnx.proto3 of the ONNX project) that a model of one graph needs. */
const schema = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5;
  repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; int32 type = 20;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14;
}
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message TensorShapeProto {
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  Tensor tensor_type = 1;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;

/** Element types of the graphs that the engine writes, with their ONNX numbers. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A number or list of numbers is an integer attribute; a float is marked as one. */
export type Attribute = number | readonly number[] | string | { float: number };
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
  metadata?: Readonly<Record<string, string>>;
}

/** ONNX IR 10 with operator set 21 (ONNX 1.16): what every ONNX Runtime since 1.18 reads. */
const irVersion = 10;
const operatorSets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
  { domain: 'com.microsoft.nchwc', version: 1 },
];

let modelType: protobuf.Type | undefined;

/** An ONNX model (ModelProto) of one graph, as bytes. */
export function writeModel(graph: ModelGraph): Uint8Array {
  modelType ??= protobuf.parse(schema, { keepCase: true }).root.lookupType('onnx.ModelProto');
  return modelType
    .encode({
      ir_version: irVersion,
      producer_name: 'semwave',
      opset_import: operatorSets,
      metadata_props: Object.entries(graph.metadata ?? {}).map(([key, value]) => ({ key, value })),
      graph: {
        name: 'graph',
        node: graph.nodes.map(writeNode),
        initializer: graph.constants.map(({ name, type, shape, bytes }) => ({
          name,
          data_type: elementTypes[type],
          dims: shape,
          raw_data: bytes,
        })),
        input: graph.inputs.map(writeValue),
        output: graph.outputs.map(writeValue),
      },
    })
    .finish();
}

const writeNode = (node: ModelNode) => ({
  name: node.name,
  op_type: node.op,
  domain: node.domain,
  input: node.inputs,
  output: node.outputs,
  attribute: Object.entries(node.attributes).map(([name, value]) => writeAttribute(name, value)),
});

const writeValue = ({ name, type, shape }: ModelValue) => ({
  name,
  type: {
    tensor_type: {
      elem_type: elementTypes[type],
      shape: { dim: shape.map((length) => ({ dim_value: length })) },
    },
  },
});

/** The numbers of AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 };

function writeAttribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') {
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.ints, ints: value };
}
