import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { type ChainPoint, measureChain } from './routers-chain.js';
import { routerFigures } from './routers-figures.js';
import { type Distribution, distributions, type Served, serveRequests } from './routers-network.js';

/** From 24 s on, when the first requests have been served. */
const checkpoints = [0.4, 0.55, 0.7, 0.85, 1];

export default defineExperiment({
  id: 'quantum/routers',
  title: 'Nine quantum routers: memories where the load is',
  paper:
    'Wu et al. 2021 (SeQUeNCe): the nine routers around Chicago, random requests, memories by expected load',
  purpose:
    'what a network of nine routers serves with equal memories and with memories by load; fidelity by distance',
  params: {
    replicates: param.integer({ default: 20, min: 2, max: 1000, about: 'independent runs of the network' }),
    simulatedSec: param.number({ default: 1000, min: 60, max: 9000, unit: 's', about: 'of each run' }),
    memories: param.integer({ default: 50, min: 24, max: 1000, about: 'of a router when all have as many' }),
    purification: param.choice(['bbpssw', 'dejmps', 'none'], { about: 'of pairs below their fidelity' }),
    stretchFidelity: param.choice(['share', 'request'], {
      about: 'purified to before a swap: a share of what the request asks of the whole path, or just that',
    }),
    lengthKm: param.grid({ unit: 'km', from: 20, to: 200, step: 20, min: 1, max: 1000, about: 'of a chain' }),
    chainSec: param.number({ default: 200, min: 1, max: 5000, unit: 's', about: 'simulated, of each chain' }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', simulatedSec: 60, chainSec: 20 },
    paper: { cost: '5 minutes on two cores' },
  },

  points({ replicates, lengthKm }) {
    return [
      ...Array.from({ length: replicates }, (_, replicate) => ({ replicate })),
      ...lengthKm.flatMap((each) => [1, 2, 4].map((links): ChainPoint => ({ links, lengthKm: each }))),
    ];
  },

  async *measure(point, { config, rng, progress }): AsyncGenerator<NewRow> {
    if ('links' in point) {
      yield* measureChain(point, config.chainSec, rng);
      return;
    }
    for (const [place, distribution] of distributions.entries()) {
      for (const served of serveRequests(distribution, config, checkpoints, rng)) {
        progress((place + served.untilSec / config.simulatedSec) / distributions.length);
        yield* rowsOf(distribution, served);
      }
    }
  },

  figures: (rows, { config }) => routerFigures(rows, config),
});

function* rowsOf(system: Distribution, { untilSec, service, links }: Served): Generator<NewRow> {
  const { pairsPerSec, meanFidelity, timeToServeSec, ...counted } = service;
  const { served, refused, withoutPair, pairsPerSecPerRequest, waitSec, memoryUse } = counted;
  yield {
    system,
    rate: { value: pairsPerSec, unit: 'pairs/s', metric: 'pairs delivered as asked, all requests' },
    accuracy: { value: meanFidelity, unit: 'ratio', metric: 'mean fidelity of the pairs' },
    latency: { value: timeToServeSec, unit: 's', metric: 'from the start of service to the first pair' },
    params: { untilSec, served, refused, withoutPair, pairsPerSecPerRequest, waitSec, memoryUse },
  };
  for (const { link, memoryPairs, fidelity, pairSec } of links) {
    yield {
      system,
      rate: { value: memoryPairs, unit: 'memory pairs', metric: 'promised to requests, mean over the time' },
      accuracy: { value: fidelity, unit: 'ratio', metric: 'fidelity at the herald' },
      latency: { value: pairSec, unit: 's', metric: 'expected, from one pair of two memories to the next' },
      params: { link },
    };
  }
}
