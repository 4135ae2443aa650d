import { createRequire } from 'node:module';
import type protobuf from 'protobufjs';

/**
 * The ONNX schema (onnx.proto of the ONNX project): all that a model file says, less the training part, which
 * ONNX Runtime does not read, and types that no tensor has.
 */
const schema = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; GraphProto g = 6;
  repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9;
  repeated TensorProto tensors = 10; repeated GraphProto graphs = 11; int32 type = 20; string ref_attr_name = 21;
  SparseTensorProto sparse_tensor = 22; repeated SparseTensorProto sparse_tensors = 23;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7; string overload = 8;
}
message StringStringEntryProto { string key = 1; string value = 2; }
message FunctionProto {
  string name = 1; repeated string input = 4; repeated string output = 5; repeated string attribute = 6;
  repeated NodeProto node = 7; repeated OperatorSetIdProto opset_import = 9; string domain = 10;
  repeated AttributeProto attribute_proto = 11;
}
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14;
  repeated FunctionProto functions = 25;
}
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; repeated ValueInfoProto value_info = 13;
  repeated SparseTensorProto sparse_initializer = 15;
}
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5;
  repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; repeated double double_data = 10;
  repeated uint64 uint64_data = 11; repeated StringStringEntryProto external_data = 13; int32 data_location = 14;
}
message SparseTensorProto { TensorProto values = 1; TensorProto indices = 2; repeated int64 dims = 3; }
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

export interface AttributeProto {
  name: string;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: number[];
  ints?: number[];
  type: number;
}

export interface NodeProto {
  input: string[];
  output: string[];
  name?: string;
  op_type: string;
  attribute: AttributeProto[];
  domain?: string;
}

export interface TensorProto {
  name?: string;
  dims: number[];
  data_type: number;
  raw_data?: Uint8Array;
  float_data?: number[];
  int32_data?: number[];
  int64_data?: number[];
}

export interface ValueInfoProto {
  name: string;
  type?: {
    tensor_type?: { elem_type: number; shape?: { dim: { dim_value?: number; dim_param?: string }[] } };
  };
}

export interface GraphProto {
  name?: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  value_info?: ValueInfoProto[];
}

export interface ModelProto {
  ir_version: number;
  producer_name?: string;
  producer_version?: string;
  opset_import: { domain?: string; version: number }[];
  metadata_props: { key: string; value: string }[];
  graph: GraphProto;
}

let modelType: protobuf.Type | undefined;

/** Loads the library at the first model: it takes tens of milliseconds. */
function type(): protobuf.Type {
  const load = createRequire(import.meta.url);
  modelType ??= (load('protobufjs') as typeof protobuf)
    .parse(schema, { keepCase: true })
    .root.lookupType('onnx.ModelProto');
  return modelType;
}

/** The bytes of a model. */
export function encodeModel(model: ModelProto): Uint8Array {
  const bytes = type()
    .encode(model as unknown as Record<string, unknown>)
    .finish();
  // Not a Buffer, whose `slice` shares its memory.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A model of its bytes; absent lists are empty. @throws any error when the bytes are no protobuf message of the schema. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return type().toObject(type().decode(bytes), { longs: Number, arrays: true }) as ModelProto;
}
