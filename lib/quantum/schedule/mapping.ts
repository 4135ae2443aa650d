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

/** The qubits that a plan needs. Operations without a start are left out, and what waits for them waits for ever. */
export function needsOf({ operations, stored }: Unfolded, starts: readonly (number | undefined)[]): Need[] {
  const endOf = (index: number): number =>
    starts[index] === undefined ? Infinity : starts[index] + operations[index]!.durationSlots;
  const worked = operations.flatMap(({ nodes }, index) => {
    const fromSlot = starts[index];
    if (fromSlot === undefined) return [];
    return nodes.map((node): Need => ({ node, kind: 'communication', fromSlot, toSlot: endOf(index) }));
  });
  const kept = stored.flatMap(({ node, from, until }): Need[] =>
    starts[from] === undefined
      ? []
      : [{ node, kind: 'storage', fromSlot: endOf(from), toSlot: endOf(until) }],
  );
  return [...worked, ...kept];
}

/** Whether no node needs more qubits of a kind at once than it has. */
export function fits(needs: readonly Need[], qubits: Qubits): boolean {
  return needs.every(({ node, kind, fromSlot, toSlot }) => {
    // The most needed at once is needed at the start of some stretch.
    if (toSlot <= fromSlot) return true;
    const atOnce = needs.filter(
      (other) =>
        other.node === node && other.kind === kind && other.fromSlot <= fromSlot && other.toSlot > fromSlot,
    );
    return atOnce.length <= qubits(node, kind);
  });
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
  const last = operations.reduce((sum, { durationSlots }) => sum + durationSlots, 0);
  const starts: (number | undefined)[] = operations.map(() => undefined);
  for (const [index, operation] of operations.entries()) {
    const place = firstThat(endOfParts(operations, starts, operation), last, (slot) => {
      starts[index] = slot;
      return fits(needsOf(unfolded, starts), qubits);
    });
    if (place === undefined) return undefined;
    starts[index] = place;
  }
  return starts as number[];
}

/** Moves the operations, the last one first, as far back as what follows them and the qubits allow. */
export function asLateAsPossible(unfolded: Unfolded, plan: Plan, qubits: Qubits): Plan {
  const { operations } = unfolded;
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
      return fits(needsOf(unfolded, starts), qubits);
    });
    starts[index] = back === undefined ? planned : latest - back;
  }
  return starts;
}

/** Moves swaps and distillations, the first one first, as early as their parts and the qubits allow. */
export function operationsEarly(unfolded: Unfolded, plan: Plan, qubits: Qubits): Plan {
  const { operations } = unfolded;
  const starts = [...plan];
  for (const index of [...operations.keys()].sort((a, b) => plan[a]! - plan[b]! || a - b)) {
    const operation = operations[index]!;
    if (operation.kind === 'link') continue;
    const planned = starts[index]!;
    const place = firstThat(endOfParts(operations, starts, operation), planned, (slot) => {
      starts[index] = slot;
      return fits(needsOf(unfolded, starts), qubits);
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
