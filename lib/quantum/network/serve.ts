import type { BellState } from '../bell.js';
import type { Trace } from '../des/trace.js';
import type { Kernel } from '../des/types.js';
import type { Bank, Desk, Flow, FlowCounts, Hop, Station } from './flow.js';
import { attemptAll } from './generation.js';
import type { Pair, RouterMemory } from './pair.js';
import type { NetworkProtocol } from './protocol.js';
import { type Segment, segmentTree } from './segments.js';
import { arrive } from './stretch.js';
import { stretchFidelity, targetFidelity } from './targets.js';

/** What serving a request takes. */
export interface Service {
  name: string;
  kernel: Kernel;
  trace?: Trace;
  protocol: NetworkProtocol;
  minFidelity: number;
  /** Memories towards each neighbour. */
  memories: number;
  /** Memories granted, by place on the path. */
  granted: readonly (readonly RouterMemory[])[];
  stations: readonly Station[];
  hops: readonly Hop[];
  /** Classical delays between the places of the path. */
  delaysPs: readonly (readonly number[])[];
  deliver(pair: Pair, state: BellState): void;
}

/** Begins to serve a request, now: all its memories attempt. It goes on until `ended` is set. */
export function openFlow(service: Service): Flow {
  const { name, kernel, trace, protocol, stations, hops, delaysPs, deliver } = service;
  const tree = segmentTree(stations.length, protocol.swapOrder);
  const desks = desksOf(tree, service);
  const flow: Flow = {
    name,
    kernel,
    ...(trace ? { trace } : {}),
    protocol,
    stations,
    hops,
    banks: banksOf(service),
    desks: new Map(desks.map((desk) => [desk.segment, desk])),
    links: desks.map(({ segment }) => segment).filter(({ parts }) => !parts),
    counts: noCounts(),
    memories: service.granted.flat(),
    live: new Set(),
    generating: hops.map(() => new Set()),
    delayPs: (from, to) => delaysPs[from]![to]!,
    deliver,
    ended: false,
  };
  hops.forEach((_, hop) => {
    attemptAll(flow, hop, arrive);
  });
  return flow;
}

/** The first `memories` of a station serve its left neighbour, the others its right one. */
function banksOf({ granted, memories }: Service): Flow['banks'] {
  const last = granted.length - 1;
  const bank = (units: readonly RouterMemory[]): Bank => ({
    size: units.length,
    free: [...units],
    returning: 0,
  });
  return {
    left: granted.map((units, place) => bank(place === 0 ? [] : units.slice(0, memories))),
    right: granted.map((units, place) => bank(place === last ? [] : units.slice(-memories))),
  };
}

/** Desks of a stretch and of all its parts, links from left to right. */
function desksOf(segment: Segment, service: Service, parent?: Segment): Desk[] {
  const { protocol, minFidelity, stations } = service;
  const share = stretchFidelity(minFidelity, stations.slice(1, -1));
  const links = segment.right - segment.left;
  const target = targetFidelity(protocol, minFidelity, share, links, stations.length - 1);
  const own: Desk = { segment, target, ready: [], impure: [], ...(parent ? { parent } : {}) };
  return [own, ...(segment.parts ?? []).flatMap((part) => desksOf(part, service, segment))];
}

const noCounts = (): FlowCounts => ({
  attempts: 0,
  generated: 0,
  genuine: 0,
  swaps: 0,
  swapFailures: 0,
  purifications: 0,
  purificationFailures: 0,
  discarded: 0,
  delivered: 0,
  messages: 0,
});
