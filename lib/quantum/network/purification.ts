import type { StationErrors } from '../bell.js';
import { bbpssw, dejmps, type Purified } from '../purify.js';
import { type Flow, later, log, retire, type Station } from './flow.js';
import { type Arrival, freeMemory } from './generation.js';
import { type Pair, stateAt } from './pair.js';

/**
 * Two pairs of one stretch become one. The node that decides tells the other, and both act at the moment when that
 * message comes; the measured memories are free then. The outcomes cross, and one message later both know.
 */
export function purify(flow: Flow, first: Pair, second: Pair, arrive: Arrival): void {
  const { left, right } = first.segment;
  const delayPs = flow.delayPs(left, right);
  const [kept, measured] = second.rounds > first.rounds ? [second, first] : [first, second];
  kept.place = 'moving';
  measured.place = 'moving';
  flow.counts.purifications++;
  flow.counts.messages += 3;
  later(flow, delayPs, () => {
    const better = outcome(flow, kept, measured);
    retire(flow, kept);
    retire(flow, measured);
    flow.live.add(better ?? kept);
    freeMemory(flow, left, 'right', measured.leftMemory, arrive);
    freeMemory(flow, right, 'left', measured.rightMemory, arrive);
    later(flow, delayPs, () => {
      if (better) return arrive(flow, better);
      retire(flow, kept);
      flow.counts.purificationFailures++;
      freeMemory(flow, left, 'right', kept.leftMemory, arrive);
      freeMemory(flow, right, 'left', kept.rightMemory, arrive);
    });
  });
}

/** Draws whether the bits agree. @returns the better pair if they do */
function outcome(flow: Flow, kept: Pair, measured: Pair): Pair | undefined {
  const { left, right, controller } = kept.segment;
  const [a, b] = [flow.stations[left]!, flow.stations[right]!];
  const { nowPs } = flow.kernel;
  const result = step(flow.protocol.purification)(
    stateAt(kept, nowPs, a.memory, b.memory),
    stateAt(measured, nowPs, a.memory, b.memory),
    bothStations(a, b),
  );
  const success = flow.stations[controller]!.rng.uniform() < result.successProbability;
  log(flow, 'purified', kept.leftMemory.index, measured.leftMemory.index, success ? 1 : 0);
  return success ? improved(kept, measured, result, nowPs) : undefined;
}

const step = (name: string) => (name === 'dejmps' ? dejmps : bbpssw);

function improved(kept: Pair, measured: Pair, { state }: Purified, nowPs: number): Pair {
  const expiresPs = Math.min(kept.expiresPs, measured.expiresPs);
  return { ...kept, state, sincePs: nowPs, rounds: kept.rounds + 1, expiresPs, place: 'moving' };
}

/** One station that works as these two do together: the same chance that both gates act, and that one bit is misread. */
function bothStations(a: Station, b: Station): StationErrors {
  const { gateFidelity: gateA = 1, readoutFidelity: readA = 1 } = a.gateErrors;
  const { gateFidelity: gateB = 1, readoutFidelity: readB = 1 } = b.gateErrors;
  const oneMisread = readA * (1 - readB) + readB * (1 - readA);
  const readoutFidelity = (1 + Math.sqrt(Math.max(0, 1 - 2 * oneMisread))) / 2;
  return { gateFidelity: Math.sqrt(gateA * gateB), readoutFidelity };
}
