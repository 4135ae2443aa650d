import type { BellState } from '../bell.js';
import type { MemoryUnit } from '../link/index.js';
import { decayed, type MemoryTimes } from '../noise.js';
import { PS_PER_SEC } from '../units.js';
import type { Segment } from './segments.js';

/** A memory of a router. */
export interface RouterMemory extends MemoryUnit {
  /** Its place in its router. */
  readonly index: number;
}

/** Where a pair is in the hands of the node that decides about it. */
export type PairPlace = 'moving' | 'ready' | 'impure' | 'gone';

/** An entangled pair that two nodes of a path hold. */
export interface Pair {
  readonly segment: Segment;
  /** As the last operation left it, in the frame that makes phiPlus the wished state. */
  readonly state: BellState;
  /** When that was. */
  readonly sincePs: number;
  /** Which memories of the two nodes hold it. */
  readonly leftMemory: RouterMemory;
  readonly rightMemory: RouterMemory;
  /** Purifications behind it. */
  readonly rounds: number;
  /** When its oldest part is given up; infinite where nothing is. */
  readonly expiresPs: number;
  place: PairPlace;
}

/** The pair's state at a time: decayed since its last operation. What is read is not stored. */
export function stateAt(pair: Pair, timePs: number, left: MemoryTimes, right: MemoryTimes): BellState {
  const elapsedSec = (timePs - pair.sincePs) / PS_PER_SEC;
  return elapsedSec === 0 ? pair.state : decayed(pair.state, elapsedSec, left, right);
}
