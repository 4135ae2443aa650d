/** The simulated repeater chain of `quantum/lossy` against its closed form and the bounds. */
import type { Rng } from '../../../../lib/math/index.js';
import {
  evenChainBound,
  expectedSlots,
  stationLimit,
  transmissivity,
} from '../../../../lib/quantum/index.js';
import { simulateChain, USES_PER_ATTEMPT } from '../../../quantum/lossy-chain.js';
import { type Reference, within } from '../../reference.js';

const deliveries = 4000;

/** 400 km, stations that lose half of it on either side. */
function chain(stations: number, station: number) {
  const fibre = transmissivity(80 / (stations + 1));
  return {
    links: stations + 1,
    linkEfficiency: fibre * (stations > 1 ? station : station ** (stations / 2)),
    attemptSec: 1e-3,
    outcomeSec: 2e-3,
    swapSuccess: 1,
    t2Sec: Number.POSITIVE_INFINITY,
  };
}

const seven = chain(7, 0.5);
const closed = 1 / (USES_PER_ATTEMPT * expectedSlots(seven.links, seven.linkEfficiency));
// The largest of n exponentials has variance Σ 1/k² and mean Σ 1/k; that of geometric numbers varies a little less.
const ranks = Array.from({ length: seven.links }, (_, k) => 1 / (k + 1));
const total = (values: readonly number[]) => values.reduce((a, b) => a + b);
const relativeSpread = Math.sqrt(total(ranks.map((rank) => rank * rank))) / total(ranks);

const waits: Reference = {
  id: 'lossy/simulated',
  what: `ebits a use of a simulated chain, 400 km, 7 stations of transmissivity 0.5, ${deliveries} pairs`,
  source: 'closed form of the wait for all links; 4 standard errors',
  value: closed,
  allowed: within(closed, (4 * closed * relativeSpread) / Math.sqrt(deliveries)),
  measure: (rng) => {
    const { ebitsPerUse, ci95 } = simulateChain(rng, seven, deliveries);
    return { value: ebitsPerUse, ci95 };
  },
};

const belowBounds: Reference = {
  id: 'lossy/below-bounds',
  what: 'at most: largest ratio of a simulated rate, upper end of its interval, to the bound of its chain and of one station; 400 km, 1 to 127 stations, τ = 0.5, 0.9, 1',
  source: 'Laurenza, Walk, Eisert, Pirandola, PRR 4, 023158: no strategy passes them',
  value: 1,
  allowed: [0, 1],
  measure: (rng) => ({ value: largestRatio(rng) }),
};

function largestRatio(rng: Rng): number {
  let largest = 0;
  for (const station of [0.5, 0.9, 1]) {
    for (const stations of [1, 3, 7, 15, 31, 63, 127]) {
      const { ci95 } = simulateChain(rng.fork(`${station} ${stations}`), chain(stations, station), 500);
      const bound = evenChainBound({
        transmissivity: transmissivity(80),
        stations,
        stationTransmissivity: station,
      });
      const limit = stationLimit(station).bitsPerUse;
      largest = Math.max(largest, ci95[1] / Math.min(bound.bitsPerUse, limit));
    }
  }
  return largest;
}

export const references: Reference[] = [waits, belowBounds];
