import { InputError } from '../../base/index.js';
import type { Action, EventHandle } from './types.js';

/** Sequence numbers under one priority: rank = priority * 2^40 + sequence is exact in a double. */
const SEQUENCES = 2 ** 40;
/** A handle is generation * 2^24 + slot, so at most 2^24 events wait at once. */
const SLOTS = 2 ** 24;
const GENERATIONS = 2 ** 28;
const FIRST_CAPACITY = 64;

/** Priorities from -PRIORITY_LIMIT to PRIORITY_LIMIT keep their rank exact. */
export const PRIORITY_LIMIT = 4095;

/**
 * Events in the order (time, priority, sequence): a 4-ary heap whose keys lie in typed arrays, in heap order.
 *
 * The first event is taken by leaving a hole at the root. An event that schedules its successor, as most do, fills the
 * hole: one way down the heap instead of one down and one up. A cancelled event loses its action and stays in the heap
 * until it is first; when half of the heap is such, they are swept out.
 */
export class EventQueue {
  private times = new Float64Array(FIRST_CAPACITY);
  private ranks = new Float64Array(FIRST_CAPACITY);
  private slots = new Int32Array(FIRST_CAPACITY);
  private generations = new Int32Array(FIRST_CAPACITY);
  private freeSlots = new Int32Array(FIRST_CAPACITY);
  private free = 0;
  private readonly actions: (Action | undefined)[] = [];
  /** Entries of the heap, a hole and the cancelled included. */
  private size = 0;
  private hole = false;
  private cancelled = 0;
  private sequence = 0;

  /** Events that wait. */
  get pending(): number {
    return this.size - (this.hole ? 1 : 0) - this.cancelled;
  }

  /**
   * @param timePs an integer; the caller checks it
   * @throws InputError for a priority that is no integer from -4095 to 4095, or when 2^24 events wait.
   */
  push(timePs: number, action: Action, priority: number): EventHandle {
    const slot = this.takeSlot(action);
    const rank = this.nextRank(priority);
    if (this.hole) {
      this.hole = false;
      this.siftDown(0, timePs, rank, slot);
    } else {
      if (this.size === this.times.length) this.grow();
      this.siftUp(this.size++, timePs, rank, slot);
    }
    return this.generations[slot]! * SLOTS + slot;
  }

  /** Time of the first event; infinite when none waits. */
  firstTimePs(): number {
    this.closeHole();
    while (this.size > 0) {
      if (this.actions[this.slots[0]!] !== undefined) return this.times[0]!;
      this.cancelled--;
      this.releaseSlot(this.slots[0]!);
      this.hole = true;
      this.closeHole();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the first event; call after `firstTimePs` found one. */
  takeFirst(): Action {
    const slot = this.slots[0]!;
    const action = this.actions[slot]!;
    this.releaseSlot(slot);
    this.hole = true;
    return action;
  }

  /** Takes an event back; false when it has run or was cancelled before. */
  cancel(handle: EventHandle): boolean {
    const slot = handle % SLOTS;
    const known = slot < this.actions.length && this.generations[slot] === Math.floor(handle / SLOTS);
    if (!known || this.actions[slot] === undefined) return false;
    this.actions[slot] = undefined;
    this.cancelled++;
    if (2 * this.cancelled > this.size && this.size > FIRST_CAPACITY) this.sweep();
    return true;
  }

  private nextRank(priority: number): number {
    if (priority !== 0 && !(Number.isInteger(priority) && Math.abs(priority) <= PRIORITY_LIMIT)) {
      throw new InputError(
        `priority is ${priority}; allowed: an integer from -${PRIORITY_LIMIT} to ${PRIORITY_LIMIT}`,
      );
    }
    return priority * SEQUENCES + this.sequence++;
  }

  private takeSlot(action: Action): number {
    const slot = this.free > 0 ? this.freeSlots[--this.free]! : this.actions.length;
    if (slot === this.generations.length) {
      if (slot === SLOTS) throw new InputError(`more than ${SLOTS} events wait; allowed: ${SLOTS}`);
      this.generations = extended(this.generations);
      this.freeSlots = extended(this.freeSlots);
    }
    this.actions[slot] = action;
    return slot;
  }

  private releaseSlot(slot: number): void {
    this.actions[slot] = undefined;
    this.generations[slot] = (this.generations[slot]! + 1) % GENERATIONS;
    this.freeSlots[this.free++] = slot;
  }

  private closeHole(): void {
    if (!this.hole) return;
    this.hole = false;
    const last = --this.size;
    if (last > 0) this.siftDown(0, this.times[last]!, this.ranks[last]!, this.slots[last]!);
  }

  private siftUp(from: number, time: number, rank: number, slot: number): void {
    const { times, ranks, slots } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && ranks[parent]! < rank)) break;
      times[at] = parentTime;
      ranks[at] = ranks[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = time;
    ranks[at] = rank;
    slots[at] = slot;
  }

  private siftDown(from: number, time: number, rank: number, slot: number): void {
    const { times, ranks, slots, size } = this;
    let at = from;
    for (;;) {
      let least = 4 * at + 1;
      if (least >= size) break;
      const end = least + 4 < size ? least + 4 : size;
      let leastTime = times[least]!;
      for (let child = least + 1; child < end; child++) {
        const childTime = times[child]!;
        if (childTime < leastTime || (childTime === leastTime && ranks[child]! < ranks[least]!)) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && rank < ranks[least]!)) break;
      times[at] = leastTime;
      ranks[at] = ranks[least]!;
      slots[at] = slots[least]!;
      at = least;
    }
    times[at] = time;
    ranks[at] = rank;
    slots[at] = slot;
  }

  private grow(): void {
    this.times = extended(this.times);
    this.ranks = extended(this.ranks);
    this.slots = extended(this.slots);
  }

  /** Drops the cancelled events and makes a heap of the rest. */
  private sweep(): void {
    this.closeHole();
    const { times, ranks, slots } = this;
    let kept = 0;
    for (let index = 0; index < this.size; index++) {
      const slot = slots[index]!;
      if (this.actions[slot] === undefined) {
        this.releaseSlot(slot);
        continue;
      }
      times[kept] = times[index]!;
      ranks[kept] = ranks[index]!;
      slots[kept++] = slot;
    }
    this.size = kept;
    this.cancelled = 0;
    for (let at = (kept - 2) >> 2; at >= 0; at--) this.siftDown(at, times[at]!, ranks[at]!, slots[at]!);
  }
}

/** The same numbers in an array of twice the length. */
function extended<A extends Float64Array | Int32Array>(array: A): A {
  const longer = new (array.constructor as new (length: number) => A)(2 * array.length);
  longer.set(array);
  return longer;
}
