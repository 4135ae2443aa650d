import type { Rng } from '../../math/index.js';
import type { BellState, StationErrors } from '../bell.js';
import type { Trace } from '../des/trace.js';
import type { Kernel } from '../des/types.js';
import type { EntanglementLink, Generation } from '../link/index.js';
import type { MemoryTimes } from '../noise.js';
import { type Pair, type RouterMemory, stateAt } from './pair.js';
import type { NetworkProtocol } from './protocol.js';
import type { Segment } from './segments.js';

/** What happens on a path, counted. */
export interface FlowCounts {
  /** Heralding attempts behind the pairs generated. */
  attempts: number;
  generated: number;
  /** Generated pairs whose herald came from photons of just the two memories that claim them. */
  genuine: number;
  swaps: number;
  swapFailures: number;
  purifications: number;
  purificationFailures: number;
  /** Given up: past the cutoff, without entanglement, or below the fidelity asked for. */
  discarded: number;
  delivered: number;
  /** Classical messages, heralds included. */
  messages: number;
}

/** A node on a path: its memories and how well it works on them. */
export interface Station {
  readonly name: string;
  readonly memory: MemoryTimes;
  readonly swapSuccessProbability: number;
  /** Of a swap that gives a pair. */
  readonly swapErrors: StationErrors;
  /** Of a purification. */
  readonly gateErrors: StationErrors;
  /** Draws the outcomes of its swaps and purifications. */
  readonly rng: Rng;
}

/** How two neighbours on a path become entangled. */
export interface Hop {
  readonly link: EntanglementLink;
  /** The path enters the link at the end that the link calls right. */
  readonly reversed: boolean;
}

/** Memories of one node towards one neighbour. */
export interface Bank {
  readonly size: number;
  readonly free: RouterMemory[];
  /** Memories of spent pairs whose node waits for the message that says so. */
  returning: number;
}

/** What waits at the node that decides about the pairs of a stretch. */
export interface Desk {
  readonly segment: Segment;
  /** Fidelity that its pairs are purified to. */
  readonly target: number;
  /** The stretch that its pairs are swapped into; none for the whole path. */
  readonly parent?: Segment;
  /** Pairs to be swapped, in the order in which they came. */
  readonly ready: Pair[];
  /** Pairs to be purified. */
  readonly impure: Pair[];
}

/** A reservation at work: what the protocols on its path share. */
export interface Flow {
  readonly name: string;
  readonly kernel: Kernel;
  readonly trace?: Trace;
  readonly protocol: NetworkProtocol;
  readonly stations: readonly Station[];
  readonly hops: readonly Hop[];
  /** By place on the path; the first has none towards its left, the last none towards its right. */
  readonly banks: { readonly left: readonly Bank[]; readonly right: readonly Bank[] };
  readonly desks: ReadonlyMap<Segment, Desk>;
  /** The stretches of one hop, by hop. */
  readonly links: readonly Segment[];
  readonly counts: FlowCounts;
  /** All memories reserved. */
  readonly memories: readonly RouterMemory[];
  /** Pairs that hold memories. */
  readonly live: Set<Pair>;
  /** Attempts under way, by hop. */
  readonly generating: readonly Set<Generation>[];
  /** Classical delay between two places. */
  delayPs(from: number, to: number): number;
  /** A pair of the whole path is as good as asked for and both ends know. */
  deliver(pair: Pair, state: BellState): void;
  ended: boolean;
}

/** The pair's state now. */
export function stateNow(flow: Flow, pair: Pair): BellState {
  const { left, right } = pair.segment;
  return stateAt(pair, flow.kernel.nowPs, flow.stations[left]!.memory, flow.stations[right]!.memory);
}

/** Runs an action later, unless the reservation has ended by then. */
export function later(flow: Flow, delayPs: number, action: () => void): void {
  flow.kernel.after(delayPs, () => {
    if (!flow.ended) action();
  });
}

/** Writes an event into the trace, if there is one. */
export function log(flow: Flow, kind: string, ...values: number[]): void {
  flow.trace?.record(flow.kernel.nowPs, flow.name, kind, ...values);
}

/** Ends the service: attempts stop and all memories are free for others. */
export function endFlow(flow: Flow): void {
  flow.ended = true;
  for (const attempts of flow.generating) for (const one of attempts) one.cancel();
  for (const memory of flow.memories) memory.inUse = false;
}

/** Takes a pair out of use; its memories are the caller's to return. */
export function retire(flow: Flow, pair: Pair): void {
  pair.place = 'gone';
  flow.live.delete(pair);
}
