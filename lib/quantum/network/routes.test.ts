import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CostedEdge, cheapestPaths } from './routes.js';

const graphs = fc.record({
  size: fc.integer({ min: 2, max: 9 }),
  edges: fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.integer({ min: 0, max: 6 })), { maxLength: 20 }),
});

const named = ({ size, edges }: { size: number; edges: [number, number, number][] }) => {
  const nodes = Array.from({ length: size }, (_, index) => `n${index}`);
  const kept = edges.filter(([a, b]) => a !== b && a < size && b < size);
  return { nodes, edges: kept.map(([a, b, cost]): CostedEdge => ({ ends: [`n${a}`, `n${b}`], cost })) };
};

/** Floyd and Warshall, as the oracle. */
function allCosts(nodes: readonly string[], edges: readonly CostedEdge[]): Map<string, number> {
  const costs = new Map<string, number>();
  const at = (a: string, b: string) => (a === b ? 0 : (costs.get(a + b) ?? Number.POSITIVE_INFINITY));
  for (const { ends, cost } of edges) {
    const [a, b] = ends;
    costs.set(a + b, Math.min(at(a, b), cost));
    costs.set(b + a, Math.min(at(b, a), cost));
  }
  for (const via of nodes) {
    for (const a of nodes)
      for (const b of nodes) costs.set(a + b, Math.min(at(a, b), at(a, via) + at(via, b)));
  }
  return costs;
}

const costOf = (path: readonly string[], edges: readonly CostedEdge[]) =>
  path.slice(1).reduce((sum, name, place) => {
    const joins = ({ ends }: CostedEdge) => ends.includes(name) && ends.includes(path[place]!);
    return sum + Math.min(...edges.filter(joins).map(({ cost }) => cost));
  }, 0);

it('finds cheapest paths, equal in both directions, whatever the order of the input', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { nodes, edges } = named(graph);
      const [routes, turned] = [
        cheapestPaths(nodes, edges),
        cheapestPaths([...nodes].reverse(), [...edges].reverse()),
      ];
      const costs = allCosts(nodes, edges);
      for (const a of nodes) {
        for (const b of nodes) {
          const path = routes.path(a, b);
          expect(routes.cost(a, b)).toBe(a === b ? 0 : costs.get(a + b));
          expect(turned.path(a, b)).toEqual(path);
          expect(routes.path(b, a)).toEqual(path?.toReversed());
          if (path) expect(costOf(path, edges)).toBe(routes.cost(a, b));
        }
      }
    }),
  );
});

it('forwards hop by hop along the path', () => {
  const edges: CostedEdge[] = [
    { ends: ['a', 'b'], cost: 1 },
    { ends: ['b', 'c'], cost: 1 },
    { ends: ['a', 'c'], cost: 2 },
    { ends: ['c', 'd'], cost: 1 },
  ];
  const routes = cheapestPaths(['a', 'b', 'c', 'd', 'alone'], edges);
  expect(routes.path('a', 'd')).toEqual(['a', 'c', 'd']);
  expect(routes.next('a', 'd')).toBe('c');
  expect(routes.path('a', 'alone')).toBeUndefined();
  expect(routes.cost('a', 'alone')).toBe(Number.POSITIVE_INFINITY);
});
