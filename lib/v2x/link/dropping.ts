import { requireChoice, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { PacketLosses } from './pipe.js';

/**
 * Packets that a sender or a crowded queue drops: of n packets on average `lossProbability` n, and never a whole
 * packet more or less than that.
 * @param options.lossProbability 0 to 1
 * @param options.order `priority` drops the last of the message, which matter least; `random` any
 * @throws InputError when the probability or the order is none.
 */
export function dropping(options: { lossProbability: number; order: 'priority' | 'random' }): PacketLosses {
  const lossProbability = requireRange('lossProbability', options.lossProbability, 0, 1);
  const byPriority = requireChoice('order', options.order, ['priority', 'random']) === 'priority';
  return {
    name: byPriority ? 'drops by priority' : 'drops at random',
    lossProbability,
    sample(rng, packets) {
      const count = Math.floor(lossProbability * packets + rng.uniform());
      const lost = new Uint8Array(packets);
      if (byPriority) return lost.fill(1, packets - count);
      for (const packet of anyOf(rng, packets, count)) lost[packet] = 1;
      return lost;
    },
  };
}

const anyOf = (rng: Rng, packets: number, count: number) => rng.permutation(packets).subarray(0, count);
