import { type Attributes, type ElementType, elementTypes } from './model.js';

/** A value of a template: an input, a constant or what a node gives. */
export interface Sym {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly constant?: Uint8Array;
  /** Whether it lies in ONNX Runtime's blocks of channels (see `kernels/layout`). */
  readonly blocked?: boolean;
}

/** One ONNX node of a template. */
export interface TemplateNode {
  op: string;
  domain: string;
  inputs: readonly (Sym | undefined)[];
  outputs: readonly Sym[];
  attributes: Attributes;
}

interface NodeOptions {
  attributes?: Attributes;
  domain?: string;
  type?: ElementType;
}

const microsoft = 'com.microsoft';

/**
 * Collects the ONNX nodes that one tfjs kernel becomes. Each method appends a node, knows the shape of its
 * result, and takes shapes and types that fit: it checks nothing, since tfjs-core did.
 */
export class Builder {
  readonly nodes: TemplateNode[] = [];
  /** Nodes that do instead where only the first result is read. */
  lean?: TemplateNode[];

  /**
   * @param blockSize channels in a block of ONNX Runtime's blocked layout on this processor; 0: it has none
   * @param portable one transposition or broadcast stays one node, which other tools and later passes know
   */
  constructor(
    readonly blockSize = 0,
    readonly portable = false,
  ) {}

  /** Any operator with one result. */
  node(
    op: string,
    inputs: readonly (Sym | undefined)[],
    shape: readonly number[],
    options: NodeOptions = {},
  ): Sym {
    return this.multiple(op, inputs, [shape], options)[0]!;
  }

