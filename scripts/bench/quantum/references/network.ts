import { mean, type Rng, standardError, wilsonInterval } from '../../../../lib/math/index.js';
import {
  chshTest,
  expectedLoad,
  type FlowCounts,
  type NetworkProtocolInput,
  networkLinks,
  networkRoutes,
  quantumNetwork,
  requestAtRandom,
  serviceOf,
  shareMemories,
  starlight,
  type TopologyInput,
  teleportation,
  topology,
  uniformDemand,
} from '../../../../lib/quantum/index.js';
import { type Estimate, type Reference, within } from '../../reference.js';

type Router = Omit<TopologyInput['nodes'][number], 'name'>;

/** An attempt is as long as light over a link, 100 us, and succeeds with probability 0.1. */
const SLOT_SEC = 1e-4;
const slotted: Router = { memories: 2, memory: { rateHz: 1e9, efficiency: Math.sqrt(0.2) } };
const station = { detector: { efficiency: 1 }, windowSec: 1e-10 };
const lossless = {
  lengthKm: 20,
  attenuationDbPerKm: 0,
  scheme: { kind: 'two-photon' as const, station },
  slotSec: 1e-9,
};

interface Run {
  nodes: number;
  router: Router;
  memories: number;
  seconds: number;
  rng: Rng;
  protocol?: NetworkProtocolInput;
  minFidelity?: number;
  onPair?: NonNullable<Parameters<typeof quantumNetwork>[0]['onPair']>;
}

/** Pairs from end to end of a chain of routers. */
function chain({ nodes, router, memories, seconds, minFidelity = 0, ...options }: Run) {
  const names = Array.from({ length: nodes }, (_, place) => `n${place}`);
  const network = quantumNetwork({
    ...options,
    topology: topology({
      nodes: names.map((name) => ({ ...router, name })),
      links: names.slice(1).map((name, place) => ({ ...lossless, nodes: [names[place]!, name] })),
    }),
  });
  const [startSec, endSec] = [1, 1 + seconds];
  const request = { initiator: 'n0', responder: `n${nodes - 1}`, startSec, endSec, memories, minFidelity };
  const record = network.submit(request);
  network.run(endSec);
  return { fidelities: record.fidelities, counts: record.counts as FlowCounts };
}

const werner = (rawFidelity: number, memories: number): Router => ({
  memories: 2 * memories,
  memory: { ...slotted.memory, rawFidelity },
});

const meanOf = (values: readonly number[]): Estimate => {
  const [value, half] = [mean(values), 1.96 * standardError(values)];
  return { value, ci95: [value - half, value + half] };
};

const ofPairs = ({ value, standardError: error }: { value: number; standardError: number }): Estimate => ({
  value,
  ci95: [value - 1.96 * error, value + 1.96 * error],
});

function swaps(links: number, fidelity: number, value: number): Reference {
  return {
    id: `network/swap/${links}-links-${fidelity}`,
    what: `fidelity that a network delivers over ${links} links of Werner pairs of ${fidelity}, no decay`,
    source: 'closed form: weights (4F - 1)/3 multiply under swapping',
    value,
    allowed: within(value, 1e-9),
    measure: (rng) => ({
      value: chain({ nodes: links + 1, router: werner(fidelity, 1), memories: 1, seconds: 1, rng })
        .fidelities[0]!,
    }),
  };
}

const waiting: Reference = {
  id: 'network/wait/2-links-0.1',
  what: 'mean slots from one pair over two links to the next, 0.1 an attempt, one memory a side',
  source: 'closed form: mean of the larger of two geometric numbers, (3 - 2p)/(p(2 - p))',
  value: 14.736842,
  allowed: within(14.736842, 0.3),
  measure(rng) {
    const seconds = 60;
    const { delivered } = chain({ nodes: 3, router: slotted, memories: 1, seconds, rng }).counts;
    // The ends hear of the swap, and tell the station that they are free: two messages of a slot each.
    const value = seconds / SLOT_SEC / delivered - 2;
    // The larger of two geometric numbers scatters less than its mean.
    const half = (1.96 * value) / Math.sqrt(delivered);
    return { value, ci95: [value - half, value + half] };
  },
};

