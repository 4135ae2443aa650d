import { InputError } from '../../base/index.js';
import { type Edge, type Graph, otherEnd, requireEnds } from './graph.js';

/** A way through a graph. */
export interface Path<E extends Edge = Edge> {
  /** From one end to the other, both included. */
  nodes: readonly string[];
  edges: readonly E[];
  /** What the search was for: the sum of the lengths, or the width of the narrowest edge. */
  value: number;
}

/** How far a search has come to a node. */
interface Reached<E> {
  value: number;
  hops: number;
  by?: E;
}

/**
 * The path of least total length (Dijkstra 1959), among equally short ones that of fewest edges; undefined when there
 * is none.
 * @param lengthOf length of an edge, from 0; `Infinity` closes it
 * @throws InputError for unknown or equal ends, or a length below 0.
 */
export function shortestPath<E extends Edge>(
  graph: Graph<E>,
  from: string,
  to: string,
  lengthOf: (edge: E) => number,
): Path<E> | undefined {
  const path = bestPath(graph, from, to, {
    start: 0,
    extend: (soFar, edge) => soFar + requireWeight('length', lengthOf(edge)),
    better: (a, b) => a < b,
  });
  return path && path.value < Number.POSITIVE_INFINITY ? path : undefined;
}

/**
 * The path whose narrowest edge is widest (Pollack 1960); undefined when there is none.
 * @param widthOf width of an edge, from 0, which closes it; `Infinity` is allowed
 * @throws InputError for unknown or equal ends, or a width below 0.
 */
export function widestPath<E extends Edge>(
  graph: Graph<E>,
  from: string,
  to: string,
  widthOf: (edge: E) => number,
): Path<E> | undefined {
  const path = bestPath(graph, from, to, {
    start: Number.POSITIVE_INFINITY,
    extend: (soFar, edge) => Math.min(soFar, requireWeight('width', widthOf(edge))),
    better: (a, b) => a > b,
  });
  return path && path.value > 0 ? path : undefined;
}

interface Search<E> {
  start: number;
  extend(soFar: number, edge: E): number;
  better(a: number, b: number): boolean;
}

/** Dijkstra's search for any value that never betters along a path. */
function bestPath<E extends Edge>(
  graph: Graph<E>,
  from: string,
  to: string,
  search: Search<E>,
): Path<E> | undefined {
  requireEnds(graph, from, to);
  const closer = (a: Reached<E>, b: Reached<E>) =>
    search.better(a.value, b.value) || (a.value === b.value && a.hops < b.hops);
  const reached = new Map<string, Reached<E>>([[from, { value: search.start, hops: 0 }]]);
  const open = new Set([from]);
  while (open.size > 0) {
    const node = firstOf(open, (a, b) => closer(reached.get(a)!, reached.get(b)!));
    if (node === to) return traced(reached, to);
    open.delete(node);
    const { value, hops } = reached.get(node)!;
    for (const edge of graph.edgesAt.get(node)!) {
      const next = otherEnd(edge, node);
      const candidate = { value: search.extend(value, edge), hops: hops + 1, by: edge };
      const before = reached.get(next);
      if (before && !closer(candidate, before)) continue;
      reached.set(next, candidate);
      open.add(next);
    }
  }
  return undefined;
}

function firstOf(open: ReadonlySet<string>, before: (a: string, b: string) => boolean): string {
  let best: string | undefined;
  for (const node of open) if (best === undefined || before(node, best)) best = node;
  return best!;
}

function traced<E extends Edge>(reached: ReadonlyMap<string, Reached<E>>, to: string): Path<E> {
  const [nodes, edges] = [[to], [] as E[]];
  for (let at = reached.get(to)!; at.by; at = reached.get(nodes[0]!)!) {
    edges.unshift(at.by);
    nodes.unshift(otherEnd(at.by, nodes[0]!));
  }
  return { nodes, edges, value: reached.get(to)!.value };
}

function requireWeight(name: string, value: number): number {
  if (!(value >= 0)) throw new InputError(`${name} of an edge is ${value}; allowed: a number from 0`);
  return value;
}
