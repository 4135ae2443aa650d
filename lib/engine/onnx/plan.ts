import { InputError } from '../../base/index.js';
import { fuseActivations } from './activations.js';
import { type Sym, sizeOf } from './builder.js';
import {
  type ElementType,
  type ModelConstant,
  type ModelGraph,
  type ModelNode,
  type ModelValue,
  writeModel,
} from './model.js';
import { fuseMovements } from './movements.js';
import type { NativeSession, Runtime, RuntimeTensor } from './runtime.js';
import type { Template } from './template.js';
import type { GraphNode, HostArray, Value } from './values.js';

/** A host value that a graph reads, in the shape that its reader sees. */
interface Feed {
  value: Value;
  type: ElementType;
  shape: readonly number[];
}

/** The part of the pending graph that something alive needs. */
export interface Cut {
  nodes: GraphNode[];
  feeds: Feed[];
  outputs: Value[];
  /** Where the inputs of all nodes come from, in order: the number of a result, or -1 less the number of a feed. */
  sources: number[];
  /** Equal for two cuts exactly when one compiled graph serves both. */
  key: string;
}

/** Cuts pending nodes, which are in the order of recording, at the values that tensors hold. */
export function cut(pending: readonly GraphNode[]): Cut {
  for (let i = pending.length - 1; i >= 0; i--) {
    const node = pending[i]!;
    node.needed = node.outputs.some((value) => value.holders > 0 || value.used);
    if (node.needed) for (const input of node.inputs) input.used = true;
  }
  const result: Cut = { nodes: [], feeds: [], outputs: [], sources: [], key: '' };
  const key: number[] = [];
  let position = 0;
  for (const node of pending) {
    if (!node.needed) continue;
    node.position = position;
    position += node.outputs.length;
    result.nodes.push(node);
    key.push(node.template.id);
    for (const [i, input] of node.inputs.entries()) {
      const source = input.node ? input.node.position + input.index : -1 - feedNumber(result, node, input, i);
      result.sources.push(source);
      key.push(source);
    }
    for (const output of node.outputs) {
      const alive = output.holders > 0;
      if (alive) result.outputs.push(output);
      key.push(alive ? 1 : 0);
    }
  }
  for (const { value } of result.feeds) value.feed = -1;
  for (const node of pending) for (const input of node.inputs) input.used = false;
  result.key = key.join();
  return result;
}

function feedNumber({ feeds }: Cut, node: GraphNode, value: Value, index: number): number {
  const { type, shape } = node.template.inputs[index]!;
  const known = feeds[value.feed];
  if (known && known.shape.length === shape.length && known.shape.every((n, i) => n === shape[i])) {
    return value.feed;
  }
  value.feed = feeds.push({ value, type, shape }) - 1;
  return value.feed;
}

/** The sum of a product and a bias as one operator, which lays the bias out on one thread; good for constant weights. */
const biasFusion = 'MatMulAddFusion';
/** The sum of two values and its layer norm as one operator, which is slower than the two. */
const skipFusion = 'SkipLayerNormFusion';

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** Bytes of the constants that special plans hold. */
export const constantBytes = { held: 0 };

/** A compiled graph. */
export class Plan {
  /** Bytes of the values that are needed at the same time, at most: about what its session holds. */
  readonly bytes: number;
  private readonly session: NativeSession;
  private readonly labels: string[];
  private readonly model: ModelGraph;
  private readonly specials = new Set<SpecialPlan>();

  constructor(
    private readonly runtime: Runtime,
    cut: Cut,
    private readonly threads: number,
    private readonly profile?: string,
  ) {
    const { nodes, constants, inputs, outputs, shapes } = new GraphWriter(cut);
    this.labels = cut.nodes.map(({ template }) => describe(template));
    const moved = fuseMovements(fuseActivations(nodes, outputs), outputs, shapes);
    this.model = { inputs, outputs, nodes: moved.nodes, constants: [...constants, ...moved.constants] };
    this.bytes = peakBytes(cut);
    this.session = this.compile(this.model, biasFusion);
  }

