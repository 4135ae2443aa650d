import { totalmem } from 'node:os';
import { InputError } from '../../base/index.js';
import { type Cut, cut, Plan } from './plan.js';
import type { Runtime } from './runtime.js';
import type { Template } from './template.js';
import { type GraphNode, type HostArray, Value } from './values.js';

/** What the engine keeps, at most. */
const bounds = {
  /** Compiled graphs; and the bytes that they hold. */
  plans: 256,
  planBytes: totalmem() / 4,
  /** Pending nodes, or bytes of the host values that they read, from which a cut waits for a good moment, and at which it does not. */
  softNodes: 3000,
  hardNodes: 20_000,
  softBytes: totalmem() / 64,
  hardBytes: totalmem() / 8,
};

/** Why a value of a traced function can be had neither during the trace nor after it. */
const unreadable =
  'jit: the function needs the value of a tensor in JavaScript (a read, or a kernel that ONNX has not); allowed: tensor operations whose result shapes follow from those of the inputs';
export const escaped =
  'jit: this tensor left the function by another way than its result; allowed: to return it or assign it to a variable';

/** Kernels that are recorded and not yet computed, and the compiled graphs of those that were. */
export class Graph {
  private threadCount: number;
  /** Beginning of the names of trace files: ONNX Runtime's profile of each graph compiled from now on. */
  profile?: string;
  private pending: GraphNode[] = [];
  private pendingBytes = 0;
  /** Pending values that tensors hold, now and at most since the last cut. */
  private alive = 0;
  private mostAlive = 0;
  private readonly plans = new Map<string, Plan>();
  private planBytes = 0;
  private tracing = false;

  constructor(
    private readonly runtime: Runtime,
    threads: number,
  ) {
    this.threadCount = threads;
  }

  get threads(): number {
    return this.threadCount;
  }

  get size(): { pending: number; plans: number } {
    return { pending: this.pending.length, plans: this.plans.size };
  }

  /** To be called between two kernels: keeps the graph from growing without end. */
  makeRoom(): void {
    if (!this.tracing && this.isTimeToCut()) this.flush();
  }

  /** Records a kernel; its results. */
  record(template: Template, inputs: readonly Value[]): Value[] {
    const node: GraphNode = { template, inputs, outputs: [], needed: false, position: 0 };
    node.outputs = template.outputs.map((symbol, index) => {
      const passed = template.inputs.indexOf(symbol);
      if (passed >= 0) return inputs[passed]!;
      const type = symbol.type as Value['type'];
      if (symbol.constant) return new Value(type, symbol.shape, decode(symbol.constant, type));
      return new Value(type, symbol.shape, undefined, node, index);
    });
    if (template.nodes.length > 0) {
      this.pending.push(node);
      for (const { values } of inputs) this.pendingBytes += values?.byteLength ?? 0;
    }
    return node.outputs;
  }

  hold(value: Value): void {
    value.holders++;
    if (value.holders === 1 && value.pending) this.mostAlive = Math.max(this.mostAlive, ++this.alive);
  }

  release(value: Value): void {
    value.holders--;
    if (value.holders > 0 || !value.pending) return;
    if (--this.alive === 0) this.forget();
  }

  /** Computes all that is recorded and that a tensor holds. */
  flush(): void {
    this.refuseWhileTracing();
    const part = cut(this.pending);
    this.forget();
    if (part.outputs.length === 0) return;
    try {
      const results = this.plan(part).run(part.feeds.map(({ value }) => value.values!));
      for (const [i, output] of part.outputs.entries()) output.settle(results[i]!);
    } catch (error) {
      for (const output of part.outputs) output.fail(error as Error);
      throw error;
    }
  }

  /**
   * Compiles what `work` records as a graph of its own, whose outputs are the values that tensors hold at the
   * end of `work`. It is not run, and those values are never to be had.
   */
  trace(work: () => void): Cut {
    this.flush();
    this.tracing = true;
    try {
      work();
      const part = cut(this.pending);
      if (part.outputs.length > 0) this.plan(part);
      return part;
    } finally {
      this.tracing = false;
      const values = this.pending.flatMap(({ outputs }) => outputs);
      this.forget();
      for (const value of values) if (value.pending) value.fail(new InputError(escaped));
    }
  }

  /** The compiled graph of a cut, unless it was dropped since. */
  compiled(key: string): Plan | undefined {
    const plan = this.plans.get(key);
    if (plan) {
      this.plans.delete(key);
      this.plans.set(key, plan);
    }
    return plan;
  }

  /** @throws InputError in `trace`, where values are not known. */
  refuseWhileTracing(): void {
    if (this.tracing) throw new InputError(unreadable);
  }

  /** From now on graphs run on so many threads. */
  setThreads(threads: number): void {
    if (threads === this.threads) return;
    this.flush();
    this.clear();
    this.threadCount = threads;
  }

  /** Drops all compiled graphs. */
  clear(): void {
    for (const plan of this.plans.values()) plan.dispose();
    this.plans.clear();
    this.planBytes = 0;
  }

  endProfiling(): void {
    for (const plan of this.plans.values()) plan.endProfiling();
  }

  private forget(): void {
    this.pending = [];
    this.pendingBytes = 0;
    this.alive = 0;
    this.mostAlive = 0;
  }

  /**
   * Whether the graph has grown long enough. Within a training step most of what was computed is held for the
   * gradients; at its end little is. A cut there falls at the same place of every step, so its graph is known.
   */
  private isTimeToCut(): boolean {
    const nodes = this.pending.length;
    if (nodes >= bounds.hardNodes || this.pendingBytes >= bounds.hardBytes) return true;
    if (nodes < bounds.softNodes && this.pendingBytes < bounds.softBytes) return false;
    return this.alive <= this.mostAlive / 4;
  }

  private plan(part: ReturnType<typeof cut>): Plan {
    const known = this.compiled(part.key);
    if (known) return known;
    const plan = new Plan(this.runtime, part, this.threads, this.profile);
    this.planBytes += plan.bytes;
    this.plans.set(part.key, plan);
    this.evict();
    return plan;
  }

  private evict(): void {
    for (const [key, plan] of this.plans) {
      if (this.plans.size <= bounds.plans && this.planBytes <= bounds.planBytes) return;
      if (this.plans.size <= 2) return;
      this.plans.delete(key);
      this.planBytes -= plan.bytes;
      plan.dispose();
    }
  }
}

function decode(bytes: Uint8Array, type: Value['type']): HostArray {
  if (type === 'bool') return bytes;
  const Constructor = type === 'float32' ? Float32Array : Int32Array;
  return new Constructor(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4);
}
