import type { Rng } from '../../math/index.js';
import { createKernel } from '../des/kernel.js';
import type { Kernel } from '../des/types.js';
import { picoseconds } from '../units.js';
import {
  type EntanglementLink,
  entanglementLink,
  type HeldPair,
  keepGenerating,
  type Link,
  type LinkMode,
} from './index.js';

/** A link that ran for a test. */
export interface LinkRun {
  kernel: Kernel;
  link: EntanglementLink;
  pairs: HeldPair[];
}

/** Runs a link whose pairs are released at once. */
export function runLink(
  config: Link,
  rng: Rng,
  { seconds = 1, memories = 1, mode = 'attempts' as LinkMode, attempts = Infinity } = {},
): LinkRun {
  const kernel = createKernel();
  const link = entanglementLink(kernel, config, rng, { mode });
  const pairs: HeldPair[] = [];
  keepGenerating(kernel, link, memories, {
    onPair(pair) {
      pairs.push(pair);
      pair.release();
    },
  });
  const step = picoseconds('step', link.model.attemptSec);
  const end = picoseconds('end', seconds);
  while (kernel.nowPs < end && link.attempts < attempts) kernel.run(Math.min(end, kernel.nowPs + step));
  return { kernel, link, pairs };
}

/** How many standard errors a count of successes is from its probability. */
export const zOf = (successes: number, trials: number, probability: number): number =>
  (successes - trials * probability) / Math.sqrt(trials * probability * (1 - probability));

/** How many standard errors the mean of a sample is from a value. */
export function zOfMean(values: readonly number[], expected: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (mean - expected) / Math.sqrt(squares / (values.length - 1) / values.length);
}
