import type { Operand } from './layouts.js';
import type { Template } from './template.js';

export type HostArray = Float32Array | Int32Array | Uint8Array;

/** One kernel call that is recorded and not yet computed. */
export interface GraphNode {
  template: Template;
  inputs: readonly Value[];
  outputs: Value[];
  /** Scratch of a cut: whether something alive needs the node, and the number of its first output. */
  needed: boolean;
  position: number;
}

/**
 * What a tensor holds: host values, or the promise of a recorded node. Immutable once computed; several
 * tensors may share one.
 */
export class Value {
  /** Tensors that hold it. */
  holders = 0;
  /** Scratch of a cut: whether a needed node reads it, and its number as a feed. */
  used = false;
  feed = -1;
  /** The same in blocks of channels, shaped [n, c, h, w]; while pending. */
  blocked?: Value;
  /** Its spectrum of so many places; while pending. */
  spectrum?: { sides: string; value: Value };
  /** The call that computes it, where that could add a bias. */
  convolution?: { kernel: string; operands: readonly Operand[]; attrs: object };
  /** Why it could not be computed. */
  failure?: Error;
  private reshaped?: Value;

  constructor(
    readonly type: 'float32' | 'int32' | 'bool',
    readonly shape: readonly number[],
    public values?: HostArray,
    public node?: GraphNode,
    readonly index = 0,
  ) {}

  get pending(): boolean {
    return this.node !== undefined;
  }

  /** The same value in another shape, once made. */
  viewAs(shape: readonly number[], make: () => Value): Value {
    const known = this.reshaped;
    if (known?.node && known.shape.length === shape.length && known.shape.every((n, i) => n === shape[i])) {
      return known;
    }
    this.reshaped = make();
    return this.reshaped;
  }

  settle(values: HostArray): void {
    this.values = values;
    this.forget();
  }

  fail(error: Error): void {
    this.failure = error;
    this.forget();
  }

  private forget(): void {
    this.node = undefined;
    this.reshaped = undefined;
    this.blocked = undefined;
    this.spectrum = undefined;
    this.convolution = undefined;
  }
}
