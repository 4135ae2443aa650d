import { InputError } from '../../base/index.js';
import type { BellState } from '../bell.js';
import { decayed } from '../noise.js';
import { PS_PER_SEC } from '../units.js';
import type { LinkModel } from './model.js';
import type { HeraldedPair, MemoryUnit } from './types.js';

type Ends = Readonly<Record<'left' | 'right', MemoryUnit>>;

/** The state of a pair that has waited in its memories. @throws InputError for a moment before its herald. */
export const pairStateAt = (pair: HeraldedPair, { times }: LinkModel, timePs: number): BellState =>
  decayed(pair.state, (timePs - pair.atPs) / PS_PER_SEC, ...times);

/** Frees both memories of a pair. */
export function release({ left, right }: Ends): void {
  left.inUse = false;
  right.inUse = false;
}

/** @throws InputError when one of the memories is in use, or both are the same. */
export function reserve(link: string, { left, right }: Ends): void {
  for (const unit of [left, right]) {
    if (unit.inUse || left === right) {
      throw new InputError(`${link}: memory ${JSON.stringify(unit.name)} is in use; allowed: a free one`);
    }
  }
  left.inUse = true;
  right.inUse = true;
}
