import { type Edge, graphOf, type Path, shortestPath } from '../bounds/index.js';

/** A connection of two nodes and what crossing it costs, in either direction. */
export interface CostedEdge extends Edge {
  /** Not negative; one unit for all edges of a graph. */
  readonly cost: number;
}

/** Cheapest paths of a graph, the same in both directions. */
export interface Routes {
  /** The nodes from `from` to `to`, both included; undefined where no way leads, or from a node to itself. */
  path(from: string, to: string): readonly string[] | undefined;
  /** The neighbour of `from` on the path to `to`: an entry of the static forwarding table. */
  next(from: string, to: string): string | undefined;
  /** The cost of the path: infinite where no way leads. */
  cost(from: string, to: string): number;
}

/**
 * Cheapest paths between all nodes, each worked out when first asked for. No order of nodes or edges changes a path: among
 * paths of one cost the one with fewer hops is taken, and then names decide.
 * @throws InputError as `graphOf`, or for a cost below 0.
 */
export function cheapestPaths(nodes: readonly string[], edges: readonly CostedEdge[]): Routes {
  const nameOf = ({ ends: [a, b] }: CostedEdge) => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
  const graph = graphOf(
    [...nodes].sort(),
    [...edges].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  );
  const found = new Map<string, Path | undefined>();
  const forward = (from: string, to: string) => {
    const key = `${from}\n${to}`;
    if (!found.has(key))
      found.set(
        key,
        shortestPath(graph, from, to, ({ cost }) => cost),
      );
    return found.get(key);
  };
  const path = (from: string, to: string) => {
    if (from === to) return undefined;
    return from < to ? forward(from, to)?.nodes : forward(to, from)?.nodes.toReversed();
  };
  return {
    path,
    next: (from, to) => path(from, to)?.[1],
    cost(from, to) {
      if (from === to) return 0;
      return (from < to ? forward(from, to) : forward(to, from))?.value ?? Number.POSITIVE_INFINITY;
    },
  };
}
