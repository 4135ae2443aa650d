import { InputError } from '../../base/index.js';
import type { Occupancy } from './schedule.js';

/** Bytes that the calendars of a schedule may take in all. */
const MOST_BYTES = 2 ** 31;

/** Which slots of each resource are taken: a byte a slot, so a look is a scan of memory. */
export interface Calendar {
  /** Slots from 0 to this. */
  readonly slots: number;
  readonly taken: ReadonlyMap<string, Uint8Array>;
}

/**
 * An empty calendar of these resources.
 * @throws InputError when it would take more than 2 GiB.
 */
export function calendarOf(resources: Iterable<string>, slots: number): Calendar {
  const names = new Set(resources);
  if (names.size * slots > MOST_BYTES) {
    throw new InputError(
      `calendar of ${names.size} resources and ${slots} slots; allowed: at most ${MOST_BYTES} slots in all`,
    );
  }
  return { slots, taken: new Map([...names].map((name) => [name, new Uint8Array(slots)])) };
}

/** Takes what an occupancy keeps when it begins at a slot. */
export function take(calendar: Calendar, kept: readonly Occupancy[], slot: number): void {
  for (const { resource, fromSlot, toSlot } of kept)
    calendar.taken.get(resource)!.fill(1, slot + fromSlot, slot + toSlot);
}

/** Gives back what `take` took. */
export function release(calendar: Calendar, kept: readonly Occupancy[], slot: number): void {
  for (const { resource, fromSlot, toSlot } of kept)
    calendar.taken.get(resource)!.fill(0, slot + fromSlot, slot + toSlot);
}

/**
 * The first slot from `from` to `to` at which all that is kept finds its resources free; undefined when there is none.
 * It ends within the calendar when `to` plus the length of what is kept does.
 */
export function earliestStart(
  calendar: Calendar,
  kept: readonly Occupancy[],
  from: number,
  to: number,
): number | undefined {
  let slot = from;
  for (let clear = 0, index = 0; clear < kept.length && slot <= to; index = (index + 1) % kept.length) {
    const { resource, fromSlot, toSlot } = kept[index]!;
    const busy = lastTaken(calendar.taken.get(resource)!, slot + fromSlot, slot + toSlot);
    clear = busy === -1 ? clear + 1 : 0;
    if (busy !== -1) slot = busy + 1 - fromSlot;
  }
  return slot <= to ? slot : undefined;
}

/** Whether a resource is free in [from, to). */
export const isFree = (calendar: Calendar, resource: string, from: number, to: number): boolean =>
  lastTaken(calendar.taken.get(resource)!, from, to) === -1;

/** The last taken slot of [from, to), or -1. */
function lastTaken(taken: Uint8Array, from: number, to: number): number {
  const last = to > from ? taken.lastIndexOf(1, to - 1) : -1;
  return last >= from ? last : -1;
}
