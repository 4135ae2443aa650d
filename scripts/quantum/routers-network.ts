import type { Rng } from 'semwave/math';
import {
  expectedLoad,
  linkModel,
  linkName,
  type NetworkProtocolInput,
  type NetworkService,
  networkLinks,
  networkRoutes,
  type QuantumNetwork,
  quantumNetwork,
  requestAtRandom,
  serviceOf,
  shareMemories,
  starlight,
  uniformDemand,
} from 'semwave/quantum';

/** How the memories are divided over the routers. */
export const distributions = ['equal memories', 'memories by load'] as const;

export type Distribution = (typeof distributions)[number];

/** What the network did until a time. */
export interface Served {
  untilSec: number;
  service: NetworkService;
  /** At the end of the run only. */
  links: readonly LinkUse[];
}

interface LinkUse {
  link: string;
  /** Pairs of memories promised to requests, mean over the time. */
  memoryPairs: number;
  /** Fidelity of the link's pairs at the herald. */
  fidelity: number;
  /** Expected time of a pair of one pair of memories. */
  pairSec: number;
}

export interface NetworkSetup {
  readonly simulatedSec: number;
  readonly memories: number;
  readonly purification: NonNullable<NetworkProtocolInput['purification']>;
  readonly stretchFidelity: NonNullable<NetworkProtocolInput['stretchFidelity']>;
}

/**
 * The nine routers under random requests. Runs of one stream differ in the memories only: the nodes draw the same
 * requests as long as they are granted alike. Requests for a fidelity out of reach are served all the same, and get
 * nothing, as in SeQUeNCe.
 * @param checkpoints shares of the simulated time at which the network is looked at, in order
 */
export function* serveRequests(
  distribution: Distribution,
  setup: NetworkSetup,
  checkpoints: readonly number[],
  rng: Rng,
): Generator<Served> {
  const { simulatedSec, purification, stretchFidelity } = setup;
  const topology = starlight({ memories: memoriesOf(distribution, setup.memories) });
  const protocol = { purification, stretchFidelity, refuseFidelity: false };
  const network = quantumNetwork({ topology, protocol, rng: rng.fork('network') });
  requestAtRandom(
    network,
    topology.nodes.map(({ name }) => name),
    rng.fork('requests'),
  );
  const all = topology.nodes.reduce((sum, { memories }) => sum + memories, 0);
  for (const share of checkpoints) {
    const untilSec = simulatedSec * share;
    network.run(untilSec);
    const links = share === 1 ? linkUse(network, untilSec) : [];
    yield { untilSec, service: serviceOf(network.records, untilSec, all), links };
  }
}

/** Memories of each router: as many for all, or the same total in proportion to what random requests would need. */
export function memoriesOf(distribution: Distribution, each: number): ReadonlyMap<string, number> {
  const topology = starlight();
  const names = topology.nodes.map(({ name }) => name);
  if (distribution === 'equal memories') return new Map(names.map((name) => [name, each]));
  const load = expectedLoad(
    names,
    uniformDemand(names),
    networkRoutes(topology, networkLinks(topology), 'length'),
  );
  return shareMemories(each * names.length, load);
}

function linkUse({ topology, records }: QuantumNetwork, untilSec: number): LinkUse[] {
  const models = [...networkLinks(topology)].map(([name, link]) => [name, linkModel(link)] as const);
  const used = new Map(models.map(([name]) => [name, 0]));
  for (const { path, counts, request } of records) {
    if (!counts) continue;
    const lastedSec = Math.min(request.endSec, untilSec) - request.startSec;
    path.slice(1).forEach((name, place) => {
      const link = linkName(path[place]!, name);
      used.set(link, used.get(link)! + request.memories * lastedSec);
    });
  }
  return models.map(([link, { state, ratePerSec }]) => ({
    link,
    memoryPairs: used.get(link)! / untilSec,
    fidelity: state.phiPlus,
    pairSec: 1 / ratePerSec,
  }));
}
