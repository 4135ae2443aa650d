import { InputError, readFileChecked, requireInteger } from '../../base/index.js';
import { type ElementType, elementTypes } from '../onnx/model.js';
import { defaultThreads, loadRuntime, type NativeSession, type ValueMetadata } from '../onnx/runtime.js';
import { checkedModel, inOneLine } from './check.js';

/** A model file by path, or its bytes. */
export type ModelSource = string | Uint8Array;

/** An input or output of a model; a dimension of any length is -1. */
export interface ModelPort {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** Values that go in or come out; of type bool as bytes. */
export interface ModelTensor {
  data: Float32Array | Int32Array | Uint8Array;
  shape: readonly number[];
}

export interface OpenOptions {
  /** Threads to run on; default: one for each physical core. */
  threads?: number;
  /** Largest file to read, bytes; default 1 GiB. */
  maxBytes?: number;
  /** Names the file in messages; default `model`. */
  what?: string;
}

/** An ONNX model that runs on ONNX Runtime, beside the tensors of the engine in use. */
export interface OnnxModel {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** The text that the file carries. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The outputs for these inputs, both by name.
   * @throws InputError when an input is missing, or of another type or shape than the model's.
   */
  run(inputs: Readonly<Record<string, ModelTensor>>): Record<string, ModelTensor>;
  /** Frees the session. */
  dispose(): void;
}

const mebibyte = 2 ** 20;

/**
 * Opens an ONNX model. The file is held hostile: its size is checked before it is read, and values in other
 * files and loops are refused.
 * @throws InputError in one line when the file is absent, too large, no model, or one that ONNX Runtime refuses,
 *   or when it takes or gives types other than float32, int32 and bool.
 */
export function openModel(source: ModelSource, options: OpenOptions = {}): OnnxModel {
  const { threads = defaultThreads(), maxBytes = 1024 * mebibyte } = options;
  requireInteger('threads', threads, 1, 256);
  const { bytes, what } = readModel(source, { what: options.what ?? 'model', maxBytes });
  const { metadata_props } = checkedModel(bytes, what);
  const runtime = loadRuntime();
  const session = inOneLine(what, () => runtime.session(bytes, threads));
  const { inputs, outputs } = portsOf(session, what);
  const fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]));
  return {
    inputs,
    outputs,
    metadata: Object.fromEntries(metadata_props.map(({ key, value }) => [key, value ?? ''])),
    run(given) {
      const feeds = inputs.map((port) => {
        const { data, shape } = fitting(given[port.name], port, what);
        return [port.name, runtime.tensor(port.type, data, shape)] as const;
      });
      const results = inOneLine(what, () => session.run(Object.fromEntries(feeds), fetches, {}));
      return Object.fromEntries(
        outputs.map(({ name }) => [name, { data: results[name]!.data, shape: results[name]!.dims }]),
      );
    },
    dispose: () => session.dispose(),
  };
}

/** The bytes of a model, and how messages call it. */
export function readModel(
  source: ModelSource,
  { what, maxBytes }: { what: string; maxBytes: number },
): { bytes: Uint8Array; what: string } {
  if (typeof source === 'string') {
    return { bytes: readFileChecked(source, what, { minBytes: 1, maxBytes }), what: `${what} ${source}` };
  }
  if (source.length > maxBytes) {
    throw new InputError(`${what}: ${source.length} bytes; allowed: at most ${maxBytes}`);
  }
  return { bytes: source, what };
}

const allowedTypes: readonly ElementType[] = ['float32', 'int32', 'bool'];

function portsOf(session: NativeSession, what: string): Record<'inputs' | 'outputs', ModelPort[]> {
  try {
    return {
      inputs: session.inputMetadata.map((port) => portOf(port, what)),
      outputs: session.outputMetadata.map((port) => portOf(port, what)),
    };
  } catch (error) {
    session.dispose();
    throw error;
  }
}

function portOf({ name, isTensor, type, shape }: ValueMetadata, what: string): ModelPort {
  const found = allowedTypes.find((each) => isTensor && elementTypes[each] === type);
  if (!found) {
    throw new InputError(`${what}: ${name} has ONNX type ${type}; allowed: ${allowedTypes.join(', ')}`);
  }
  return { name, type: found, shape };
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

function fitting(given: ModelTensor | undefined, port: ModelPort, what: string): ModelTensor {
  const wanted = `${port.type} [${port.shape.map((n) => (n < 0 ? 'any' : n)).join(', ')}]`;
  if (!given) throw new InputError(`${what}: no input ${port.name}; it takes ${wanted}`);
  const { data, shape } = given;
  const fits =
    data instanceof arrays[port.type as keyof typeof arrays] &&
    shape.length === port.shape.length &&
    shape.every((n, i) => port.shape[i]! < 0 || port.shape[i] === n) &&
    data.length === shape.reduce((a, b) => a * b, 1);
  if (fits) return given;
  throw new InputError(
    `${what}: input ${port.name} is a ${data.constructor.name} of ${data.length} in shape [${shape.join(', ')}]; it takes ${wanted}`,
  );
}
