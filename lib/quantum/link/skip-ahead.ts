import type { Rng } from '../../math/index.js';
import type { Kernel } from '../des/types.js';
import { LAST_PS } from '../units.js';
import type { LinkModel } from './model.js';
import { release, reserve } from './pair.js';
import { earliestDuePs } from './timing.js';
import type { EntanglementLink, Generation, LinkOptions, PairRequest } from './types.js';

/** Tries until the first success, 1 or more: geometric, by inversion. */
function tries(probability: number, rng: Rng): number {
  if (probability >= 1) return 1;
  // 1 - uniform lies in (0, 1]: the logarithm is finite.
  return 1 + Math.floor(Math.log(1 - rng.uniform()) / Math.log1p(-probability));
}

/**
 * A link that draws how many attempts fail before one succeeds and waits for that one alone: one event a pair, whatever
 * the loss. It is exact but for what pairs of memories do to each other: waiting for a free slot, and the dead time of
 * detectors that they share. Its pairs are in the mean state over all histories of a herald.
 */
export function skipAheadLink(
  kernel: Kernel,
  model: LinkModel,
  rng: Rng,
  { name = 'link', trace }: LinkOptions = {},
): EntanglementLink {
  const { timing, rounds, roundPs, heraldPs, firstRoundProbability, successProbability } = model;
  const { slotPs, photonPs, resetPs } = timing;
  const farthestPs = Math.max(...photonPs);
  const secondRoundProbability = successProbability / firstRoundProbability;
  let attempts = 0;

  function draw(): { attempts: number; rounds: number } {
    if (rounds === 1) {
      const count = tries(successProbability, rng);
      return { attempts: count, rounds: count };
    }
    const seconds = tries(secondRoundProbability, rng);
    let firsts = 0;
    // What is past the end of time need not be counted on.
    for (let index = 0; index < seconds && firsts * roundPs <= LAST_PS; index++) {
      firsts += tries(firstRoundProbability, rng);
    }
    return { attempts: firsts, rounds: firsts + seconds };
  }

  function generate(request: PairRequest): Generation {
    reserve(name, request);
    const { left, right, onPair } = request;
    const drawn = draw();
    const earliestPs = earliestDuePs(timing, kernel.nowPs, [left.readyPs, right.readyPs]);
    const firstPs = Math.ceil(earliestPs / slotPs) * slotPs;
    const lastPs = firstPs + (drawn.rounds - 1) * roundPs;
    const atPs = lastPs - farthestPs + heraldPs;
    const emittedPs = lastPs - (rounds - 1) * roundPs - farthestPs;
    let live = true;
    const arrive = () => {
      live = false;
      attempts += drawn.attempts;
      left.readyPs = lastPs - photonPs[0] + resetPs[0];
      right.readyPs = lastPs - photonPs[1] + resetPs[1];
      trace?.record(atPs, name, 'pair', emittedPs);
      onPair({
        left,
        right,
        state: model.state,
        atPs,
        emittedPs,
        expiresPs: emittedPs + model.cutoffPs,
        attempts: drawn.attempts,
        witnessed: [left.name, right.name],
      });
    };
    // Past the end of time the pair never comes.
    const event = atPs <= LAST_PS ? kernel.at(atPs, arrive) : undefined;
    return {
      cancel() {
        if (!live) return false;
        live = false;
        if (event !== undefined) kernel.cancel(event);
        left.readyPs = kernel.nowPs + resetPs[0];
        right.readyPs = kernel.nowPs + resetPs[1];
        release(request);
        return true;
      },
    };
  }

  return {
    name,
    model,
    get attempts() {
      return attempts;
    },
    generate,
  };
}
