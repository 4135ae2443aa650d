import { InputError, requireSchema } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { BellState } from '../bell.js';
import { createKernel } from '../des/kernel.js';
import { entityStreams } from '../des/streams.js';
import type { Trace } from '../des/trace.js';
import type { Kernel } from '../des/types.js';
import { memoryTimes } from '../hardware/memory.js';
import { type EntanglementLink, entanglementLink, type Link, memoryUnit } from '../link/index.js';
import { picoseconds } from '../units.js';
import { type ClassicalDelays, classicalDelays } from './classical.js';
import { linkName, networkLinks, networkRoutes } from './connections.js';
import { endFlow, type Flow, type Hop, type Station } from './flow.js';
import { type Booking, type MemoryLedger, memoryLedger } from './ledger.js';
import type { RouterMemory } from './pair.js';
import { type NetworkProtocol, type NetworkProtocolInput, protocolSchema } from './protocol.js';
import { type EndToEndRequest, endToEndRequest, type Refusal, type RequestRecord } from './request.js';
import { type Granted, reserve } from './reserve.js';
import type { Routes } from './routes.js';
import { openFlow } from './serve.js';
import { stretchFidelity } from './targets.js';
import type { RouterSpec, Topology } from './topology.js';

/** A pair that both ends of a request know of. */
export interface DeliveredPair {
  readonly record: RequestRecord;
  readonly timePs: number;
  readonly state: BellState;
  /** Which memories hold it at the initiator and at the responder. */
  readonly memories: readonly [initiator: number, responder: number];
}

/** A network that runs in simulated time. */
export interface QuantumNetwork {
  readonly topology: Topology;
  readonly protocol: NetworkProtocol;
  readonly kernel: Kernel;
  readonly routes: Routes;
  /** All requests so far, in the order in which they were made. */
  readonly records: readonly RequestRecord[];
  /** Requests being served, with all that their protocols hold. */
  readonly flows: ReadonlySet<Flow>;
  /**
   * Makes a request now.
   * @param decided called when the initiator learns whether it is accepted
   * @throws InputError for a request that no network could serve: see `endToEndRequest`; or with unknown nodes.
   */
  submit(request: EndToEndRequest, decided?: (record: RequestRecord) => void): RequestRecord;
  /** Runs until a simulated time. */
  run(untilSec: number): void;
  /** Every memory promised to a request so far. */
  bookings(): Booking[];
}

/** What a network is made of. */
export interface NetworkOptions {
  topology: Topology;
  protocol?: NetworkProtocolInput;
  /** The root of all its random streams; each router and link has its own, by its name. */
  rng: Rng;
  /** Is told of all that happens. */
  trace?: Trace;
  /** Is given every delivered pair. */
  onPair?: (pair: DeliveredPair) => void;
}

/**
 * A network at time zero.
 * @throws InputError for an unknown protocol option, or a link that can make no pair.
 */
export function quantumNetwork(options: NetworkOptions): QuantumNetwork {
  const core = coreOf(options);
  const { topology, protocol, kernel, routes, records, flows, ledgers } = core;
  return {
    topology,
    protocol,
    kernel,
    routes,
    records,
    flows,
    submit: (request, decided) => submit(core, endToEndRequest(request), decided),
    run: (untilSec) => kernel.run(picoseconds('untilSec', untilSec)),
    bookings: () => [...ledgers.values()].flatMap((ledger) => ledger.bookings()),
  };
}

interface Core extends Omit<NetworkOptions, 'protocol'> {
  protocol: NetworkProtocol;
  kernel: Kernel;
  delays: ClassicalDelays;
  routes: Routes;
  stations: ReadonlyMap<string, Station>;
  links: ReadonlyMap<string, EntanglementLink>;
  memories: ReadonlyMap<string, readonly RouterMemory[]>;
  ledgers: ReadonlyMap<string, MemoryLedger>;
  records: RequestRecord[];
  /** Requests so far, by initiator. */
  asked: Map<string, number>;
  flows: Set<Flow>;
}

function coreOf(options: NetworkOptions): Core {
  const { topology, rng } = options;
  const protocol = requireSchema('protocol', protocolSchema, options.protocol ?? {});
  const delays = classicalDelays(topology);
  const links = networkLinks(topology, delays);
  const kernel = createKernel();
  const streams = entityStreams(rng);
  const open = (name: string, config: Link) =>
    entanglementLink(kernel, config, streams(`link ${name}`), { name, mode: protocol.heralding });
  return {
    ...options,
    protocol,
    kernel,
    delays,
    routes: networkRoutes(topology, links, protocol.route),
    stations: new Map(topology.nodes.map((spec) => [spec.name, stationOf(spec, streams)])),
    links: new Map([...links].map(([name, config]) => [name, open(name, config)])),
    memories: new Map(topology.nodes.map(({ name, memories }) => [name, routerMemories(name, memories)])),
    ledgers: new Map(topology.nodes.map(({ name, memories }) => [name, memoryLedger(name, memories)])),
    records: [],
    asked: new Map(),
    flows: new Set(),
  };
}