  /** Any operator with several results of one type. */
  multiple(
    op: string,
    inputs: readonly (Sym | undefined)[],
    shapes: readonly (readonly number[])[],
    { attributes = {}, domain = '', type = inputs[0]!.type }: NodeOptions = {},
  ): Sym[] {
    const outputs = shapes.map((shape) => ({ type, shape }));
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** Says how to compute the first result `y` if nobody reads the others. */
  alone(y: Sym, compute: (g: Builder) => Sym): void {
    const g = new Builder(this.blockSize, this.portable);
    const found = compute(g);
    this.lean = g.nodes.map((node) => ({
      ...node,
      outputs: node.outputs.map((symbol) => (symbol === found ? y : symbol)),
    }));
  }

  constant(values: readonly number[] | Float32Array, shape: readonly number[], type: ElementType): Sym {
    return { type, shape, constant: encode(values, type) };
  }

  /** A number that broadcasts. */
  scalar(value: number, type: ElementType = 'float32'): Sym {
    return this.constant([value], [], type);
  }

  /** A list for operators that take shapes, axes or bounds as tensors. */
  list(values: readonly number[]): Sym {
    return this.constant(values, [values.length], 'int64');
  }

  unary(op: string, x: Sym, attributes: Attributes = {}): Sym {
    return this.node(op, [x], x.shape, { attributes });
  }

  binary(op: string, a: Sym, b: Sym, type: ElementType = a.type): Sym {
    const times = this.portable ? 1 : repeats(a, b);
    if (times > 1) {
      const [channels] = b.shape as [number];
      const row = times * channels;
      const repeated = this.node('Tile', [b, this.list([times])], [row]);
      const rows = this.reshape(a, [sizeOf(a.shape) / row, row]);
      return this.reshape(this.node(op, [rows, repeated], rows.shape, { type }), a.shape);
    }
    return this.node(op, [a, b], broadcast(a.shape, b.shape), { type });
  }

  compare(op: string, a: Sym, b: Sym): Sym {
    return this.binary(op, a, b, 'bool');
  }

  add = (a: Sym, b: Sym): Sym => this.binary('Add', a, b);
  sub = (a: Sym, b: Sym): Sym => this.binary('Sub', a, b);
  mul = (a: Sym, b: Sym): Sym => this.binary('Mul', a, b);
  div = (a: Sym, b: Sym): Sym => this.binary('Div', a, b);

  /** scale·x + offset, in one pass over many values: ONNX Runtime's depthwise convolution of one tap. */
  affine(x: Sym, scale: number, offset: number): Sym {
    const block = this.blockSize;
    const width = block > 0 ? commonPower(sizeOf(x.shape) / block, 1024) : 0;
    if (width < 1024) return this.add(this.mul(x, this.scalar(scale)), this.scalar(offset));
    const places = this.reshape(x, [1, block, sizeOf(x.shape) / (block * width), width]);
    const filter = this.constant(Array<number>(block).fill(scale), [block, 1, 1, 1], 'float32');
    const bias = this.constant(Array<number>(block).fill(offset), [block], 'float32');
    const window = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
    const options = { attributes: { ...window, group: block }, domain: 'com.microsoft.nchwc' };
    return this.reshape(this.node('Conv', [places, filter, bias], places.shape, options), x.shape);
  }

  where(condition: Sym, yes: Sym, no: Sym): Sym {
    const shape = broadcast(condition.shape, broadcast(yes.shape, no.shape));
    return this.node('Where', [condition, yes, no], shape, { type: yes.type });
  }

  cast(x: Sym, type: ElementType): Sym {
    if (x.type === type) return x;
    return this.node('Cast', [x], x.shape, { type, attributes: { to: elementTypes[type] } });
  }

  reshape(x: Sym, shape: readonly number[]): Sym {
    if (sameShape(x.shape, shape)) return x;
    // A length of 0 would else mean that of the input.
    const attributes: Attributes = shape.includes(0) ? { allowzero: 1 } : {};
    return this.node('Reshape', [x, this.list(shape)], shape, { attributes });
  }

  transpose(x: Sym, perm: readonly number[]): Sym {
    if (perm.every((axis, i) => axis === i)) return x;
    const shape = perm.map((axis) => x.shape[axis]!);
    if (this.portable) return this.node('Transpose', [x], shape, { attributes: { perm } });
    const moved = perm.filter((axis) => x.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.reshape(x, shape);
    // ONNX Runtime is several times faster at a plain matrix than at the same move written in more axes.
    const start = moved.indexOf(Math.min(...moved));
    const turned = [...moved.slice(start), ...moved.slice(0, start)];
    if (start > 0 && perm.length > 2 && turned.every((axis, i) => i === 0 || axis > turned[i - 1]!)) {
      const columns = sizeOf(moved.slice(0, start).map((axis) => x.shape[axis]!));
      const matrix = this.reshape(x, [sizeOf(shape) / columns, columns]);
      return this.reshape(this.transpose(matrix, [1, 0]), shape);
    }
    return this.node('Transpose', [x], shape, { attributes: { perm } });
  }

  expand(x: Sym, shape: readonly number[]): Sym {
    return sameShape(x.shape, shape) ? x : this.node('Expand', [x, this.list(shape)], shape);
  }

  /** Elements `begin`, `begin + step`, … as many as `shape` says, on every axis; steps may be negative. */
  slice(x: Sym, begin: readonly number[], shape: readonly number[], steps?: readonly number[]): Sym {
    const axes = x.shape
      .map((_, axis) => axis)
      .filter((axis) => shape[axis] !== x.shape[axis] || (steps?.[axis] ?? 1) !== 1);
    if (axes.length === 0) return x;
    const step = (axis: number) => steps?.[axis] ?? 1;
    // An end before the first element can only be said as a number below every valid negative index.
    const end = (axis: number) => {
      const past = begin[axis]! + shape[axis]! * step(axis);
      return past < 0 ? -(2 ** 31) : past;
    };
    const bounds = [axes.map((axis) => begin[axis]!), axes.map(end), axes, axes.map(step)];
    return this.node('Slice', [x, ...bounds.map((list) => this.list(list))], shape);
  }

  concat(parts: readonly Sym[], axis: number): Sym {
    if (parts.length === 1) return parts[0]!;
    const shape = [...parts[0]!.shape];
    shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
    return this.node('Concat', parts, shape, { attributes: { axis } });
  }

  split(x: Sym, sizes: readonly number[], axis: number): Sym[] {
    if (sizes.length === 1) return [x];
    const shapes = sizes.map((size) => x.shape.map((length, i) => (i === axis ? size : length)));
    return this.multiple('Split', [x, this.list(sizes)], shapes, { attributes: { axis } });
  }

  /** Constant padding; negative numbers crop. */
  pad(x: Sym, paddings: readonly (readonly [number, number])[], value = 0): Sym {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    const pads = [...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])];
    const shape = x.shape.map((length, i) => length + paddings[i]![0] + paddings[i]![1]);
    return this.node('Pad', [x, this.list(pads), this.scalar(value, x.type)], shape);
  }

  gather(x: Sym, indices: Sym, axis: number): Sym {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.node('Gather', [x, indices], shape, { attributes: { axis } });
  }

  /** A reduction operator (`ReduceSum`, `ReduceMax`, …) over axes. */
  reduce(op: string, x: Sym, axes: readonly number[], keep = false): Sym {
    if (axes.length === 0) return x;
    const shape = x.shape.flatMap((length, i) => (axes.includes(i) ? (keep ? [1] : []) : [length]));
    if (op === 'ReduceSum' && !this.portable && sumsRows(x, axes)) {
      return this.reshape(this.sumRows(x, sizeOf(x.shape.slice(axes.length))), shape);
    }
    return this.node(op, [x, this.list(axes)], shape, { attributes: { keepdims: keep ? 1 : 0 } });
  }

