import { requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { type Bb84, simulateBb84 } from './bb84.js';
import { type DistilledKey, distil } from './distil.js';
import type { KeySecurity } from './finite.js';

/** Secret bits of one block of pulses, with what they took. */
export interface KeyBlock extends Omit<DistilledKey, 'alice' | 'bob'> {
  /** Secret bits, the same at both ends. */
  bits: Uint8Array;
  /** Time during which the pulses were sent; the link is then free for the next block. */
  durationSec: number;
  /** From the first pulse to the key: sending, flight, and every message that waits for another; no computing time. */
  latencySec: number;
  secretBitsPerSec: number;
}

/** A quantum link that makes keys block by block. */
export interface Bb84Link {
  readonly name: string;
  /** Against whom its keys are secret. */
  readonly security: string;
  /** The next block; all its randomness is drawn from `rng`. */
  block(rng: Rng): KeyBlock;
}

/**
 * Decoy-state BB84 as a source of keys.
 * @param options.blockPulses pulses of a block: longer blocks lose less to statistics and come later
 * @throws InputError when an option is out of range.
 */
export function bb84Link(options: { config: Bb84; blockPulses: number; security?: KeySecurity }): Bb84Link {
  const { config, security = { secrecy: 1e-9, correctness: 1e-15 } } = options;
  const blockPulses = requireInteger('blockPulses', options.blockPulses, 1, 1e12);
  return {
    name: 'BB84',
    security:
      `secret but for ${security.secrecy} against anyone who holds the channel (decoy-state BB84, Lim et al. 2014); ` +
      'trusted devices, an authenticated classical channel',
    block(rng) {
      const run = simulateBb84(config, blockPulses, rng.fork('optics'));
      const { alice, bob: _, ...key } = distil(config, run, security, rng.fork('distil'));
      const { durationSec } = run;
      return {
        ...key,
        bits: alice,
        durationSec,
        latencySec: durationSec + config.delaySec * (1 + key.messages),
        secretBitsPerSec: alice.length / durationSec,
      };
    },
  };
}
