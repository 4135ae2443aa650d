import type { QosNetwork } from './network.js';
import type { Operation, Unfolded } from './unfold.js';

/** When each operation starts, slots after the start of the first. */
export type Plan = readonly number[];

type Kind = 'communication' | 'storage';

/** How many qubits of a kind a node has. */
export type Qubits = (node: string, kind: Kind) => number;

export function qubitsOf({ nodes }: QosNetwork): Qubits {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return (node, kind) => {
    const found = byName.get(node);
    if (!found) return 0;
    return kind === 'communication' ? found.communicationQubits : found.storageQubits;
  };
}

/** A stretch of time for which one qubit of a kind is needed at a node; what ends it may not be planned yet. */
export interface Need {
  readonly node: string;
  readonly kind: Kind;
  readonly fromSlot: number;
  readonly toSlot: number;
}

/**
 * The qubits that a plan needs. Operations without a start are left out, and what waits for them waits for ever.
 * @param unfolded.worked the operations looked at; all unless given
 */
export function needsOf(
  { operations, stored, worked = [...operations.keys()] }: Unfolded & { worked?: readonly number[] },
  starts: Starts,
): Need[] {
  const endOf = (index: number): number =>
    starts[index] === undefined ? Infinity : starts[index] + operations[index]!.durationSlots;
  const needs: Need[] = [];
  for (const index of worked) {
    const fromSlot = starts[index];
    if (fromSlot === undefined) continue;
    for (const node of operations[index]!.nodes)
      needs.push({ node, kind: 'communication', fromSlot, toSlot: endOf(index) });
  }
  for (const { node, from, until } of stored) {
    if (starts[from] === undefined) continue;
    needs.push({ node, kind: 'storage', fromSlot: endOf(from), toSlot: endOf(until) });
  }
  return needs;
}

/** Whether no node needs more qubits of a kind at once than it has. */
export function fits(needs: readonly Need[], qubits: Qubits): boolean {
  // The most that is needed at once is needed at the start of some stretch.
  return needs.every(({ node, kind, fromSlot, toSlot }) => {
    if (toSlot <= fromSlot) return true;
    let atOnce = 0;
    for (const other of needs) {
      const during = other.fromSlot <= fromSlot && other.toSlot > fromSlot;
      if (during && other.node === node && other.kind === kind) atOnce++;
    }
    return atOnce <= qubits(node, kind);
  });
}

type Starts = readonly (number | undefined)[];

/** Whether the qubits still suffice wherever moving one operation can change what is needed. */
type FitsAround = (operation: number, starts: Starts) => boolean;

function fitsAround(unfolded: Unfolded, qubits: Qubits): FitsAround {
  const { operations, stored } = unfolded;
  const around = operations.map(({ nodes }, index) => {
    const halves = stored.filter(({ from, until }) => from === index || until === index);
    const touched = new Set([...nodes, ...halves.map(({ node }) => node)]);
    return {
      worked: [...operations.keys()].filter((one) =>
        operations[one]!.nodes.some((node) => touched.has(node)),
      ),
      stored: stored.filter(({ node }) => touched.has(node)),
    };
  });
  return (index, starts) => fits(needsOf({ operations, ...around[index]! }, starts), qubits);
}

/**
 * Plans a protocol on a network's qubits: all as soon as possible, then all as late as possible within the same time, then
 * swaps and distillations as early as their parts allow, which frees storage.
 * @returns undefined when the nodes have too few qubits.
 */
export function mapProtocol(unfolded: Unfolded, qubits: Qubits): Plan | undefined {
  const soon = asSoonAsPossible(unfolded, qubits);
  if (!soon) return undefined;
  const late = asLateAsPossible(unfolded, soon, qubits);
  const shifted = operationsEarly(unfolded, late, qubits);
  const first = Math.min(...shifted);
  return shifted.map((start) => start - first);
}

/** Places the operations in their order, each at the first slot that has qubits for it, whatever is stored meanwhile. */
export function asSoonAsPossible(unfolded: Unfolded, qubits: Qubits): Plan | undefined {
  const { operations } = unfolded;
  const fitsNow = fitsAround(unfolded, qubits);
  const last = operations.reduce((sum, { durationSlots }) => sum + durationSlots, 0);
  const starts: (number | undefined)[] = operations.map(() => undefined);
  for (const [index, operation] of operations.entries()) {
    const place = firstThat(endOfParts(operations, starts, operation), last, (slot) => {
      starts[index] = slot;
      return fitsNow(index, starts);
    });
    if (place === undefined) return undefined;
    starts[index] = place;
  }
  return starts as number[];
}

/** Moves the operations, the last one first, as far back as what follows them and the qubits allow. */
export function asLateAsPossible(unfolded: Unfolded, plan: Plan, qubits: Qubits): Plan {
  const { operations } = unfolded;
  const fitsNow = fitsAround(unfolded, qubits);
  const end = Math.max(...operations.map(({ durationSlots }, index) => plan[index]! + durationSlots));
  const starts = [...plan];
  const latestFirst = [...operations.keys()].sort((a, b) => plan[b]! - plan[a]! || b - a);
  for (const index of latestFirst) {
    const users = operations.flatMap(({ after }, user) => (after.includes(index) ? [starts[user]!] : []));
    const latest = Math.min(end, ...users) - operations[index]!.durationSlots;
    const planned = starts[index]!;
    // Counted back from the latest slot, so that the first that fits is the last in time.
    const back = firstThat(0, latest - planned, (slots) => {
      starts[index] = latest - slots;
      return fitsNow(index, starts);
    });
    starts[index] = back === undefined ? planned : latest - back;
  }
  return starts;
}

/** Moves swaps and distillations, the first one first, as early as their parts and the qubits allow. */
export function operationsEarly(unfolded: Unfolded, plan: Plan, qubits: Qubits): Plan {
  const { operations } = unfolded;
  const fitsNow = fitsAround(unfolded, qubits);
  const starts = [...plan];
  for (const index of [...operations.keys()].sort((a, b) => plan[a]! - plan[b]! || a - b)) {
    const operation = operations[index]!;
    if (operation.kind === 'link') continue;
    const planned = starts[index]!;
    const place = firstThat(endOfParts(operations, starts, operation), planned, (slot) => {
      starts[index] = slot;
      return fitsNow(index, starts);
    });
    starts[index] = place ?? planned;
  }
  return starts;
}

/** Slots for which storage qubits are kept, summed over the qubits. */
export function storageSlots(unfolded: Unfolded, plan: Plan): number {
  return needsOf(unfolded, plan)
    .filter(({ kind }) => kind === 'storage')
    .reduce((sum, { fromSlot, toSlot }) => sum + toSlot - fromSlot, 0);
}

function endOfParts(
  operations: readonly Operation[],
  starts: readonly (number | undefined)[],
  { after }: Operation,
): number {
  return after.reduce((end, part) => Math.max(end, starts[part]! + operations[part]!.durationSlots), 0);
}

function firstThat(from: number, to: number, holds: (slot: number) => boolean): number | undefined {
  for (let slot = from; slot <= to; slot++) if (holds(slot)) return slot;
  return undefined;
}