  /** The values of the outputs, from those of the feeds, both in the order of the cut. */
  run(feeds: readonly HostArray[]): HostArray[] {
    return this.runIn(this.session, this.model.inputs, feeds);
  }

  /** The same graph with some of its feeds for constants, which ONNX Runtime then prepares once. */
  specialise(constants: readonly number[], feeds: readonly HostArray[]): SpecialPlan {
    const fixed = new Set(constants);
    const { inputs, outputs, nodes } = this.model;
    const values = constants.map((i): ModelConstant => {
      const { buffer, byteOffset, byteLength } = feeds[i]!;
      return { ...inputs[i]!, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
    });
    const bytes = values.reduce((sum, constant) => sum + constant.bytes.length, 0);
    const open = inputs.filter((_, i) => !fixed.has(i));
    const model = { nodes, outputs, inputs: open, constants: [...this.model.constants, ...values] };
    const session = this.compile(model);
    const special: SpecialPlan = {
      run: (all) => {
        const given = all.filter((_, i) => !fixed.has(i));
        return this.runIn(session, open, given);
      },
      endProfiling: () => session.endProfiling(),
      dispose: () => {
        if (!this.specials.delete(special)) return;
        constantBytes.held -= bytes;
        session.dispose();
      },
    };
    this.specials.add(special);
    constantBytes.held += bytes;
    return special;
  }

  dispose(): void {
    for (const special of this.specials) special.dispose();
    this.session.dispose();
  }

  endProfiling(): void {
    for (const special of this.specials) special.endProfiling();
    this.session.endProfiling();
  }

  /** @param without an optimisation of ONNX Runtime's to do without */
  private compile(model: ModelGraph, without?: string): NativeSession {
    const { threads, profile } = this;
    const slow = [skipFusion, ...(without ? [without] : [])];
    return this.orExplain(() => this.runtime.session(writeModel(model), threads, { profile, without: slow }));
  }

  private runIn(
    session: NativeSession,
    inputs: readonly ModelValue[],
    feeds: readonly HostArray[],
  ): HostArray[] {
    const named: Record<string, RuntimeTensor> = {};
    for (const [i, { name, type, shape }] of inputs.entries()) {
      named[name] = this.runtime.tensor(type, feeds[i]!, shape);
    }
    const fetches: Record<string, RuntimeTensor> = {};
    const results = this.model.outputs.map(({ name, type, shape }) => {
      const values = new arrays[type as keyof typeof arrays](sizeOf(shape));
      fetches[name] = this.runtime.tensor(type, values, shape);
      return values;
    });
    this.orExplain(() => session.run(named, fetches, {}));
    return results;
  }

  private orExplain<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new InputError(explain((error as Error).message, this.labels));
    }
  }
}

/** A plan for fixed values of some feeds. */
export interface SpecialPlan {
  /** As that of the plan; the fixed feeds are passed over. */
  run(feeds: readonly HostArray[]): HostArray[];
  endProfiling(): void;
  dispose(): void;
}

/** The largest sum of the results that a later node or a tensor needs and the values inside one kernel. */
function peakBytes({ nodes, sources }: Cut): number {
  const lastUse = new Map<number, number>();
  let next = 0;
  for (const [at, node] of nodes.entries()) for (const _ of node.inputs) lastUse.set(sources[next++]!, at);
  const released: number[] = Array(nodes.length).fill(0);
  let [held, peak] = [0, 0];
  for (const [at, { template, outputs, position }] of nodes.entries()) {
    for (const [i, { shape, holders }] of outputs.entries()) {
      const last = lastUse.get(position + i);
      if (last === undefined && holders === 0) continue;
      const bytes = 4 * sizeOf(shape);
      held += bytes;
      if (last !== undefined && holders === 0) released[last]! += bytes;
    }
    peak = Math.max(peak, held + template.bytes);
    held -= released[at]!;
  }
  return peak;
}

