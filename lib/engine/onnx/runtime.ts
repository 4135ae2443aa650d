import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { InputError, nativeCall } from '../../base/index.js';
import type { ElementType } from './model.js';
import type { HostArray } from './values.js';

/** A tensor as ONNX Runtime's JavaScript interface has it. */
export interface RuntimeTensor {
  readonly data: HostArray;
  readonly dims: readonly number[];
}

/** An input or output of a model. A dimension of no fixed length is -1. */
export interface ValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly shape: readonly number[];
  /** The number of its type in ONNX. */
  readonly type: number;
}

/** The native session below onnxruntime-node's promises: it loads and runs at once, which `dataSync` needs. */
export interface NativeSession {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(
    feeds: Record<string, RuntimeTensor>,
    fetches: Record<string, RuntimeTensor | null>,
    options: object,
  ): Record<string, RuntimeTensor>;
  endProfiling(): void;
  dispose(): void;
}

/** What a session may have otherwise than others. */
interface SessionChoices {
  /** The beginning of the name of a trace file to write. */
  profile?: string | undefined;
  /** Optimisations of ONNX Runtime's, by name, to do without. */
  without?: readonly string[];
  /** Further options of ONNX Runtime's. */
  options?: object;
}

interface Binding {
  binding: { InferenceSession: new () => NativeSession };
  initOrt(): void;
}

interface Package {
  Tensor: new (type: ElementType, data: HostArray, dims: readonly number[]) => RuntimeTensor;
}

/** ONNX Runtime, loaded. */
export class Runtime {
  readonly version: string;
  private readonly binding: Binding;
  private readonly package: Package;

  /** @throws the loader's error when the package or its native library is missing. */
  constructor() {
    const load = createRequire(import.meta.url);
    this.package = load('onnxruntime-node') as Package;
    this.binding = load('onnxruntime-node/dist/binding.js') as Binding;
    this.version = (load('onnxruntime-node/package.json') as { version: string }).version;
    this.binding.initOrt();
  }

  tensor(type: ElementType, data: HostArray, shape: readonly number[]): RuntimeTensor {
    return new this.package.Tensor(type, data, shape);
  }

  session(model: Uint8Array, threads: number, choices: SessionChoices = {}): NativeSession {
    const { profile, without = [], options } = choices;
    const session = new this.binding.binding.InferenceSession();
    const run = session.run.bind(session);
    const gated: NativeSession['run'] = (...given) => nativeCall(() => run(...given));
    Object.defineProperty(session, 'run', { value: gated });
    const settings = {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // Fatal only: what goes wrong is thrown, and told in one line there.
      logSeverityLevel: 4,
      // Waiting threads soon sleep: longer spinning halves the speed as soon as another process wants a core.
      extra: {
        session: { intra_op: { allow_spinning: '1', spin_duration_us: '20' } },
        optimization: { disable_specified_optimizers: without.join(';') },
      },
      ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
      ...options,
    };
    nativeCall(() => session.loadModel(model.buffer, model.byteOffset, model.byteLength, settings));
    return session;
  }
}

let loaded: Runtime | undefined;

/**
 * ONNX Runtime, loaded at the first call.
 * @throws InputError when onnxruntime-node or its native library is missing.
 */
export function loadRuntime(): Runtime {
  try {
    loaded ??= new Runtime();
    return loaded;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new InputError(`engine onnx: onnxruntime-node or its native library did not load (${reason})`);
  }
}

const mostThreads = 16;

/** Threads to use where none are asked for: one in a worker, whose neighbours compute too; else a physical core each. */
export function defaultThreads(): number {
  return isMainThread ? Math.max(1, Math.min(availableParallelism(), physicalCores(), mostThreads)) : 1;
}

/** Linux says which processors share a core; elsewhere each counts as one. */
function physicalCores(): number {
  const folder = '/sys/devices/system/cpu';
  try {
    const names = readdirSync(folder).filter((name) => /^cpu\d+$/.test(name));
    const cores = names.map((name) =>
      readFileSync(`${folder}/${name}/topology/thread_siblings_list`, 'utf8').trim(),
    );
    return new Set(cores).size || availableParallelism();
  } catch {
    return availableParallelism();
  }
}
