/** One memory of a node, promised to one reservation from `startPs` until before `endPs`. */
export interface Booking {
  readonly node: string;
  /** Index of the memory in its node. */
  readonly memory: number;
  readonly reservation: number;
  readonly startPs: number;
  readonly endPs: number;
}

/** What one node has promised of its memories, by time. */
export interface MemoryLedger {
  readonly node: string;
  readonly memories: number;
  /** How many memories are promised to nobody during the whole of a time. */
  free(startPs: number, endPs: number): number;
  /** Books `count` memories, the lowest free indices, all or none. @returns the indices; undefined when too few are free. */
  book(reservation: number, count: number, startPs: number, endPs: number): readonly number[] | undefined;
  /** Takes all bookings of a reservation back. */
  release(reservation: number): void;
  /** All bookings, by memory and time. */
  bookings(): Booking[];
}

/** A ledger without bookings. */
export function memoryLedger(node: string, memories: number): MemoryLedger {
  const cards: Booking[][] = Array.from({ length: memories }, () => []);
  const indicesFree = (startPs: number, endPs: number, most: number) => {
    const indices: number[] = [];
    for (let memory = 0; memory < memories && indices.length < most; memory++) {
      if (isFree(cards[memory]!, startPs, endPs)) indices.push(memory);
    }
    return indices;
  };
  return {
    node,
    memories,
    free: (startPs, endPs) => indicesFree(startPs, endPs, memories).length,
    book(reservation, count, startPs, endPs) {
      const indices = indicesFree(startPs, endPs, count);
      if (indices.length < count) return undefined;
      for (const memory of indices) {
        cards[memory]!.push({ node, memory, reservation, startPs, endPs });
        cards[memory]!.sort((a, b) => a.startPs - b.startPs);
      }
      return indices;
    },
    release(reservation) {
      for (const card of cards) {
        const place = card.findIndex((booking) => booking.reservation === reservation);
        if (place >= 0) card.splice(place, 1);
      }
    },
    bookings: () => cards.flat(),
  };
}

/** Latest bookings stand last: a new one seldom lies before many. */
function isFree(card: readonly Booking[], startPs: number, endPs: number): boolean {
  for (let place = card.length - 1; place >= 0; place--) {
    const booking = card[place]!;
    if (booking.endPs <= startPs) return true;
    if (booking.startPs < endPs) return false;
  }
  return true;
}

/**
 * Faults of a set of bookings, found by looking at all of them afresh: memories that a node does not have, empty times,
 * and memories promised twice at one moment. Empty when all is well.
 * @param memoriesOf how many memories each node has
 */
export function bookingFaults(
  bookings: readonly Booking[],
  memoriesOf: ReadonlyMap<string, number>,
): string[] {
  const faults: string[] = [];
  const order = (a: Booking, b: Booking) =>
    a.node < b.node ? -1 : a.node > b.node ? 1 : a.memory - b.memory || a.startPs - b.startPs;
  let last: Booking | undefined;
  for (const one of [...bookings].sort(order)) {
    const what = `memory ${one.memory} of ${one.node}, reservation ${one.reservation}`;
    if (!(one.memory >= 0 && one.memory < (memoriesOf.get(one.node) ?? 0)))
      faults.push(`${what}: no such memory`);
    if (!(one.startPs < one.endPs))
      faults.push(`${what}: ends at ${one.endPs} ps, starts at ${one.startPs} ps`);
    const same = last?.node === one.node && last.memory === one.memory;
    if (same && last!.endPs > one.startPs) faults.push(`${what}: overlaps reservation ${last!.reservation}`);
    last = !same || one.endPs > last!.endPs ? one : last;
  }
  return faults;
}
