import type { Kernel } from '../des/types.js';
import type { ClassicalDelays } from './classical.js';
import type { MemoryLedger } from './ledger.js';
import type { Refusal } from './request.js';

/** What a reservation needs to know of the network. */
export interface Signalling {
  readonly kernel: Kernel;
  readonly delays: ClassicalDelays;
  readonly ledgers: ReadonlyMap<string, MemoryLedger>;
}

/** A wish for memories along a path. */
export interface Reservation {
  /** Unique in the network. */
  readonly number: number;
  readonly path: readonly string[];
  readonly memories: number;
  readonly startPs: number;
  readonly endPs: number;
}

/** Memories granted, by place on the path. */
export type Granted = readonly (readonly number[])[];

/**
 * Reserves memories along a path as RSVP does bandwidth (RFC 2205): the wish travels node by node and each books its own
 * memories, an end `memories`, a station twice that. At the responder it turns, and the confirmation travels back. A node
 * that lacks memories refuses: the refusal travels back and frees what was booked. Every step takes the delay of its
 * classical channel.
 * @param decided called when the initiator learns of the decision
 */
export function reserve(
  net: Signalling,
  wish: Reservation,
  decided: (outcome: Granted | Refusal) => void,
): void {
  const { kernel, delays, ledgers } = net;
  const { path, startPs } = wish;
  const last = path.length - 1;
  const granted: (readonly number[])[] = [];
  const backDelay = (place: number) => delays(path[place]!, path[place - 1]!);

  const refuse = (place: number, refusal: Refusal) => {
    if (place === 0) return decided(refusal);
    kernel.after(backDelay(place), () => {
      ledgers.get(path[place - 1]!)!.release(wish.number);
      refuse(place - 1, refusal);
    });
  };
  const confirm = (place: number) => {
    if (place === 0) decided(granted);
    else kernel.after(backDelay(place), () => confirm(place - 1));
  };
  const ask = (place: number) => {
    const name = path[place]!;
    if (kernel.nowPs + backTo(net, path, place) > startPs) return refuse(place, late(name));
    const ledger = ledgers.get(name)!;
    const count = place === 0 || place === last ? wish.memories : 2 * wish.memories;
    const booked = ledger.book(wish.number, count, startPs, wish.endPs);
    if (!booked) return refuse(place, lacking(ledger, count, wish));
    granted.push(booked);
    if (place === last) confirm(place);
    else kernel.after(delays(name, path[place + 1]!), () => ask(place + 1));
  };
  ask(0);
}

/** How long a message travels back to the initiator, node by node. */
function backTo({ delays }: Signalling, path: readonly string[], place: number): number {
  let delayPs = 0;
  for (let at = place; at > 0; at--) delayPs += delays(path[at]!, path[at - 1]!);
  return delayPs;
}

const late = (name: string): Refusal => ({
  kind: 'late',
  reason: `the start is too near for a confirmation from ${name}`,
});

function lacking(ledger: MemoryLedger, count: number, { startPs, endPs }: Reservation): Refusal {
  const free = ledger.free(startPs, endPs);
  const reason = `${ledger.node} has ${free} of ${ledger.memories} memories free all the time; asked for ${count}`;
  return { kind: 'memories', reason };
}
