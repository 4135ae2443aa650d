import { type Ends, OPERATION_SLOTS, type Protocol, partsOf } from './protocol.js';

/** An operation of a protocol before it has a time and qubits. */
export interface Operation {
  readonly kind: Protocol['kind'];
  readonly name: string;
  readonly durationSlots: number;
  /** Indexes of the operations that must have ended before. */
  readonly after: readonly number[];
  /** Where it needs a communication qubit. */
  readonly nodes: readonly string[];
}

/** Half of a pair in storage: from the end of the link that made it to the end of the operation that uses it up. */
export interface Stored {
  readonly node: string;
  readonly from: number;
  readonly until: number;
}

/** The operations of a protocol in an order in which they can run, and what is stored between them. */
export interface Unfolded {
  readonly operations: readonly Operation[];
  readonly stored: readonly Stored[];
}

interface Half {
  readonly node: string;
  readonly from: number;
  until: number;
}

/**
 * Lists a protocol's operations, parts before what uses them. Qubits stay where they
 * are: the outer halves of a swap go on in their storage; a distillation frees those of the measured pair.
 */
export function unfold(protocol: Protocol): Unfolded {
  const operations: Operation[] = [];
  const halves: Half[] = [];
  const add = (operation: Operation): number => operations.push(operation) - 1;
  const named = (kind: string, [a, b]: Ends) => `${kind} ${a} - ${b}`;

  function visit(one: Protocol): { last: number; halves: Map<string, Half> } {
    if (one.kind === 'link') {
      const last = add({
        kind: 'link',
        name: named('link', one.ends),
        durationSlots: one.slots,
        after: [],
        nodes: one.ends,
      });
      const own = one.ends.map((node): Half => ({ node, from: last, until: last }));
      halves.push(...own);
      return { last, halves: new Map(own.map((half) => [half.node, half])) };
    }
    const [first, second] = partsOf(one) as [Protocol, Protocol];
    const a = visit(first);
    const b = visit(second);
    const nodes = one.kind === 'swap' ? [one.at] : one.ends;
    const last = add({
      kind: one.kind,
      name: one.kind === 'swap' ? `swap at ${one.at}` : named('distil', one.ends),
      durationSlots: OPERATION_SLOTS,
      after: [a.last, b.last],
      nodes,
    });
    const kept = new Map([...(one.kind === 'swap' ? b.halves : []), ...a.halves]);
    for (const half of [...a.halves.values(), ...b.halves.values()]) half.until = last;
    if (one.kind === 'swap') kept.delete(one.at);
    return { last, halves: kept };
  }

  visit(protocol);
  return { operations, stored: halves.filter(({ from, until }) => until > from) };
}
