import type { Kernel } from '../des/types.js';
import { LAST_PS } from '../units.js';
import { release } from './pair.js';
import { type EntanglementLink, type HeraldedPair, memoryUnit } from './types.js';

/** A pair in the hands of who asked for it. */
export interface HeldPair extends HeraldedPair {
  /** Frees both memories, which at once try for the next pair; without effect when the pair has expired. */
  release(): void;
}

/** What happens to the pairs of `keepGenerating`. */
export interface PairHandler {
  onPair(pair: HeldPair): void;
  /** The pair reached its cutoff before its release: it is gone, and its memories try for the next one. */
  onExpired?(pair: HeldPair): void;
}

/**
 * Keeps `memories` pairs of memories of a link at work: each tries until it has a pair, holds it until it is released or
 * reaches its cutoff, and tries again.
 *
 * ```ts
 * const link = entanglementLink(kernel, midpointLink({ lengthKm: 20 }), rng);
 * keepGenerating(kernel, link, 5, { onPair: (pair) => { count++; pair.release(); } });
 * kernel.run(PS_PER_SEC);
 * ```
 */
export function keepGenerating(
  kernel: Kernel,
  link: EntanglementLink,
  memories: number,
  { onPair, onExpired }: PairHandler,
): void {
  const start = (left: HeraldedPair['left'], right: HeraldedPair['right']): void => {
    link.generate({ left, right, onPair: hold });
  };
  function hold(pair: HeraldedPair): void {
    let held = true;
    const giveUp = () => {
      held = false;
      release(pair);
      start(pair.left, pair.right);
    };
    const expiry =
      pair.expiresPs <= LAST_PS
        ? kernel.at(pair.expiresPs, () => {
            giveUp();
            onExpired?.(heldPair);
          })
        : undefined;
    const heldPair: HeldPair = {
      ...pair,
      release() {
        if (!held) return;
        if (expiry !== undefined) kernel.cancel(expiry);
        giveUp();
      },
    };
    onPair(heldPair);
  }
  for (let index = 0; index < memories; index++) {
    start(memoryUnit(`${link.name}/left ${index}`), memoryUnit(`${link.name}/right ${index}`));
  }
}
