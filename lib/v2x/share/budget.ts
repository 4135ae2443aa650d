import { requireRange } from '../../base/index.js';

/** @throws InputError unless a limit is 0 or above; infinity is none. */
export const requireBudget = (name: string, value: number): number =>
  requireRange(name, value, 0, Number.POSITIVE_INFINITY);
