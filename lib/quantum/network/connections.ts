import type { MemoryInput } from '../hardware/memory.js';
import { type Link, link, linkModel } from '../link/index.js';
import { PS_PER_SEC } from '../units.js';
import { type ClassicalDelays, classicalDelays } from './classical.js';
import type { NetworkProtocol } from './protocol.js';
import { cheapestPaths, type Routes } from './routes.js';
import type { ConnectionSpec, Topology } from './topology.js';

/** Name of the link of two nodes, whichever is named first. */
export const linkName = (a: string, b: string): string => (a < b ? `${a} - ${b}` : `${b} - ${a}`);

/** The links of a network, by `linkName`; the left node is the one with the first name. */
export function networkLinks(
  network: Topology,
  delays: ClassicalDelays = classicalDelays(network),
): ReadonlyMap<string, Link> {
  const memories = new Map(network.nodes.map(({ name, memory }) => [name, memory]));
  return new Map(
    network.links.map((spec) => [
      linkName(...spec.nodes),
      linkOf(spec, (node) => memories.get(node)!, delays),
    ]),
  );
}

/** Heralds travel as messages between the two nodes do: each arm takes its share of their delay. */
function linkOf(
  spec: ConnectionSpec,
  memoryOf: (node: string) => MemoryInput,
  delays: ClassicalDelays,
): Link {
  const { nodes, lengthKm, attenuationDbPerKm, speedKmPerSec, stationAtKm = lengthKm / 2, ...rest } = spec;
  const { scheme, slotSec, localSec, negotiation } = rest;
  const delaySec = delays(...nodes) / PS_PER_SEC;
  const arm = (node: string, armKm: number) => ({
    memory: memoryOf(node),
    fibre: { lengthKm: armKm, attenuationDbPerKm, speedKmPerSec },
    classical: { lengthKm: 0, overheadSec: lengthKm > 0 ? (delaySec * armKm) / lengthKm : delaySec / 2 },
  });
  const arms = [arm(nodes[0], stationAtKm), arm(nodes[1], lengthKm - stationAtKm)] as const;
  const [left, right] = nodes[0] < nodes[1] ? arms : [arms[1], arms[0]];
  return link({ scheme, left, right, slotSec, localSec, negotiation });
}

/** Cheapest paths of a network, by fibre, links or the expected time of a pair summed over links. */
export function networkRoutes(
  { nodes, links }: Topology,
  linksByName: ReadonlyMap<string, Link>,
  route: NetworkProtocol['route'],
): Routes {
  const costOf = (spec: ConnectionSpec) => {
    if (route === 'length') return spec.lengthKm;
    return route === 'hops' ? 1 : 1 / linkModel(linksByName.get(linkName(...spec.nodes))!).ratePerSec;
  };
  return cheapestPaths(
    nodes.map(({ name }) => name),
    links.map((spec) => ({ ends: spec.nodes, cost: costOf(spec) })),
  );
}