const describe = ({ kernel, inputs }: Template): string =>
  `${kernel} of ${inputs.map(({ shape }) => `[${shape}]`).join(', ')}`;

/** One line for a message of ONNX Runtime. Nodes are named `<number of the tfjs kernel>:<ONNX operator>:<number of the node>`. */
export function explain(message: string, labels: readonly string[]): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const named = /(?:Name:'|[Nn]ode(?: \(|:))(\d+):(\w+)/.exec(line);
  const place = named
    ? `${labels[Number(named[1])]}, ONNX node ${named[2]}`
    : `a graph of ${labels.length} kernels`;
  const memory = /Failed to allocate memory for requested buffer of size (\d+)|bad_alloc/.exec(line);
  if (memory) {
    const bytes = memory[1] ? ` (${memory[1]} bytes)` : '';
    return `engine onnx: out of memory${bytes} in ${place}; use a smaller batch`;
  }
  return `engine onnx: ${place}: ${line.replace(/^.*Status Message: /, '')}`;
}

/** Writes templates one after another into one graph; equal constants become one. */
export class GraphWriter {
  readonly nodes: ModelNode[] = [];
  readonly constants: ModelConstant[] = [];
  readonly inputs: ModelValue[];
  readonly outputs: ModelValue[] = [];
  /** Of all values. */
  readonly shapes = new Map<string, readonly number[]>();
  private readonly constantNames = new Map<string, string>();
  /** Numbers of the results that a node reads. */
  private readonly read: ReadonlySet<number>;
  private inner = 0;

  constructor({ nodes, feeds, sources }: Cut) {
    this.inputs = feeds.map(({ type, shape }, i) => ({ name: `f${i}`, type, shape }));
    this.read = new Set(sources);
    let next = 0;
    for (const [number, node] of nodes.entries()) {
      const names = node.inputs.map(() => {
        const source = sources[next++]!;
        return source < 0 ? `f${-1 - source}` : `v${source}`;
      });
      this.instantiate(node, number, names);
    }
  }

  private instantiate(node: GraphNode, number: number, inputNames: readonly string[]): void {
    const { template } = node;
    const names = new Map<Sym, string>();
    for (const [i, symbol] of template.inputs.entries()) names.set(symbol, inputNames[i]!);
    for (const [i, symbol] of template.outputs.entries()) {
      const name = `v${node.position + i}`;
      names.set(symbol, name);
      if (node.outputs[i]!.holders > 0) this.outputs.push({ name, type: symbol.type, shape: symbol.shape });
    }
    const nameOf = (symbol: Sym): string => {
      if (symbol.constant) return this.constantName(symbol, symbol.constant);
      const name = names.get(symbol) ?? `i${this.inner++}`;
      names.set(symbol, name);
      this.shapes.set(name, symbol.shape);
      return name;
    };
    for (const { op, domain, inputs, outputs, attributes } of this.nodesOf(node)) {
      this.nodes.push({
        name: `${number}:${op}:${this.nodes.length}`,
        op,
        domain,
        inputs: inputs.map((symbol) => (symbol ? nameOf(symbol) : '')),
        outputs: outputs.map(nameOf),
        attributes,
      });
    }
  }

  private nodesOf({ template, outputs, position }: GraphNode): Template['nodes'] {
    const onlyFirst = outputs.every(
      ({ holders }, i) => i === 0 || (holders === 0 && !this.read.has(position + i)),
    );
    return (onlyFirst && template.lean) || template.nodes;
  }

  private constantName({ type, shape }: Sym, bytes: Uint8Array): string {
    const key = `${type}|${shape}|${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
    let name = this.constantNames.get(key);
    if (name === undefined) {
      name = `c${this.constants.length}`;
      this.constantNames.set(key, name);
      this.constants.push({ name, type, shape, bytes });
      this.shapes.set(name, shape);
    }
    return name;
  }
}
