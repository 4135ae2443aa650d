import { mean, type Rng, standardError } from 'semwave/math';
import { dephased, drawSlot, hashingYield, idleFlipProbability, pureBell } from 'semwave/quantum';

/**
 * The chain that is simulated. The left end of each link makes pairs of a memory and a photon in two polarisations, which
 * are two uses of the fibre, and sends the photon on; the right end's memory heralds it and tells, before the next
 * attempt. Links that are done wait for their neighbours; neighbours swap, then pairs of neighbours, and so on (nested).
 * All loss of a station is in what light passes on its way in and out; its swap may be of linear optics, that fails half
 * the time and starts its segment anew. Memories lose their phase with T2 while they wait.
 */
export interface Chain {
  /** A power of two. */
  links: number;
  /** Of a photon, station to station. */
  linkEfficiency: number;
  attemptSec: number;
  /** Time that the outcome of the last swap takes to the ends. */
  outcomeSec: number;
  swapSuccess: number;
  t2Sec: number;
}

/** A pair over a segment: when it was made, and the time that its memories have waited since their heralds, two by two. */
interface Segment {
  slots: number;
  idleSlots: number;
}

/** What a simulated chain delivers. */
export interface Delivered {
  /** Ebits that hashing leaves of the pairs, for each use of every link. */
  ebitsPerUse: number;
  ci95: [number, number];
  /** Mean over the pairs. */
  fidelity: number;
  /** Attempts until a pair is there. */
  meanSlots: number;
}

/** Ebits by uses are a ratio of two means; its interval is that of the residuals of each delivery. */
export function simulateChain(rng: Rng, chain: Chain, deliveries: number): Delivered {
  const slots = new Float64Array(deliveries);
  const ebits = new Float64Array(deliveries);
  const fidelities = new Float64Array(deliveries);
  for (let k = 0; k < deliveries; k++) {
    const segment = makeSegment(rng, chain, chain.links);
    const idleSec = segment.idleSlots * chain.attemptSec + chain.outcomeSec;
    const state = dephased(pureBell('phiPlus'), idleFlipProbability(idleSec, chain.t2Sec));
    slots[k] = segment.slots;
    ebits[k] = hashingYield(state);
    fidelities[k] = state.phiPlus;
  }
  const meanSlots = mean(slots);
  const ebitsPerUse = mean(ebits) / (USES_PER_ATTEMPT * meanSlots);
  const residuals = ebits.map(
    (bits, k) => (bits - ebitsPerUse * USES_PER_ATTEMPT * slots[k]!) / (USES_PER_ATTEMPT * meanSlots),
  );
  const half = 1.96 * standardError(residuals);
  const ci95: [number, number] = [Math.max(0, ebitsPerUse - half), ebitsPerUse + half];
  return { ebitsPerUse, ci95, fidelity: mean(fidelities), meanSlots };
}

/** A photon in either of two polarisations takes two modes of the fibre. */
export const USES_PER_ATTEMPT = 2;

/** Makes a pair over so many links, a power of two: both halves, then a swap that may fail and lose them. */
function makeSegment(rng: Rng, chain: Chain, links: number): Segment {
  if (links === 1) return { slots: drawSlot(rng, chain.linkEfficiency), idleSlots: 0 };
  let slots = 0;
  for (;;) {
    const left = makeSegment(rng, chain, links / 2);
    const right = makeSegment(rng, chain, links / 2);
    slots += Math.max(left.slots, right.slots);
    if (chain.swapSuccess === 1 || rng.uniform() < chain.swapSuccess) {
      const waited = Math.abs(left.slots - right.slots);
      return { slots, idleSlots: left.idleSlots + right.idleSlots + waited };
    }
  }
}
