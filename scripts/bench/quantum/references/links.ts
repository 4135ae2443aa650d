/** Entanglement generation over one link: simulated attempts and skip-ahead against closed forms and SeQUeNCe's counts. */
import { type Rng, wilsonInterval } from '../../../../lib/math/index.js';
import {
  createKernel,
  entanglementLink,
  keepGenerating,
  type Link,
  type LinkMode,
  type LinkSchemeInput,
  linkModel,
  midpointLink,
  picoseconds,
} from '../../../../lib/quantum/index.js';
import { type Estimate, type Reference, within } from '../../reference.js';

interface Counts {
  pairs: number;
  genuine: number;
  attempts: number;
  meanFidelity: number;
}

function countPairs(
  config: Link,
  rng: Rng,
  { seconds, memories = 1, mode = 'attempts' }: { seconds: number; memories?: number; mode?: LinkMode },
): Counts {
  const kernel = createKernel();
  const link = entanglementLink(kernel, config, rng, { mode });
  const counts = { pairs: 0, genuine: 0, fidelity: 0 };
  keepGenerating(kernel, link, memories, {
    onPair(pair) {
      counts.pairs++;
      counts.fidelity += pair.state.phiPlus;
      if (pair.left.name === pair.witnessed[0] && pair.right.name === pair.witnessed[1]) counts.genuine++;
      pair.release();
    },
  });
  kernel.run(picoseconds('run', seconds));
  const { pairs, genuine, fidelity } = counts;
  return { pairs, genuine, attempts: link.attempts, meanFidelity: fidelity / pairs };
}

const barrettKok = 'Barrett and Kok, Phys. Rev. A 71, 060310 (2005): ηA ηB / 2';
const sequence = 'SeQUeNCe 0.6.2 from PyPI, its seeds 0, 1 and 0';

/** A probability estimated by at least so many attempts; four standard errors are allowed. */
function successOf(armKm: number, efficiency: number, detected: number, seconds: number): Reference {
  const config = midpointLink({
    lengthKm: 2 * armKm,
    memory: { efficiency },
    scheme: { kind: 'barrett-kok', station: { detector: { efficiency: detected } } },
  });
  const value = (efficiency * detected * 10 ** (-0.02 * armKm)) ** 2 / 2;
  const attempts = seconds / linkModel(config).attemptSec;
  return {
    id: `link/barrett-kok/${armKm}km`,
    what: `success probability of simulated Barrett-Kok attempts over arms of ${armKm} km, memories ${efficiency}, detectors ${detected}`,
    source: barrettKok,
    value,
    allowed: within(value, 4 * Math.sqrt((value * (1 - value)) / attempts)),
    measure(rng): Estimate {
      const { pairs, attempts } = countPairs(config, rng, { seconds });
      return { value: pairs / attempts, ci95: wilsonInterval(pairs, attempts) };
    },
  };
}

const clean = midpointLink({
  lengthKm: 20,
  memory: { efficiency: 0.75, rawFidelity: 0.9349367588934053, rateHz: 2000 },
  scheme: { kind: 'barrett-kok', station: { detector: { efficiency: 0.8 } } },
  negotiation: 'round',
});

/** Pairs a second; theirs is a count of one second with its own noise, ours a mean over many. */
function besideSequence(memories: number, value: number): Reference {
  const seconds = 200 / memories;
  return {
    id: `link/sequence/${memories}-memories`,
    what: `pairs in one second over 20 km with ${memories} memories a side, time bins at 1e7 Hz, rounds negotiated`,
    source: sequence,
    value,
    allowed: within(value, 4 * Math.sqrt(value * (1 + 1 / seconds))),
    measure: (rng) => ({ value: countPairs(clean, rng, { seconds, memories }).pairs / seconds }),
  };
}

const linearity: Reference = {
  id: 'link/linear-in-memories',
  what: 'pairs of 50 memories over 50 times the pairs of one, 20 km',
  source: 'attempts in time slots of their own do not disturb each other',
  value: 1,
  allowed: within(1, 4 * Math.sqrt(2 / (200 * linkModel(clean).ratePerSec))),
  measure(rng) {
    const one = countPairs(clean, rng.fork('one'), { seconds: 200 });
    const many = countPairs(clean, rng.fork('many'), { seconds: 4, memories: 50 });
    return { value: many.pairs / one.pairs };
  },
};

const consistency: Reference = {
  id: 'link/genuine-heralds',
  what: 'share of the pairs of 50 memories that name the two memories whose photons made the herald',
  source: 'definition; SeQUeNCe with time bins 10 ps apart: 0.52',
  value: 1,
  allowed: [1, 1],
  measure(rng) {
    const { pairs, genuine } = countPairs(clean, rng, { seconds: 10, memories: 50 });
    return { value: genuine / pairs };
  },
};

const skipAhead: Reference = {
  id: 'link/skip-ahead',
  what: 'pairs of skip-ahead over pairs of simulated attempts, 20 km, 10 memories',
  source: 'definition: geometric numbers of attempts',
  value: 1,
  allowed: within(1, 4 * Math.sqrt(2 / (1000 * linkModel(clean).ratePerSec))),
  measure(rng) {
    const counts = (['skip-ahead', 'attempts'] as const).map(
      (mode) => countPairs(clean, rng.fork(mode), { seconds: 100, memories: 10, mode }).pairs,
    );
    return { value: counts[0]! / counts[1]! };
  },
};

interface FidelityEntry {
  name: string;
  what: string;
  scheme: LinkSchemeInput;
  value: number;
  source: string;
  tolerance: number;
}

/** The mean fidelity of simulated pairs. */
function fidelityOf({ name, what, scheme, value, source, tolerance }: FidelityEntry): Reference {
  const config = midpointLink({ lengthKm: 20, memory: { rateHz: 1e6 }, scheme });
  return {
    id: `link/fidelity/${name}`,
    what: `mean fidelity of simulated pairs over 20 km, ${what}`,
    source,
    value,
    allowed: within(value, tolerance),
    measure: (rng) => ({ value: countPairs(config, rng, { seconds: 20 }).meanFidelity }),
  };
}

const eta = 0.75 * 0.8 * 10 ** -0.2;
const bright = 0.2;
const singleClickFidelity = (2 * (1 - bright)) / (2 - bright * eta);

export const references: Reference[] = [
  successOf(1, 1, 1, 20),
  successOf(10, 0.75, 0.8, 60),
  successOf(33, 0.75, 0.8, 200),
  besideSequence(1, 99),
  besideSequence(5, 463),
  besideSequence(10, 932),
  linearity,
  consistency,
  skipAhead,
  fidelityOf({
    name: 'single-click',
    what: 'single-click, bright population 0.2',
    scheme: { kind: 'single-click', brightPopulation: bright },
    value: singleClickFidelity,
    source: 'Cabrillo et al., Phys. Rev. A 59, 1025 (1999): 2 (1 - a) / (2 - a η)',
    // A pair is right or wrong; some 20,000 pairs come in the time.
    tolerance: 4 * Math.sqrt((singleClickFidelity * (1 - singleClickFidelity)) / 20_000),
  }),
  fidelityOf({
    name: 'barrett-kok-overlap',
    what: 'Barrett-Kok, photon overlap 0.9: every pair has the same',
    scheme: { kind: 'barrett-kok', station: { overlap: 0.9 } },
    value: 0.95,
    source: 'closed form (1 + overlap) / 2',
    tolerance: 1e-9,
  }),
];