  /** Sums over all rows of so many columns, as a product with ones, which two threads compute faster than a sum. */
  private sumRows(x: Sym, columns: number): Sym {
    const times = foldedRows(sizeOf(x.shape) / columns, columns);
    const [rows, width] = [sizeOf(x.shape) / (times * columns), times * columns];
    const ones = this.constant(new Float32Array(rows).fill(1), [1, rows], 'float32');
    const sums = this.matmul(ones, this.reshape(x, [rows, width]));
    if (times === 1) return sums;
    return this.reduce('ReduceSum', this.reshape(sums, [times, columns]), [0]);
  }

  /** Product of the last two axes, either operand transposed; leading axes broadcast. */
  matmul(a: Sym, b: Sym, transA = false, transB = false): Sym {
    const rows = a.shape.at(transA ? -1 : -2)!;
    const columns = b.shape.at(transB ? -2 : -1)!;
    if (a.shape.at(transA ? -2 : -1) !== b.shape.at(transB ? -1 : -2)) {
      throw new Error(
        `matrices of [${a.shape}] and [${b.shape}] do not fit (transposed: ${transA}, ${transB})`,
      );
    }
    const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
    // A transposed left matrix is copied as it is read, so the smaller one had better be there.
    if (transA && !transB && columns < rows && shape.length === 2 && a.type === 'float32') {
      return this.swap(this.matmul(b, a, true, false));
    }
    if (a.type !== 'float32' || (!transA && !transB)) {
      return this.node('MatMul', [transA ? this.swap(a) : a, transB ? this.swap(b) : b], shape);
    }
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
    if (transA && !transB && a.shape.length === 2 && b.shape.length === 2 && !this.portable) {
      const [long] = a.shape as [number];
      if (long % 2 === 0 && long >= 1024 && long >= 8 * Math.max(rows, columns)) {
        // Halves of a long sum: each thread reads its own, where ONNX Runtime would let all of them read everything.
        const [left, right] = [a, b].map((x) => this.reshape(x, [2, long / 2, x.shape[1]!])) as [Sym, Sym];
        const options = { attributes, domain: microsoft };
        return this.reduce('ReduceSum', this.node('FusedMatMul', [left, right], [2, ...shape], options), [0]);
      }
    }
    return this.node('FusedMatMul', [a, b], shape, { attributes, domain: microsoft });
  }

  private swap(x: Sym): Sym {
    const last = x.shape.length - 1;
    return this.transpose(x, [...x.shape.slice(0, -2).keys(), last, last - 1]);
  }
}

/**
 * How often to repeat a vector of channels that broadcasts along the last axis: ONNX Runtime calls its inner
 * loop once a row, and rows of a few channels are too short. A matrix stays, to be fused with its product.
 */
function repeats(a: Sym, b: Sym): number {
  const [channels] = b.shape;
  const fits = b.shape.length === 1 && a.shape.length > 2 && a.shape.at(-1) === channels && !b.constant;
  if (!fits || channels! < 2 || channels! > 64 || sizeOf(a.shape) < 2 ** 14) return 1;
  let times = 1;
  const rows = sizeOf(a.shape) / channels!;
  while (times * channels! < 512 && rows % (2 * times) === 0) times *= 2;
  return times;
}

/** Whether whole rows of many numbers are summed. */
function sumsRows({ shape, type }: Sym, axes: readonly number[]): boolean {
  const leads = axes.length < shape.length && axes.every((axis) => axis < axes.length);
  return leads && type === 'float32' && sizeOf(shape) >= 2 ** 14;
}

/** How many rows to add up side by side: until they fill a register, or as long as they can be paired. */
function foldedRows(rows: number, columns: number): number {
  let times = 1;
  while (times * columns < 16 && rows % (2 * times) === 0) times *= 2;
  return times;
}

/** The largest power of two up to `most` that divides n, a whole number; else 0. */
function commonPower(n: number, most: number): number {
  let power = Number.isInteger(n) ? 1 : 0;
  while (power > 0 && 2 * power <= most && n % (2 * power) === 0) power *= 2;
  return power;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((length, i) => length === b[i]));
}

/** The shape that two shapes broadcast to. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

function encode(values: readonly number[] | Float32Array, type: ElementType): Uint8Array {
  const array =
    type === 'int64'
      ? BigInt64Array.from(values as readonly number[], BigInt)
      : new { float32: Float32Array, int32: Int32Array, float64: Float64Array, bool: Uint8Array }[type](
          values,
        );
  return new Uint8Array(array.buffer);
}