function stationOf(spec: RouterSpec, streams: (name: string) => Rng): Station {
  const { name, memory, swapSuccessProbability, swapFidelity, gateFidelity, readoutFidelity } = spec;
  return {
    name,
    memory: memoryTimes(memory),
    swapSuccessProbability,
    swapErrors: { gateFidelity: swapFidelity, readoutFidelity },
    gateErrors: { gateFidelity, readoutFidelity },
    rng: streams(`router ${name}`),
  };
}

const routerMemories = (name: string, count: number): RouterMemory[] =>
  Array.from({ length: count }, (_, index) => ({ ...memoryUnit(`${name}[${index}]`), index }));

const hopOf = ({ links }: Core, from: string, to: string): Hop => ({
  link: links.get(linkName(from, to))!,
  reversed: from > to,
});

type Decided = ((record: RequestRecord) => void) | undefined;

function submit(core: Core, request: EndToEndRequest, decided: Decided): RequestRecord {
  const { initiator, responder, startSec, endSec, memories } = request;
  for (const name of [initiator, responder]) {
    if (!core.stations.has(name))
      throw new InputError(`request: no node ${JSON.stringify(name)}; allowed: names of nodes`);
  }
  const count = core.asked.get(initiator) ?? 0;
  core.asked.set(initiator, count + 1);
  const path = core.routes.path(initiator, responder) ?? [];
  const id = `${initiator} #${count}`;
  const record: RequestRecord = { id, request, submittedPs: core.kernel.nowPs, path, fidelities: [] };
  const number = core.records.push(record);
  const refusal = unserviceable(core, record);
  if (refusal) decide(core, record, refusal, decided);
  else {
    const [startPs, endPs] = [picoseconds('startSec', startSec), picoseconds('endSec', endSec)];
    const wish = { number, path, memories, startPs, endPs };
    reserve(core, wish, (outcome) => decide(core, record, outcome, decided));
  }
  return record;
}

/** What the initiator can tell by itself. */
function unserviceable({ protocol, stations }: Core, { path, request }: RequestRecord): Refusal | undefined {
  const { initiator, responder, minFidelity } = request;
  if (path.length === 0)
    return { kind: 'no path', reason: `no links lead from ${initiator} to ${responder}` };
  const swapping = path.slice(1, -1).map((name) => stations.get(name)!);
  if (!protocol.refuseFidelity || stretchFidelity(minFidelity, swapping)) return undefined;
  const reason = `fidelity ${minFidelity} is out of reach of ${swapping.length} swaps, even of perfect pairs`;
  return { kind: 'fidelity', reason };
}

function decide(core: Core, record: RequestRecord, outcome: Granted | Refusal, decided: Decided): void {
  const { kernel, trace } = core;
  record.decidedPs = kernel.nowPs;
  if ('kind' in outcome) record.refusal = outcome;
  else {
    kernel.at(picoseconds('startSec', record.request.startSec), () => serve(core, record, outcome));
  }
  trace?.record(kernel.nowPs, record.id, record.refusal?.kind ?? 'accepted');
  decided?.(record);
}

function serve(core: Core, record: RequestRecord, granted: Granted): void {
  const { kernel, protocol, stations, delays, trace, flows, onPair } = core;
  const { path, request, id } = record;
  const flow = openFlow({
    name: id,
    kernel,
    protocol,
    minFidelity: request.minFidelity,
    memories: request.memories,
    granted: path.map((name, place) => granted[place]!.map((index) => core.memories.get(name)![index]!)),
    stations: path.map((name) => stations.get(name)!),
    hops: path.slice(1).map((name, place) => hopOf(core, path[place]!, name)),
    delaysPs: path.map((from) => path.map((to) => delays(from, to))),
    ...(trace ? { trace } : {}),
    deliver({ leftMemory, rightMemory }, state) {
      record.firstPairPs ??= kernel.nowPs;
      record.fidelities.push(state.phiPlus);
      onPair?.({ record, timePs: kernel.nowPs, state, memories: [leftMemory.index, rightMemory.index] });
    },
  });
  record.counts = flow.counts;
  flows.add(flow);
  const end = () => {
    endFlow(flow);
    flows.delete(flow);
  };
  // Before the service of whoever has the memories from that very moment on.
  kernel.at(picoseconds('endSec', request.endSec), end, -1);
}
