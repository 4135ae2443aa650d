import type { BellState } from '../bell.js';
import type { Trace } from '../des/trace.js';
import type { LinkModel } from './model.js';

/**
 * A memory in a simulation. Its node makes it, one a qubit, and lends it to a link; any number of links may use it in
 * turn.
 */
export interface MemoryUnit {
  readonly name: string;
  /** It can be excited from then on. */
  readyPs: number;
  /** It takes part in attempts, or holds half of a pair. */
  inUse: boolean;
}

/** A memory that is free from the start. */
export const memoryUnit = (name: string): MemoryUnit => ({ name, readyPs: 0, inUse: false });

/** An entangled pair at the moment when both ends know of it. */
export interface HeraldedPair {
  readonly left: MemoryUnit;
  readonly right: MemoryUnit;
  /**
   * The true state, corrected to phiPlus. In per-attempt mode it is that of this pair's own history (a herald by a dark
   * count leaves another state than one by a photon); the ends know only the mean over histories, `link.model.state`.
   */
  readonly state: BellState;
  /** The moment at which `state` holds: the herald. Later states follow by `pairStateAt`. */
  readonly atPs: number;
  /** First emission of the attempt that succeeded. */
  readonly emittedPs: number;
  /** The pair must be given up then; infinite without a cutoff. */
  readonly expiresPs: number;
  /** Attempts until this one succeeded, this one included. */
  readonly attempts: number;
  /** Names of the memories whose photons were due in the window that heralded, left and right. */
  readonly witnessed: readonly [left: string, right: string];
}

/** A wish for one pair. */
export interface PairRequest {
  left: MemoryUnit;
  right: MemoryUnit;
  onPair(pair: HeraldedPair): void;
}

/** Attempts under way. */
export interface Generation {
  /** Stops the attempts and frees both memories; false when the pair is there already. */
  cancel(): boolean;
}

/** A link that makes entangled pairs on a kernel. */
export interface EntanglementLink {
  readonly name: string;
  readonly model: LinkModel;
  /** Attempts that ended so far; those that were cancelled do not count. */
  readonly attempts: number;
  /**
   * Attempts from now on until there is a pair, and then calls `onPair`, once, at the moment when both ends know. The
   * memories are in use from this call until `cancel`, or until whoever holds the pair frees them (`release`).
   * @throws InputError when a memory is in use.
   */
  generate(request: PairRequest): Generation;
}

export interface LinkOptions {
  /** Names the link in traces and messages. */
  name?: string;
  /** Receives every herald and pair. */
  trace?: Trace;
}
