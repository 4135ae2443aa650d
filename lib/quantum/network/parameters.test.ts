import {
  detectorChanges,
  detectorOn,
  type ParameterWalk,
  under,
  walkParameters,
} from '../hardware/testing.js';
import { type NetworkProtocolInput, protocolSchema } from './protocol.js';
import { requestSchema } from './request.js';
import { chain, networkOf } from './testing.js';
import { classicalSchema, connectionSchema, routerSchema, type TopologyInput } from './topology.js';

type Router = TopologyInput['nodes'][number];
type Connection = TopologyInput['links'][number];

const memory = { rateHz: 1e5, rawFidelity: 0.95, t1Sec: 0.1, t2Sec: 0.05, cutoffSec: 0.05 };
const middle: Router = {
  name: 'n1',
  memories: 7,
  memory,
  swapSuccessProbability: 0.8,
  swapFidelity: 0.98,
  gateFidelity: 0.99,
  readoutFidelity: 0.99,
};
const station = { detector: detectorOn, overlap: 0.97, windowSec: 3e-10 };
const connection: Connection = {
  nodes: ['n0', 'n1'],
  lengthKm: 6,
  stationAtKm: 2,
  scheme: { kind: 'barrett-kok', station },
};
const channel = { nodes: ['n0', 'n1'] as [string, string], delaySec: 1e-4 };
const wish = { initiator: 'n0', responder: 'n3', startSec: 0.1, endSec: 0.4, memories: 3, minFidelity: 0.8 };

/** A square n0 - n1 - n3, n0 - n2 - n3 of which the upper way is the shortest, and a long link n0 - n3; one request. */
function served(parts: {
  router?: object;
  link?: object;
  channel?: object;
  request?: object;
  protocol?: NetworkProtocolInput;
}): unknown {
  const router = { ...middle, ...parts.router };
  const end = { memories: 6, memory };
  const net = networkOf(
    {
      nodes: [
        { ...end, name: 'n0' },
        router,
        { ...middle, name: 'n2', memories: 20 },
        { ...end, name: 'n3' },
      ],
      links: [
        { ...connection, ...parts.link },
        { ...connection, nodes: [router.name, 'n3'], lengthKm: 5 },
        { ...connection, nodes: ['n0', 'n2'], lengthKm: 9 },
        { ...connection, nodes: ['n2', 'n3'], lengthKm: 9 },
        { ...connection, nodes: ['n0', 'n3'], lengthKm: 30 },
      ],
      classical: [{ ...channel, ...parts.channel }],
    },
    { protocol: parts.protocol ?? {} },
  );
  const record = net.submit({ ...wish, ...parts.request });
  net.run(1);
  const { path, refusal, counts, firstPairPs, decidedPs, fidelities } = record;
  return { path, refusal, counts, firstPairPs, decidedPs, fidelities };
}

/** A request over four links, in which the order of swaps matters. */
function alongLine(protocol: NetworkProtocolInput): unknown {
  const line = chain(5, { memories: 12, memory: { ...memory, rawFidelity: 0.99 } }, { lengthKm: 5 });
  const net = networkOf(line, { protocol });
  const record = net.submit({ ...wish, responder: 'n4' });
  net.run(1);
  return [record.counts, record.fidelities];
}

const walks: ParameterWalk[] = [
  {
    name: 'router',
    schema: routerSchema,
    base: middle,
    changes: {
      name: 'm1',
      memories: 4,
      ...under('memory', {
        efficiency: 0.6,
        rawFidelity: 0.93,
        rateHz: 1e3,
        t1Sec: 0.04,
        t2Sec: 0.02,
        cutoffSec: 0.003,
      }),
      swapSuccessProbability: 0.5,
      swapFidelity: 0.95,
      gateFidelity: 0.9,
      readoutFidelity: 0.9,
    },
    simulate: (router) =>
      served({
        router,
        link: { nodes: ['n0', (router as Router).name] },
        channel: { nodes: ['n0', (router as Router).name] },
      }),
  },
  {
    name: 'connection',
    schema: connectionSchema,
    base: connection,
    changes: {
      nodes: ['n1', 'n0'],
      lengthKm: 7,
      attenuationDbPerKm: 1,
      speedKmPerSec: 1e5,
      stationAtKm: 4,
      ...under('scheme.station', { ...under('detector', detectorChanges), overlap: 0.8, windowSec: 1e-10 }),
      slotSec: 1e-6,
      localSec: 1e-4,
      negotiation: 'round',
    },
    simulate: (link) => served({ link, protocol: { heralding: 'attempts' } }),
  },
  {
    name: 'classical channel between two nodes',
    schema: classicalSchema,
    base: channel,
    changes: { nodes: ['n1', 'n3'], delaySec: 1e-3 },
    simulate: (one) => served({ channel: one }),
  },
  {
    name: 'request',
    schema: requestSchema,
    base: wish,
    changes: { initiator: 'n1', responder: 'n2', startSec: 0.2, endSec: 0.3, memories: 2, minFidelity: 0.85 },
    simulate: (request) => served({ request }),
  },
  {
    name: 'protocol',
    schema: protocolSchema,
    base: {},
    changes: {
      route: 'hops',
      swapOrder: 'sequential',
      purification: 'none',
      stretchFidelity: 'request',
      swapFirst: 'freshest',
      refuseFidelity: false,
      heralding: 'attempts',
    },
    simulate: (protocol) => [
      served({ protocol }),
      served({ protocol, request: { minFidelity: 0.999 } }),
      alongLine(protocol),
    ],
  },
];

walkParameters(walks);
