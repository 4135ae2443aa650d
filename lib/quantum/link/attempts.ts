import type { Rng } from '../../math/index.js';
import type { Kernel } from '../des/types.js';
import { PS_PER_SEC } from '../units.js';
import type { Link } from './config.js';
import { linkModel } from './model.js';
import { release, reserve } from './pair.js';
import { type AttemptHistory, linkPhysics } from './physics.js';
import { earliestDuePs } from './timing.js';
import type { EntanglementLink, Generation, HeraldedPair, LinkOptions, PairRequest } from './types.js';

/** One pair of memories at work. */
interface Work {
  readonly request: PairRequest;
  live: boolean;
  round: number;
  attempts: number;
  emittedPs: number;
  history: AttemptHistory;
}

/** A message of the station about a slot. `sources` is what the station saw and the ends do not know. */
interface Herald {
  slot: number;
  success: boolean;
  sources: HeraldedPair['witnessed'];
}

/**
 * A link whose every attempt is simulated. Each round's photons are due at the station in a time slot that no other pair
 * of memories has; the station looks into that slot's window and sends the outcome to both ends, each of which finds in
 * its own book which of its memories the slot belongs to; when both have heard, the next round starts or there is a pair.
 * A round costs three events: the window, and a herald at each end.
 */
export function attemptLink(
  kernel: Kernel,
  config: Link,
  rng: Rng,
  { name = 'link', trace }: LinkOptions = {},
): EntanglementLink {
  const model = linkModel(config);
  const physics = linkPhysics(config, rng);
  const { slotPs, photonPs, messagePs, resetPs, halfWindowPs, localPs } = model.timing;
  const lastToHear = messagePs[0] > messagePs[1] ? 0 : 1;
  const books = [new Map<number, Work>(), new Map<number, Work>()] as const;
  let attempts = 0;

  function startRound(work: Work): void {
    const units = [work.request.left, work.request.right] as const;
    const earliestPs = earliestDuePs(model.timing, kernel.nowPs, [units[0].readyPs, units[1].readyPs]);
    let slot = Math.ceil(earliestPs / slotPs);
    while (books[0].has(slot) || books[1].has(slot)) slot++;
    const duePs = slot * slotPs;
    for (const arm of [0, 1] as const) {
      books[arm].set(slot, work);
      units[arm].readyPs = duePs - photonPs[arm] + resetPs[arm];
    }
    if (work.round === 0) work.emittedPs = duePs - Math.max(...photonPs);
    kernel.at(duePs + halfWindowPs, () => look(work, slot, duePs));
  }

  function look(work: Work, slot: number, duePs: number): void {
    const success = physics.round(work.history, work.round, duePs);
    const { left, right } = work.request;
    const herald: Herald = { slot, success, sources: [left.name, right.name] };
    trace?.record(kernel.nowPs, name, 'window', slot, success ? 1 : 0);
    const first = lastToHear === 0 ? 1 : 0;
    kernel.after(messagePs[first] + localPs, () => {
      const heard = entry(first, slot);
      kernel.after(messagePs[lastToHear] - messagePs[first], () => {
        const other = entry(lastToHear, slot);
        conclude(herald, first === 0 ? heard : other, first === 0 ? other : heard);
      });
    });
  }

  function entry(arm: 0 | 1, slot: number): Work {
    const work = books[arm].get(slot)!;
    books[arm].delete(slot);
    return work;
  }

  /** Both ends have heard; each names the memory that its own book has for the slot. */
  function conclude({ success, sources }: Herald, work: Work, atRight: Work): void {
    if (!work.live) return;
    const done = success && work.round === model.rounds - 1;
    if (done || !success) attempts++;
    if (done) {
      deliver(work, work.request.left, atRight.request.right, sources);
    } else {
      if (success) work.round++;
      else begin(work);
      startRound(work);
    }
  }

  function begin(work: Work): void {
    work.round = 0;
    work.attempts++;
    work.history = physics.prepare();
  }

  function deliver(
    work: Work,
    left: HeraldedPair['left'],
    right: HeraldedPair['right'],
    witnessed: HeraldedPair['witnessed'],
  ): void {
    const { emittedPs } = work;
    const atPs = kernel.nowPs;
    work.live = false;
    trace?.record(atPs, name, 'pair', emittedPs);
    work.request.onPair({
      left,
      right,
      state: physics.stateOf(work.history, (atPs - emittedPs) / PS_PER_SEC),
      atPs,
      emittedPs,
      expiresPs: emittedPs + model.cutoffPs,
      attempts: work.attempts,
      witnessed,
    });
  }

  function generate(request: PairRequest): Generation {
    reserve(name, request);
    const work: Work = {
      request,
      live: true,
      round: 0,
      attempts: 1,
      emittedPs: 0,
      history: physics.prepare(),
    };
    startRound(work);
    return {
      cancel() {
        if (!work.live) return false;
        work.live = false;
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
