import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import { recordWithBias } from './biases.js';
import { findBlockSize } from './blocks.js';
import { sameShape, sizeOf } from './builder.js';
import { Graph } from './graph.js';
import type { Lowering } from './kernels/lowering.js';
import { type Operand, type Recorded, recordInBlocks } from './layouts.js';
import type { Runtime } from './runtime.js';
import { recordSpectrally } from './spectra.js';
import { TemplateStore } from './template.js';
import { type TensorFunction, type Trace, trace } from './trace.js';
import { type HostArray, Value } from './values.js';

/** A number tensor. Its shape is that of its first tensor: a reshaped one shares the data. */
interface NumberData {
  refCount: number;
  value: Value;
}

/** A complex tensor: two real ones. */
interface ComplexData {
  refCount: number;
  real: tf.TensorInfo;
  imag: tf.TensorInfo;
}

interface StringData {
  refCount: number;
  strings: Uint8Array[];
}

type TensorData = NumberData | ComplexData | StringData;

type NamedInputs = Readonly<Record<string, tf.TensorInfo | undefined>>;

const reshape: Lowering = (g, { x }, { shape }: { shape: number[] }) => g.reshape(x, shape);

/**
 * A lazy tfjs backend: kernels are recorded; reading a value computes all that is recorded and alive as one
 * ONNX graph (see `Graph`).
 */
export class OnnxBackend extends tf.KernelBackend {
  /** Where kernels go and what they become; an export puts others in their place for a while. */
  graph: Graph;
  templates: TemplateStore;
  private readonly data: tf.DataStorage<TensorData>;

  constructor(
    readonly runtime: Runtime,
    threads: number,
  ) {
    super();
    this.graph = new Graph(runtime, threads);
    this.templates = new TemplateStore(findBlockSize(runtime));
    this.data = new tf.DataStorage(this, tf.engine());
  }

  /** Records a kernel whose inputs are numbers. */
  run(
    kernel: string,
    lowering: Lowering,
    inputs: NamedInputs,
    attrs: object,
  ): tf.TensorInfo | tf.TensorInfo[] {
    this.graph.makeRoom();
    const operands: Operand[] = [];
    for (const name in inputs) {
      const info = inputs[name];
      if (info) operands.push({ name, shape: info.shape, value: this.resolve(info) });
    }
    const { template, outputs } =
      recordSpectrally(this.graph, this.templates, kernel, operands, attrs) ??
      recordWithBias(this.graph, this.templates, kernel, operands) ??
      recordInBlocks(this.graph, this.templates, kernel, operands, attrs) ??
      this.record(kernel, lowering, operands, attrs);
    const tensors = outputs.map((value, i) => {
      const symbol = template.outputs[i]!;
      return this.tensor(value, symbol.blocked ? value.shape : symbol.shape);
    });
    return template.many ? tensors : tensors[0]!;
  }

  private record(kernel: string, lowering: Lowering, operands: readonly Operand[], attrs: object): Recorded {
    const signature = operands.map(({ name, shape, value }) => ({ name, type: value.type, shape }));
    const template = this.templates.get(kernel, lowering, signature, attrs);
    return {
      template,
      outputs: this.graph.record(
        template,
        operands.map(({ value }) => value),
      ),
    };
  }

  private tensor(value: Value, shape: readonly number[]): tf.TensorInfo {
    return { dataId: this.store({ refCount: 1, value }), shape: [...shape], dtype: value.type };
  }

  private store(data: TensorData): tf.DataId {
    const dataId = {};
    this.set(dataId, data);
    return dataId;
  }

  private set(dataId: tf.DataId, data: TensorData): void {
    if ('value' in data) this.graph.hold(data.value);
    this.data.set(dataId, data);
  }

  /** The value of a tensor in the tensor's shape. */
  private resolve(info: tf.TensorInfo): Value {
    const { value } = this.data.get(info.dataId) as NumberData;
    if (value.failure) throw value.failure;
    if (!value.pending || sameShape(value.shape, info.shape)) return value;
    return value.viewAs(info.shape, () => {
      const signature = { name: 'x', type: value.type, shape: value.shape };
      const template = this.templates.get('Reshape', reshape, [signature], { shape: info.shape });
      return this.graph.record(template, [value])[0]!;
    });
  }

  /** A tensor of host values, which are not copied. */
  makeTensor(values: HostArray, shape: readonly number[], dtype: Value['type']): tf.TensorInfo {
    const value = new Value(dtype, shape, values);
    return { dataId: this.store({ refCount: 1, value }), shape: [...shape], dtype };
  }

  makeStrings(strings: Uint8Array[], shape: number[]): tf.TensorInfo {
    return { dataId: this.store({ refCount: 1, strings }), shape, dtype: 'string' };
  }

