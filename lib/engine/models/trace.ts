import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import { activate } from '../activate.js';
import { useEngine } from '../engines.js';
import type { OnnxBackend } from '../onnx/backend.js';
import type { Lowering } from '../onnx/kernels/lowering.js';
import { type ModelConstant, type ModelGraph, type ModelValue, writeModel } from '../onnx/model.js';
import { cut, GraphWriter } from '../onnx/plan.js';
import { encodeModel } from '../onnx/proto.js';
import { TemplateStore } from '../onnx/template.js';
import type { Value } from '../onnx/values.js';
import { finishModel } from './finish.js';
import { compact } from './optimise.js';
import { Recording } from './recording.js';

/** An input of a model to be: its shape, which is fixed, and type (default float32). */
export interface TracedInput {
  shape: readonly number[];
  type?: 'float32' | 'int32' | 'bool';
}

export interface TraceOptions {
  /** By name, in the order of the file. */
  inputs: Readonly<Record<string, TracedInput>>;
  /** Text that the file carries (`metadata_props`). */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * A function of tensors as an ONNX model: the bytes of the file. `fn` is called once, with tensors that have
 * a shape and no values; it returns the outputs by name. All other tensors that it uses become constants of
 * the file; what depends on constants alone is computed now. Shapes are fixed: a file serves one size, and
 * other sizes need a trace each. The file holds standard operators only (operator set 21, IR 10: ONNX 1.16).
 *
 * The engine in use stays in use; tensors of another engine that `fn` uses move to onnx and back.
 * @throws InputError when engine onnx does not run here, or `fn` reads values, or has no output, or an operation
 *   has no standard operator.
 */
export async function traceModel(
  fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  { inputs, metadata = {} }: TraceOptions,
): Promise<Uint8Array> {
  const engine = tf.engine();
  const before = engine.backendName;
  await useEngine('onnx');
  try {
    const backend = engine.backend as OnnxBackend;
    const graph = record(backend, fn, inputs);
    return encodeModel(finishModel(compact(backend.runtime, writeModel(graph)), metadata));
  } finally {
    if (before && before !== 'onnx') await activate(before);
  }
}

const placeholder: Lowering = (_, __, { shape, type }: Required<TracedInput>) => ({ shape, type });
/** A node of its own for every output, even where the function hands through an input. */
const result: Lowering = (g, { x }) => g.unary('Identity', x);

/** Channels in a block of ONNX Runtime's own layout: none, as in standard operators. */
const unblocked = 0;

function record(
  backend: OnnxBackend,
  fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  inputs: TraceOptions['inputs'],
): ModelGraph {
  backend.graph.flush();
  const { graph, templates } = backend;
  const recording = new Recording(backend.runtime, graph.threads);
  backend.graph = recording;
  backend.templates = new TemplateStore(unblocked, true);
  const values = { inputs: new Map<string, Value>(), outputs: new Map<string, Value>() };
  try {
    const held = tf.tidy(() => {
      const given: Record<string, tf.Tensor> = {};
      for (const [name, { shape, type = 'float32' }] of Object.entries(inputs)) {
        const info = backend.run('ModelInput', placeholder, {}, { shape: [...shape], type }) as tf.TensorInfo;
        values.inputs.set(name, recording.latest);
        given[name] = tf.engine().makeTensorFromTensorInfo(info);
      }
      return Object.entries(fn(given)).map(([name, x]) => {
        const info = backend.run('ModelOutput', result, { x }, {}) as tf.TensorInfo;
        values.outputs.set(name, recording.latest);
        return tf.engine().makeTensorFromTensorInfo(info);
      });
    });
    if (held.length === 0) throw new InputError('export: the function has no output');
    const written = write(recording, values);
    tf.dispose(held);
    return written;
  } finally {
    backend.graph = graph;
    backend.templates = templates;
    recording.end();
  }
}

/** The recorded nodes as one graph; what they read besides the inputs becomes constants. */
function write(
  recording: Recording,
  { inputs, outputs }: { inputs: Map<string, Value>; outputs: Map<string, Value> },
): ModelGraph {
  const part = cut(recording.nodesFor([...outputs.values()]));
  const { nodes, constants } = new GraphWriter(part);
  const needed = new Set(part.nodes);
  const named = new Map<string, string>();
  for (const [name, { node, index }] of [...inputs, ...outputs]) {
    if (needed.has(node!)) named.set(`v${node!.position + index}`, name);
  }
  const rename = (name: string) => named.get(name) ?? (name && `/${name}`);
  const fed = part.feeds.map(({ value, type, shape }, i): ModelConstant => {
    const { buffer, byteOffset, byteLength } = value.values!;
    return { name: `f${i}`, type, shape, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  });
  return {
    nodes: nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    constants: [...fed, ...constants].map((constant) => ({ ...constant, name: rename(constant.name) })),
    inputs: [...inputs].map(described),
    outputs: [...outputs].map(described),
  };
}

const described = ([name, { type, shape }]: [string, Value]): ModelValue => ({ name, type, shape });
