import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { changed, type ParameterWalk, parametersOf } from '../hardware/testing.js';
import { protocolSchema } from './protocol.js';
import { randomRequestsSchema, requestAtRandom } from './random-requests.js';
import { requestSchema } from './request.js';
import { networkOf } from './testing.js';
import { classicalSchema, connectionSchema, routerSchema } from './topology.js';

const detector = { darkCountRateHz: 2e5, deadTimeSec: 1e-7, jitterSec: 4e-11 };
const routerOn = {
  name: 'b',
  memories: 20,
  memory: { t1Sec: 1, t2Sec: 0.5, cutoffSec: 0.05, rawFidelity: 0.97 },
  swapSuccessProbability: 0.9,
  swapFidelity: 0.99,
  gateFidelity: 0.995,
  readoutFidelity: 0.995,
};
const connectionOn = {
  nodes: ['b', 'c'],
  lengthKm: 10,
  stationAtKm: 4,
  scheme: { kind: 'barrett-kok', station: { detector, overlap: 0.99, windowSec: 3e-10 } },
  slotSec: 1e-7,
};
const requestOn = {
  initiator: 'a',
  responder: 'd',
  startSec: 0.1,
  endSec: 0.6,
  memories: 5,
  minFidelity: 0.85,
};
const requestsOn = {
  leadSec: [0.1, 0.2],
  durationSec: [0.1, 0.2],
  memories: [1, 9],
  minFidelity: [0.5, 0.9],
  retrySec: 0.05,
};

interface Setup {
  router?: object;
  connection?: object;
  classical?: object;
  protocol?: object;
  request?: object;
  requests?: object;
}

/** What comes of a request over three links, and of random ones. */
function outcome(setup: Setup): unknown {
  const { router = routerOn, connection = connectionOn, classical, request = requestOn, requests } = setup;
  const input = {
    nodes: [...['a', 'c', 'd', 'e'].map((name) => ({ ...routerOn, name })), router],
    links: [
      { ...connectionOn, nodes: ['a', 'b'] },
      connection,
      { ...connectionOn, nodes: ['c', 'd'] },
      { ...connectionOn, lengthKm: 40, stationAtKm: 20, nodes: ['a', 'd'] },
      { ...connectionOn, nodes: ['d', 'e'] },
    ],
    classical: classical ? [classical] : [],
  };
  const protocol = { purification: 'dejmps' as const, ...setup.protocol };
  const net = networkOf(input as never, { protocol, seed: 7 });
  net.submit(request as never);
  if (requests) requestAtRandom(net, ['a', 'b', 'c', 'd'], Rng.of(3), requests);
  else net.submit({ ...requestOn, initiator: 'b', responder: 'd', memories: 2, minFidelity: 0.92 });
  net.run(0.7);
  return net.records.map(({ path, counts, fidelities, refusal }) => ({ path, counts, fidelities, refusal }));
}

const memory = { efficiency: 0.6, rawFidelity: 0.9, rateHz: 1000, t1Sec: 0.4, t2Sec: 0.1, cutoffSec: 0.01 };
const under = (prefix: string, changes: object) =>
  Object.fromEntries(Object.entries(changes).map(([path, value]) => [`${prefix}.${path}`, value]));
const walks: ParameterWalk[] = [
  {
    name: 'router',
    schema: routerSchema,
    base: routerOn,
    changes: {
      memories: 11,
      swapSuccessProbability: 0.5,
      swapFidelity: 0.95,
      gateFidelity: 0.97,
      readoutFidelity: 0.97,
      ...under('memory', memory),
    },
    simulate: (router) => outcome({ router: { ...router, name: 'b' } }),
  },
  {
    name: 'connection',
    schema: connectionSchema,
    base: connectionOn,
    changes: {
      nodes: ['b', 'd'],
      lengthKm: 12,
      attenuationDbPerKm: 0.5,
      speedKmPerSec: 1e5,
      stationAtKm: 5,
      slotSec: 1e-6,
      localSec: 1e-4,
      negotiation: 'round',
      'scheme.station.overlap': 0.9,
      'scheme.station.windowSec': 1e-10,
      ...under('scheme.station.detector', {
        efficiency: 0.5,
        darkCountRateHz: 2e6,
        deadTimeSec: 1e-5,
        timeResolutionSec: 3e-11,
        jitterSec: 1e-10,
      }),
    },
    simulate: (connection) =>
      outcome({ connection, protocol: { heralding: 'attempts' }, request: { ...requestOn, endSec: 0.25 } }),
  },
  {
    name: 'classical channel between nodes',
    schema: classicalSchema,
    base: { nodes: ['b', 'c'], delaySec: 1e-4 },
    changes: { nodes: ['c', 'd'], delaySec: 1e-3 },
    simulate: (classical) => outcome({ classical }),
  },
  {
    name: 'protocol',
    schema: protocolSchema,
    base: {},
    changes: {
      route: 'hops',
      swapOrder: 'sequential',
      purification: 'bbpssw',
      stretchFidelity: 'request',
      swapFirst: 'freshest',
      refuseFidelity: false,
      heralding: 'attempts',
    },
    simulate: (protocol) => [
      outcome({ protocol }),
      outcome({ protocol, request: { ...requestOn, minFidelity: 1 } }),
    ],
  },
  {
    name: 'request',
    schema: requestSchema,
    base: requestOn,
    changes: { initiator: 'b', responder: 'c', startSec: 0.2, endSec: 0.5, memories: 3, minFidelity: 0.9 },
    simulate: (request) => outcome({ request }),
  },
  {
    name: 'random requests',
    schema: randomRequestsSchema,
    base: requestsOn,
    changes: {
      leadSec: [0.15, 0.2],
      durationSec: [0.05, 0.1],
      memories: [1, 3],
      minFidelity: [0.8, 0.9],
      retrySec: 0.01,
    },
    simulate: (requests) => outcome({ requests }),
  },
];

describe.each(walks)('$name', ({ schema, base, changes, simulate }) => {
  // A router's name says which one it is.
  const paths = parametersOf(schema, base).filter((path) => path !== 'name');

  it('has a change for every parameter', () => {
    expect(Object.keys(changes).sort()).toEqual([...paths].sort());
  });

  it('gives another result when any parameter changes', () => {
    const before = JSON.stringify(simulate(base));
    const silent = paths.filter(
      (path) => JSON.stringify(simulate(changed(base, path, changes[path]))) === before,
    );
    expect(silent).toEqual([]);
  });
});