  /** A complex tensor of two real ones, which it shares. */
  makeComplex(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
    const part = (info: tf.TensorInfo): tf.TensorInfo => ({
      dataId: this.store({ refCount: 1, value: this.resolve(info) }),
      shape: info.shape,
      dtype: 'float32',
    });
    const data = { refCount: 1, real: part(real), imag: part(imag) };
    return { dataId: this.store(data), shape: real.shape, dtype: 'complex64' };
  }

  /** The parts of a complex tensor, in its shape; they stay its own. */
  parts(info: tf.TensorInfo): [real: tf.TensorInfo, imag: tf.TensorInfo] {
    const { real, imag } = this.data.get(info.dataId) as ComplexData;
    return [
      { ...real, shape: info.shape },
      { ...imag, shape: info.shape },
    ];
  }

  /** The same data for one more tensor. */
  share(info: tf.TensorInfo, shape = info.shape): tf.TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape, dtype: info.dtype };
  }

  /** Host values of a number tensor, not to be changed. */
  hostValues(info: { dataId: tf.DataId }): HostArray {
    return this.valuesOf((this.data.get(info.dataId) as NumberData).value);
  }

  /** Host values of a value, computed if need be, not to be changed. */
  valuesOf(value: Value): HostArray {
    if (value.failure) throw value.failure;
    if (value.pending) this.graph.flush();
    if (!value.values) this.graph.refuseWhileTracing();
    return value.values!;
  }

  /** The values behind a tensor: its own, or those of the real and the imaginary part. */
  leaves(info: { dataId: tf.DataId }): Value[] {
    const data = this.data.get(info.dataId);
    if ('strings' in data) throw new InputError('jit: a result is of strings; allowed: numbers');
    return 'value' in data ? [data.value] : [data.real, data.imag].flatMap((part) => this.leaves(part));
  }

  /** A tensor of the values behind it: one, or two for a complex one. */
  fromLeaves(values: readonly Value[], shape: readonly number[]): tf.Tensor {
    const infos = values.map((value): tf.TensorInfo => {
      return { dataId: this.store({ refCount: 1, value }), shape: [...shape], dtype: value.type };
    });
    const [first, second] = infos as [tf.TensorInfo, tf.TensorInfo?];
    const info = second ? this.makeComplex(first, second) : first;
    if (second) for (const part of infos) this.disposeData(part.dataId);
    return tf.engine().makeTensorFromTensorInfo(info, this);
  }

  /** Compiles a function of tensors for arguments of these shapes and types (see `trace`). */
  trace(fn: TensorFunction, args: readonly tf.Tensor[]): Trace {
    return trace(this, fn, args);
  }

  /** Host values of a number tensor, if they are known without computing. */
  knownValues(info: { dataId: tf.DataId }): HostArray | undefined {
    return (this.data.get(info.dataId) as NumberData).value.values;
  }

  hostStrings(info: { dataId: tf.DataId }): Uint8Array[] {
    return (this.data.get(info.dataId) as StringData).strings;
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const data = this.data.get(dataId);
    if ('strings' in data) return data.strings;
    // A copy: who reads may write into what was read.
    if ('value' in data) return this.hostValues({ dataId }).slice();
    const [real, imag] = [this.hostValues(data.real), this.hostValues(data.imag)];
    return tf.backend_util.mergeRealAndImagArrays(real as Float32Array, imag as Float32Array);
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    if (dtype === 'string') {
      this.set(dataId, { refCount, strings: values as Uint8Array[] });
    } else if (dtype === 'complex64') {
      const { real, imag } = tf.backend_util.splitRealAndImagArrays(values as Float32Array);
      const parts = {
        real: this.makeTensor(real, shape, 'float32'),
        imag: this.makeTensor(imag, shape, 'float32'),
      };
      this.set(dataId, { refCount, ...parts });
    } else {
      this.set(dataId, { refCount, value: new Value(dtype, shape, copyOf(values, shape, dtype)) });
    }
  }

  override refCount(dataId: tf.DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.data.get(dataId).refCount++;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    this.data.delete(dataId);
    if ('value' in data) this.graph.release(data.value);
    if ('real' in data) {
      this.disposeData(data.real.dataId);
      this.disposeData(data.imag.dataId);
    }
    return true;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    this.graph.flush();
    const start = performance.now();
    f();
    this.graph.flush();
    return { kernelMs: performance.now() - start };
  }

  override dispose(): void {
    this.graph.clear();
  }
}

/** The values in an array of the tensor's own: a caller may change his before they are used. */
function copyOf(
  values: tf.BackendValues,
  shape: readonly number[],
  dtype: 'float32' | 'int32' | 'bool',
): HostArray {
  const Constructor = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return values ? new Constructor(values as HostArray) : new Constructor(sizeOf(shape));
}
