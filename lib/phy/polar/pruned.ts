import { type Program, Step } from './program.js';
import { polarTransform } from './transform.js';

/** The paths that a pruned decoder kept, unordered. */
export interface Survivors {
  /** Metric of each path; those of at least `unusedMetric` were never in use. */
  readonly metrics: ArrayLike<number>;
  /** The transform's inputs along a path, N bits, until the next call. */
  inputs(path: number): Uint8Array;
}

/** Paths not yet in use start here, above any metric of a path in use. */
export const unusedMetric = 2 ** 24;

/** Largest magnitude of an LLR in 8 bits. */
export const llrLimit = 127;

/**
 * Successive cancellation list decoding of a pruned tree with min-sum check nodes. The path forks of nodes
 * that are decoded at once find the very paths that deciding bit by bit finds, ties apart (Hashemi, Condo and
 * Gross 2017, theorems 1 and 2).
 *
 * This is the plain twin of the WebAssembly kernel `polar`: integer LLRs and the limit 127 give equal results
 * bit by bit. Without a limit it decodes real LLRs.
 */
export class PrunedListDecoder {
  /** LLRs of the open node of each stage, one array a path; and which of them a path reads. */
  private readonly llrs: Float64Array[][];
  private readonly llrPath: Uint8Array[];
  /** Outputs decided so far, one array a path; and, for a decided left child, which of them a path has. */
  private readonly bits: Uint8Array[];
  private readonly bitPath: Uint8Array[];
  private readonly metrics: Float64Array;
  /** Each path's own place. */
  private readonly places: Uint8Array;

  /**
   * @param program of the code
   * @param length N
   * @param limit largest magnitude of an LLR
   */
  constructor(
    private readonly program: Program,
    length: number,
    private readonly listSize: number,
    private readonly limit = Number.POSITIVE_INFINITY,
  ) {
    const paths = Array.from({ length: listSize }, (_, path) => path);
    const stages = Array.from({ length: Math.log2(length) + 1 }, (_, stage) => stage);
    this.llrs = stages.map((stage) => paths.map(() => new Float64Array(1 << stage)));
    this.llrPath = stages.map(() => new Uint8Array(listSize));
    this.bits = paths.map(() => new Uint8Array(length));
    this.bitPath = stages.map(() => new Uint8Array(listSize));
    this.metrics = new Float64Array(listSize);
    this.places = Uint8Array.from(paths);
  }

  /** @param llrs N finite LLRs, none beyond the limit */
  decode(llrs: ArrayLike<number>): Survivors {
    const { listSize, program, metrics, bits } = this;
    const root = this.llrs.length - 1;
    for (let path = 0; path < listSize; path++) this.llrs[root]![path]!.set(llrs);
    this.llrPath[root]!.set(this.places);
    metrics.fill(unusedMetric).fill(0, 0, 1);
    for (let at = 0; at < program.length; at += 3) {
      this.step(program[at]!, program[at + 1]!, program[at + 2]!);
    }
    return { metrics, inputs: (path) => polarTransform(bits[path]!.slice()) };
  }

  private step(kind: number, stage: number, offset: number): void {
    if (kind === Step.Left) this.left(stage);
    else if (kind === Step.Right) this.right(stage, offset, false);
    else if (kind === Step.RightOfZero) this.right(stage, offset, true);
    else if (kind === Step.Combine) this.combine(stage, offset, false);
    else if (kind === Step.CombineZero) this.combine(stage, offset, true);
    else if (kind === Step.Rate0) this.rate0(stage, offset);
    else if (kind === Step.Repetition) this.repetition(stage, offset);
    else this.splitLeastReliable(stage, offset, kind === Step.ParityCheck);
  }

  private left(stage: number): void {
    const half = 1 << (stage - 1);
    this.eachPath((path) => {
      const parent = this.nodeLlrs(stage, path);
      const child = this.llrs[stage - 1]![path]!;
      for (let i = 0; i < half; i++) {
        const a = parent[i]!;
        const b = parent[i + half]!;
        child[i] = Math.max(Math.min(a, b), -Math.max(a, b));
      }
    });
    this.llrPath[stage - 1]!.set(this.places);
  }

  private right(stage: number, offset: number, zero: boolean): void {
    const half = 1 << (stage - 1);
    const { limit } = this;
    this.eachPath((path) => {
      const parent = this.nodeLlrs(stage, path);
      const child = this.llrs[stage - 1]![path]!;
      const decided = this.bits[path]!;
      for (let i = 0; i < half; i++) {
        const a = !zero && decided[offset + i] === 1 ? -parent[i]! : parent[i]!;
        child[i] = Math.max(-limit, Math.min(limit, a + parent[i + half]!));
      }
    });
    this.llrPath[stage - 1]!.set(this.places);
    this.bitPath[stage - 1]!.set(this.places);
  }

  private combine(stage: number, offset: number, zero: boolean): void {
    const half = 1 << (stage - 1);
    const from = this.bitPath[stage - 1]!;
    const left = this.bits.map((bits) => bits.slice(offset, offset + half));
    this.eachPath((path) => {
      const decided = this.bits[path]!;
      for (let i = 0; i < half; i++) {
        const bit = zero ? 0 : left[from[path]!]![i]!;
        decided[offset + i] = bit ^ decided[offset + half + i]!;
      }
    });
  }

  private rate0(stage: number, offset: number): void {
    this.eachPath((path) => {
      this.metrics[path]! += penalties(this.nodeLlrs(stage, path)).ofZeros;
      this.bits[path]!.fill(0, offset, offset + (1 << stage));
    });
  }

