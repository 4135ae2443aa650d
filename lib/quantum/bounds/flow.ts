import { InputError } from '../../base/index.js';
import { type Edge, type Graph, otherEnd, requireEnds } from './graph.js';

/** A largest flow and the cut that proves it. */
export interface Flow<E extends Edge = Edge> {
  value: number;
  /** Flow through each edge, from its first to its second end where positive. */
  through: ReadonlyMap<E, number>;
  /** Edges of a smallest cut: their capacities sum to the value. */
  cut: readonly E[];
}

/**
 * The largest flow between two nodes over edges that carry their capacity in either direction (Edmonds and Karp 1972).
 * @param capacityOf capacity of an edge, finite, from 0
 * @throws InputError for unknown or equal ends, or a capacity that is negative or not finite.
 */
export function maxFlow<E extends Edge>(
  graph: Graph<E>,
  from: string,
  to: string,
  capacityOf: (edge: E) => number,
): Flow<E> {
  requireEnds(graph, from, to);
  const capacity = new Map<E, number>();
  const through = new Map<E, number>();
  // Rounding leaves crumbs of capacity, which are no path.
  let crumb = 0;
  for (const edge of graph.edges) {
    capacity.set(edge, requireCapacity(capacityOf(edge)));
    through.set(edge, 0);
    crumb = Math.max(crumb, 1e-14 * capacity.get(edge)!);
  }
  const left = (edge: E, node: string) => capacity.get(edge)! - along(edge, node) * through.get(edge)!;
  let value = 0;
  for (;;) {
    const reachedBy = search(graph, from, (edge, node) => left(edge, node) > crumb);
    if (!reachedBy.has(to)) {
      const cut = graph.edges.filter(({ ends: [a, b] }) => reachedBy.has(a) !== reachedBy.has(b));
      return { value, through, cut };
    }
    const steps = stepsTo(reachedBy, to);
    const more = Math.min(...steps.map(({ edge, node }) => left(edge, node)));
    for (const { edge, node } of steps) through.set(edge, through.get(edge)! + along(edge, node) * more);
    value += more;
  }
}

/** 1 when the edge is walked from its first end, else -1. */
const along = ({ ends }: Edge, node: string): number => (ends[0] === node ? 1 : -1);

/** The nodes that a search in breadth comes to, each with the edge that led there. */
function search<E extends Edge>(
  graph: Graph<E>,
  from: string,
  isOpen: (edge: E, node: string) => boolean,
): Map<string, E | undefined> {
  const reachedBy = new Map<string, E | undefined>([[from, undefined]]);
  for (const node of reachedBy.keys()) {
    for (const edge of graph.edgesAt.get(node)!) {
      const next = otherEnd(edge, node);
      if (!reachedBy.has(next) && isOpen(edge, node)) reachedBy.set(next, edge);
    }
  }
  return reachedBy;
}

function stepsTo<E extends Edge>(reachedBy: ReadonlyMap<string, E | undefined>, to: string) {
  const steps: { edge: E; node: string }[] = [];
  let node = to;
  for (let edge = reachedBy.get(to); edge; edge = reachedBy.get(node)) {
    node = otherEnd(edge, node);
    steps.push({ edge, node });
  }
  return steps;
}

function requireCapacity(value: number): number {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InputError(`capacity of an edge is ${value}; allowed: a finite number from 0`);
  }
  return value;
}
