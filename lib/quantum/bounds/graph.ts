import { InputError } from '../../base/index.js';

/** Joins two nodes, in either direction. */
export interface Edge {
  readonly ends: readonly [string, string];
}

/** An undirected graph; what its edges weigh is said by whoever asks. Two nodes may be joined more than once. */
export interface Graph<E extends Edge = Edge> {
  readonly nodes: readonly string[];
  readonly edges: readonly E[];
  /** The edges at a node, in their given order. */
  readonly edgesAt: ReadonlyMap<string, readonly E[]>;
}

/**
 * A graph of nodes and edges.
 * @throws InputError for a node named twice, an edge to a node that is not there, or from a node to itself.
 */
export function graphOf<E extends Edge>(nodes: readonly string[], edges: readonly E[]): Graph<E> {
  const edgesAt = new Map<string, E[]>();
  for (const node of nodes) {
    if (edgesAt.has(node)) throw new InputError(`node ${JSON.stringify(node)} stands twice; allowed: once`);
    edgesAt.set(node, []);
  }
  for (const edge of edges) {
    const [a, b] = edge.ends;
    if (a === b)
      throw new InputError(`an edge joins node ${JSON.stringify(a)} to itself; allowed: two nodes`);
    for (const end of edge.ends) {
      const there = edgesAt.get(end);
      if (!there)
        throw new InputError(`an edge ends at ${JSON.stringify(end)}; allowed: a node of the graph`);
      there.push(edge);
    }
  }
  return { nodes, edges, edgesAt };
}

/** The end of an edge that is not `node`. */
export const otherEnd = ({ ends }: Edge, node: string): string => (ends[0] === node ? ends[1] : ends[0]);

/** @throws InputError unless both are nodes of the graph and differ. */
export function requireEnds(graph: Graph, from: string, to: string): void {
  for (const node of [from, to]) {
    if (!graph.edgesAt.has(node)) {
      throw new InputError(`${JSON.stringify(node)} is not in the graph; allowed: one of its nodes`);
    }
  }
  if (from === to) throw new InputError(`both ends are ${JSON.stringify(from)}; allowed: two nodes`);
}
