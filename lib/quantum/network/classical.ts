import { picoseconds } from '../units.js';
import { type CostedEdge, cheapestPaths } from './routes.js';
import type { Topology } from './topology.js';

/** How long a message takes from one node to another, ps; infinite where no way leads. */
export type ClassicalDelays = (from: string, to: string) => number;

/**
 * Delays of messages: a channel's own between its two nodes; otherwise the quickest way over channels and over the fibres
 * of links that have none.
 */
export function classicalDelays({ nodes, links, classical }: Topology): ClassicalDelays {
  const given = new Map(
    classical.map(({ nodes: ends, delaySec }) => [keyOf(...ends), picoseconds('delaySec', delaySec)]),
  );
  const fibres = links
    .filter(({ nodes: ends }) => !given.has(keyOf(...ends)))
    .map(({ nodes: ends, lengthKm, speedKmPerSec }): CostedEdge => {
      return { ends, cost: picoseconds('delay of the fibre', lengthKm / speedKmPerSec) };
    });
  const channels = classical.map(
    ({ nodes: ends }): CostedEdge => ({ ends, cost: given.get(keyOf(...ends))! }),
  );
  const ways = cheapestPaths(
    nodes.map(({ name }) => name),
    [...channels, ...fibres],
  );
  return (from, to) => (from === to ? 0 : (given.get(keyOf(from, to)) ?? ways.cost(from, to)));
}

const keyOf = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);