  private repetition(stage: number, offset: number): void {
    const costs = new Float64Array(this.listSize);
    const decisions = new Uint8Array(this.listSize);
    this.eachPath((path) => {
      const { ofZeros, ofOnes } = penalties(this.nodeLlrs(stage, path));
      this.metrics[path]! += Math.min(ofZeros, ofOnes);
      costs[path] = Math.abs(ofZeros - ofOnes);
      decisions[path] = ofZeros > ofOnes ? 1 : 0;
    });
    const fork = this.fork(costs, stage);
    this.eachPath((path) => {
      const bit = decisions[fork?.source[path] ?? path]! ^ (fork?.flipped[path] ?? 0);
      this.bits[path]!.fill(bit, offset, offset + (1 << stage));
    });
  }

  /**
   * Rate-1 and single-parity-check nodes: hard decisions, an odd parity mended at the least reliable output,
   * and forks at the outputs next in unreliability. Once none of them survives, no later one does.
   */
  private splitLeastReliable(stage: number, offset: number, parityCheck: boolean): void {
    const length = 1 << stage;
    let states = this.bits.map((_, path) => nodeState(this.nodeLlrs(stage, path), parityCheck));
    if (parityCheck) this.eachPath((path) => (this.metrics[path]! += states[path]!.parityCost));
    const forks = Math.min(this.listSize, length) - 1;
    for (let rank = parityCheck ? 1 : 0, end = rank + forks; rank < end; rank++) {
      const fork = this.fork(
        states.map((state) => flipCost(state, rank)),
        stage,
      );
      if (!fork) break;
      states = states.map((_, path) => {
        const state = states[fork.source[path]!]!;
        return fork.flipped[path] === 1 ? flip(state, rank) : state;
      });
    }
    this.eachPath((path) => this.bits[path]!.set(outputs(states[path]!), offset));
  }

  /**
   * Keeps the best of the paths and of their flips, which cost more by `costs`. A path that is dropped leaves
   * its place to a flip: the worst path to the best flip, and so on while that is a gain.
   * @returns which path each place comes from and whether flipped; undefined when nothing was dropped
   */
  private fork(
    costs: ArrayLike<number>,
    stage: number,
  ): { source: Uint8Array; flipped: Uint8Array } | undefined {
    const { metrics } = this;
    const flips = Array.from(metrics, (metric, path) => metric + costs[path]!);
    const places = [...metrics.keys()].sort((a, b) => metrics[b]! - metrics[a]! || b - a);
    const takers = [...metrics.keys()].sort((a, b) => flips[a]! - flips[b]! || a - b);
    const kept = metrics.slice();
    const count = places.findIndex((place, i) => flips[takers[i]!]! >= kept[place]!);
    if (count === 0) return undefined;
    const source = this.places.slice();
    const flipped = new Uint8Array(metrics.length);
    for (let i = 0; i < (count < 0 ? places.length : count); i++) {
      source[places[i]!] = takers[i]!;
      flipped[places[i]!] = 1;
      metrics[places[i]!] = flips[takers[i]!]!;
    }
    this.followSource(source, stage);
    return { source, flipped };
  }

  private followSource(source: Uint8Array, stage: number): void {
    for (const rows of [this.llrPath, this.bitPath]) {
      for (const row of rows.slice(stage)) row.set(source.map((path) => row[path]!));
    }
  }

  private nodeLlrs(stage: number, path: number): Float64Array {
    return this.llrs[stage]![this.llrPath[stage]![path]!]!;
  }

  private eachPath(visit: (path: number) => void): void {
    for (let path = 0; path < this.listSize; path++) visit(path);
  }
}

/** What it costs a path that the outputs of a node are all 0, or all 1. */
function penalties(llrs: Float64Array): { ofZeros: number; ofOnes: number } {
  let ofZeros = 0;
  let ofOnes = 0;
  for (const llr of llrs) {
    if (llr < 0) ofZeros -= llr;
    else ofOnes += llr;
  }
  return { ofZeros, ofOnes };
}

interface NodeState {
  readonly llrs: Float64Array;
  /** Outputs in ascending reliability. */
  readonly order: number[];
  /** Outputs flipped against their hard decision, the one that mends the parity apart. */
  readonly flips: readonly number[];
  readonly parityCheck: boolean;
  /** Whether the least reliable output is flipped to mend the parity. */
  readonly mended: boolean;
  readonly parityCost: number;
}

function nodeState(llrs: Float64Array, parityCheck: boolean): NodeState {
  const order = [...llrs.keys()].sort((a, b) => Math.abs(llrs[a]!) - Math.abs(llrs[b]!) || a - b);
  const mended = parityCheck && llrs.reduce((sum, llr) => sum + (llr < 0 ? 1 : 0), 0) % 2 === 1;
  const parityCost = mended ? Math.abs(llrs[order[0]!]!) : 0;
  return { llrs, order, flips: [], parityCheck, mended, parityCost };
}

function flipCost({ llrs, order, parityCheck, mended }: NodeState, rank: number): number {
  const own = Math.abs(llrs[order[rank]!]!);
  if (!parityCheck) return own;
  const least = Math.abs(llrs[order[0]!]!);
  return mended ? own - least : own + least;
}

function flip(state: NodeState, rank: number): NodeState {
  const flips = [...state.flips, state.order[rank]!];
  return { ...state, flips, mended: state.parityCheck && !state.mended };
}

function outputs({ llrs, order, flips, mended }: NodeState): Uint8Array {
  const bits = Uint8Array.from(llrs, (llr) => (llr < 0 ? 1 : 0));
  for (const at of flips) bits[at]! ^= 1;
  if (mended) bits[order[0]!]! ^= 1;
  return bits;
}
