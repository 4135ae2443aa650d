import type { ClassicalCommunication } from './capacity.js';
import { linkBits } from './capacity.js';
import { effectiveTransmissivity, type RateBound, type StationLoss, strategyClass } from './chain.js';
import { maxFlow } from './flow.js';
import type { Edge, Graph } from './graph.js';
import { type Path, widestPath } from './paths.js';

/** A fibre of a network. */
export interface LossyEdge extends Edge {
  readonly transmissivity: number;
}

/** Bounds between two nodes of a network. */
export interface NetworkBounds<E extends LossyEdge> {
  /** One path at a time: the widest path; `path` is absent where the nodes are not joined, and the bound is 0. */
  singlePath: RateBound & { path?: Path<E> };
  /** Every link used once a round (flooding): the smallest cut. */
  multiPath: RateBound & { cut: readonly E[] };
}

/** What the bounds of a network are asked for. */
export interface NetworkQuestion {
  from: string;
  to: string;
  /** Loss of the stations by name; those not named lose nothing, nor do the two ends. */
  stations?: ReadonlyMap<string, StationLoss>;
  communication?: ClassicalCommunication;
}

/**
 * Rates between two nodes of a network that no strategy of the class can pass: the widest path where a round takes one
 * path, the smallest cut where it takes them all (Pirandola 2019; station loss by node splitting, Laurenza et al. 2022).
 * A link is used in the direction that loses less.
 * @throws InputError for unknown ends, numbers outside [0, 1], or a link without any loss.
 */
export function networkBounds<E extends LossyEdge>(
  graph: Graph<E>,
  question: NetworkQuestion,
): NetworkBounds<E> {
  const { from, to, stations, communication = 'two-way' } = question;
  const lossAt = (node: string) => (node === from || node === to ? undefined : stations?.get(node));
  const bits = new Map(
    graph.edges.map((edge) => {
      const [a, b] = edge.ends.map(lossAt);
      const there = effectiveTransmissivity(edge.transmissivity, a, b);
      const back = effectiveTransmissivity(edge.transmissivity, b, a);
      return [edge, linkBits(Math.max(there, back), communication)] as const;
    }),
  );
  const bitsOf = (edge: E) => bits.get(edge)!;
  const path = widestPath(graph, from, to, bitsOf);
  const { value, cut } = maxFlow(graph, from, to, bitsOf);
  const label = strategyClass(communication, stations !== undefined);
  return {
    singlePath: {
      bitsPerUse: path?.value ?? 0,
      strategyClass: `${label}, one path a round`,
      ...(path && { path }),
    },
    multiPath: { bitsPerUse: value, strategyClass: `${label}, all paths each round`, cut },
  };
}