const dephasing: Reference = {
  id: 'network/dephasing/0.1-50',
  what: 'coherence left of pairs over two links when one waits for the other, 0.1 a slot, coherence time 50 slots',
  source: 'closed form: E[exp(-|difference|/50)] of two geometric numbers',
  value: 0.840782876463483,
  allowed: within(0.840782876463483, 0.006),
  measure(rng) {
    const router = { ...slotted, memory: { ...slotted.memory, t2Sec: 2 * 50 * SLOT_SEC } };
    const { fidelities } = chain({ nodes: 3, router, memories: 1, seconds: 60, rng });
    // Each link's herald takes a slot, and so does the message of the swap.
    const others = Math.exp(-3 / 50);
    return meanOf(fidelities.map((fidelity) => (2 * fidelity - 1) / others));
  },
};

function purification(what: 'fidelity' | 'success', value: number, allowed: number): Reference {
  return {
    id: `network/purify/0.9/${what}`,
    what: `BBPSSW of two Werner pairs of 0.9 in a network: ${what}`,
    source: 'Bennett et al. 1996: p = F² + 2Fr + 5r², F’ = (F² + r²)/p',
    value,
    allowed: within(value, allowed),
    measure(rng) {
      const run = { nodes: 2, router: werner(0.9, 4), memories: 4, seconds: 5, minFidelity: 0.91, rng };
      const { fidelities, counts } = chain(run);
      if (what === 'fidelity') return { value: fidelities[0]! };
      const { purifications, purificationFailures } = counts;
      const successes = purifications - purificationFailures;
      return { value: successes / purifications, ci95: wilsonInterval(successes, purifications) };
    },
  };
}

function application(id: 'teleportation' | 'chsh', what: string, value: number, allowed: number): Reference {
  return {
    id: `network/${id}/0.9`,
    what: `${what} over delivered pairs of fidelity 0.9`,
    source: id === 'chsh' ? 'S = 2√2 (4F - 1)/3 for Werner states' : 'Horodecki et al. 1999: (2F + 1)/3',
    value,
    allowed: within(value, allowed),
    measure(rng) {
      const user = (id === 'chsh' ? chshTest : teleportation)(rng.fork(id));
      const onPair: Run['onPair'] = ({ state }) => user.use(state);
      chain({ nodes: 2, router: werner(0.9, 10), memories: 10, seconds: 10, rng, onPair });
      return ofPairs(user.estimate());
    },
  };
}

/** Requests that the nine routers serve in 1,000 s. Which ones are granted does not depend on how fast pairs come. */
function served(memories: ReadonlyMap<string, number>, rng: Rng): number {
  const idle = starlight({ memories, router: { memory: { rateHz: 0.01 } } });
  const network = quantumNetwork({
    topology: idle,
    rng: rng.fork('network'),
    protocol: { refuseFidelity: false },
  });
  requestAtRandom(
    network,
    idle.nodes.map(({ name }) => name),
    rng.fork('requests'),
  );
  network.run(1000);
  return serviceOf(network.records, 1000, 450).served;
}

const capacityGain: Reference = {
  id: 'network/routers/capacity-gain',
  what: 'nine routers, 450 memories by expected load against 50 each: gain in requests served in 1,000 s, 20 runs',
  source: 'Wu et al., Quantum Sci. Technol. 6, 045027 (2021): +69.1 %; sign and order of magnitude',
  value: 0.691,
  allowed: [0.25, 1.5],
  measure(rng) {
    const network = starlight();
    const names = network.nodes.map(({ name }) => name);
    const routes = networkRoutes(network, networkLinks(network), 'length');
    const byLoad = shareMemories(450, expectedLoad(names, uniformDemand(names), routes));
    const runs = Array.from({ length: 20 }, (_, run) => rng.fork(run));
    const before = runs.map((own) => served(new Map(), own));
    const after = runs.map((own) => served(byLoad, own));
    const ratio = mean(after) / mean(before);
    const half =
      1.96 * standardError(after.map((count, run) => (count - ratio * before[run]!) / mean(before)));
    return { value: ratio - 1, ci95: [ratio - 1 - half, ratio - 1 + half] };
  },
};

/** Networks: what the simulator delivers, against closed forms and published results. */
export const references: Reference[] = [
  swaps(2, 0.9, 0.8133333333),
  swaps(4, 0.95, 0.8191259259),
  waiting,
  dephasing,
  purification('fidelity', 0.92639594, 1e-8),
  purification('success', 0.87555556, 0.02),
  application('teleportation', 'mean fidelity of teleportation', 2.8 / 3, 0.01),
  application('chsh', 'CHSH value S', 2.451303508, 0.05),
  capacityGain,
];
