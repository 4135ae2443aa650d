/** A connection of two nodes and what crossing it costs, in either direction. */
export interface Edge {
  readonly nodes: readonly [string, string];
  /** Not negative; one unit for all edges of a graph. */
  readonly cost: number;
}

/** Cheapest paths of a graph, the same in both directions. */
export interface Routes {
  /** The nodes from `from` to `to`, both included; undefined where none leads there. */
  path(from: string, to: string): readonly string[] | undefined;
  /** The neighbour of `from` on the path to `to`: a row of the static forwarding table. */
  next(from: string, to: string): string | undefined;
  /** The cost of the path: infinite where none leads there. */
  cost(from: string, to: string): number;
}

interface Label {
  cost: number;
  hops: number;
  before: string;
}

type Neighbours = ReadonlyMap<string, readonly (readonly [name: string, cost: number])[]>;

/**
 * Cheapest paths between all nodes (Dijkstra 1959), worked out when first asked for. Among paths of one cost the one with
 * fewer hops is taken, then the one whose last node that differs has the first name: no order of input changes a path.
 */
export function cheapestPaths(nodes: readonly string[], edges: readonly Edge[]): Routes {
  const neighbours = neighboursOf(nodes, edges);
  const trees = new Map<string, ReadonlyMap<string, Label>>();
  const treeOf = (root: string) => {
    const tree = trees.get(root) ?? labelsFrom(root, neighbours);
    trees.set(root, tree);
    return tree;
  };
  const forward = (from: string, to: string) => pathTo(to, treeOf(from));
  const path = (from: string, to: string) => (from <= to ? forward(from, to) : forward(to, from)?.reverse());
  return {
    path,
    next: (from, to) => path(from, to)?.[1],
    cost: (from, to) =>
      treeOf(from < to ? from : to).get(from < to ? to : from)?.cost ?? Number.POSITIVE_INFINITY,
  };
}

function neighboursOf(nodes: readonly string[], edges: readonly Edge[]): Neighbours {
  const neighbours = new Map<string, [string, number][]>(nodes.map((name) => [name, []]));
  for (const { nodes: ends, cost } of edges) {
    neighbours.get(ends[0])?.push([ends[1], cost]);
    neighbours.get(ends[1])?.push([ends[0], cost]);
  }
  return neighbours;
}

function labelsFrom(root: string, neighbours: Neighbours): Map<string, Label> {
  const settled = new Map<string, Label>();
  const frontier = new Map<string, Label>();
  if (neighbours.has(root)) frontier.set(root, { cost: 0, hops: 0, before: root });
  while (frontier.size > 0) {
    const nearest = [...frontier].reduce((best, one) => (isBefore(one[1], best[1]) ? one : best));
    const [name, { cost, hops }] = nearest;
    frontier.delete(name);
    settled.set(name, nearest[1]);
    for (const [other, step] of neighbours.get(name) ?? []) {
      const label = { cost: cost + step, hops: hops + 1, before: name };
      const known = frontier.get(other);
      if (!settled.has(other) && (!known || isBefore(label, known))) frontier.set(other, label);
    }
  }
  return settled;
}

function isBefore(a: Label, b: Label): boolean {
  if (a.cost !== b.cost) return a.cost < b.cost;
  return a.hops !== b.hops ? a.hops < b.hops : a.before < b.before;
}

function pathTo(to: string, labels: ReadonlyMap<string, Label>): string[] | undefined {
  if (!labels.has(to)) return undefined;
  const path = [to];
  for (let label = labels.get(to)!; label.hops > 0; label = labels.get(label.before)!)
    path.push(label.before);
  return path.reverse();
}
