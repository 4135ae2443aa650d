/** What an event does when its time comes. */
export type Action = () => void;

/** Names one scheduled event until it has run or was cancelled. */
export type EventHandle = number;

/**
 * A deterministic discrete-event kernel. Time is integer picoseconds; events run in the order (time, priority, sequence),
 * where the sequence is the order of scheduling, so equal times never leave the order open.
 */
export interface Kernel {
  /** The present, in integer picoseconds. */
  readonly nowPs: number;
  /** Events that ran so far. */
  readonly executed: number;
  /** Events that wait. */
  readonly pending: number;
  /**
   * Runs `action` at a time not before the present; the lower priority number first among equal times.
   * @throws InputError for a time in the past, past 2^53 - 1 ps, or not an integer.
   */
  at(timePs: number, action: Action, priority?: number): EventHandle;
  /** Runs `action` so much later; otherwise as `at`. */
  after(delayPs: number, action: Action, priority?: number): EventHandle;
  /** Takes an event back; false when it has run or was cancelled before. */
  cancel(handle: EventHandle): boolean;
  /** Runs every event up to and at `untilPs`, and leaves the clock there. */
  run(untilPs: number): void;
}
