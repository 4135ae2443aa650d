import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edge, type Graph, graphOf, maxFlow, otherEnd, shortestPath, widestPath } from './index.js';

interface Weighted extends Edge {
  weight: number;
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

const anyGraph: fc.Arbitrary<Graph<Weighted>> = fc
  .array(fc.tuple(fc.nat(5), fc.nat(5), fc.double({ min: 0, max: 10, noNaN: true })), { maxLength: 14 })
  .map((list) => {
    const edges = list.flatMap(([a, b, weight]) =>
      a === b ? [] : [{ ends: [names[a]!, names[b]!] as const, weight }],
    );
    return graphOf(names, edges);
  });
const weightOf = ({ weight }: Weighted) => weight;

/** Values of all simple paths from a to f. */
function allPaths(
  graph: Graph<Weighted>,
  fold: (soFar: number, weight: number) => number,
  start: number,
): number[] {
  const found: number[] = [];
  const walk = (node: string, seen: readonly string[], value: number) => {
    if (node === 'f') found.push(value);
    else {
      for (const edge of graph.edgesAt.get(node)!) {
        const next = otherEnd(edge, node);
        if (!seen.includes(next)) walk(next, [...seen, next], fold(value, edge.weight));
      }
    }
  };
  walk('a', ['a'], start);
  return found;
}

describe('paths', () => {
  it('are the shortest of all, and walk their edges', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const lengths = allPaths(graph, (sum, weight) => sum + weight, 0);
        const path = shortestPath(graph, 'a', 'f', weightOf);
        expect(path === undefined).toBe(lengths.length === 0);
        if (!path) return;
        expect(path.value).toBeCloseTo(Math.min(...lengths), 12);
        expect(path.edges.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(path.value, 12);
        for (const [k, edge] of path.edges.entries())
          expect(otherEnd(edge, path.nodes[k]!)).toBe(path.nodes[k + 1]);
        expect([path.nodes[0], path.nodes.at(-1)]).toEqual(['a', 'f']);
      }),
    );
  });

  it('are the widest of all', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const widths = allPaths(graph, Math.min, Number.POSITIVE_INFINITY);
        expect(widestPath(graph, 'a', 'f', weightOf)?.value ?? 0).toBe(Math.max(0, ...widths));
      }),
    );
  });

  it('take fewer edges among equals, and avoid what is closed', () => {
    const edge = (a: string, b: string, weight: number) => ({ ends: [a, b] as const, weight });
    const graph = graphOf(names, [
      edge('a', 'b', 1),
      edge('b', 'f', 1),
      edge('a', 'f', 2),
      edge('c', 'd', 1),
    ]);
    expect(shortestPath(graph, 'a', 'f', weightOf)!.nodes).toEqual(['a', 'f']);
    const closed = ({ weight }: Weighted) => (weight === 2 ? Number.POSITIVE_INFINITY : weight);
    expect(shortestPath(graph, 'a', 'f', closed)!.nodes).toEqual(['a', 'b', 'f']);
    expect(shortestPath(graph, 'a', 'c', weightOf)).toBeUndefined();
    expect(() => shortestPath(graph, 'a', 'f', () => -1)).toThrow(
      'length of an edge is -1; allowed: a number from 0',
    );
  });
});

describe('flows', () => {
  it('are as large as the smallest of all cuts, conserved, and within capacity', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { value, through, cut } = maxFlow(graph, 'a', 'f', weightOf);
        let smallest = Number.POSITIVE_INFINITY;
        for (let inner = 0; inner < 16; inner++) {
          const side = (node: string) => node === 'a' || (inner >> (names.indexOf(node) - 1)) % 2 === 1;
          const crossing = graph.edges.filter(
            ({ ends: [a, b] }) => (a !== 'f' && side(a)) !== (b !== 'f' && side(b)),
          );
          smallest = Math.min(
            smallest,
            crossing.reduce((sum, { weight }) => sum + weight, 0),
          );
        }
        expect(value).toBeCloseTo(smallest, 9);
        expect(cut.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(value, 9);
        const net = new Map(names.map((name) => [name, 0]));
        for (const [edge, flow] of through) {
          expect(Math.abs(flow)).toBeLessThanOrEqual(edge.weight + 1e-12);
          net.set(edge.ends[0], net.get(edge.ends[0])! + flow);
          net.set(edge.ends[1], net.get(edge.ends[1])! - flow);
        }
        for (const name of 'bcde') expect(net.get(name)).toBeCloseTo(0, 9);
        expect(net.get('a')).toBeCloseTo(value, 9);
      }),
    );
  });

  it('refuse capacities without end', () => {
    const graph = graphOf(['a', 'b'], [{ ends: ['a', 'b'] as const }]);
    expect(() => maxFlow(graph, 'a', 'b', () => Number.POSITIVE_INFINITY)).toThrow(
      'capacity of an edge is Infinity',
    );
  });
});

describe('graphs', () => {
  it('are refused with one line', () => {
    const edge = (a: string, b: string) => ({ ends: [a, b] as const });
    expect(() => graphOf(['a', 'a'], [])).toThrow('node "a" stands twice; allowed: once');
    expect(() => graphOf(['a'], [edge('a', 'a')])).toThrow('an edge joins node "a" to itself');
    expect(() => graphOf(['a'], [edge('a', '__proto__')])).toThrow(
      'an edge ends at "__proto__"; allowed: a node',
    );
    const graph = graphOf(['a', 'b'], [edge('a', 'b')]);
    expect(() => shortestPath(graph, 'a', 'x', () => 1)).toThrow(
      '"x" is not in the graph; allowed: one of its nodes',
    );
    expect(() => maxFlow(graph, 'a', 'a', () => 1)).toThrow('both ends are "a"; allowed: two nodes');
  });
});
