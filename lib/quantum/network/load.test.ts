import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedLoad, shareMemories, uniformDemand } from './load.js';
import { cheapestPaths } from './routes.js';
import { starlight } from './starlight.js';

const total = (shares: ReadonlyMap<string, number>) =>
  [...shares.values()].reduce((sum, one) => sum + one, 0);

it('counts one memory at the ends of a path and two between them', () => {
  const nodes = ['a', 'b', 'c'];
  const routes = cheapestPaths(nodes, [
    { ends: ['a', 'b'], cost: 1 },
    { ends: ['b', 'c'], cost: 1 },
  ]);
  const load = expectedLoad(
    nodes,
    [
      { nodes: ['a', 'c'], weight: 3 },
      { nodes: ['a', 'b'], weight: 1 },
    ],
    routes,
  );
  expect(Object.fromEntries(load)).toEqual({ a: 4, b: 7, c: 3 });
});

it('keeps the total, stays within one of the proportion, and grants the least', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }),
      fc.nat(400),
      fc.nat(5),
      (loads, above, least) => {
        const load = new Map(loads.map((one, index) => [`n${index}`, one]));
        const all = above + least * loads.length;
        const shares = shareMemories(all, load, least);
        expect(total(shares)).toBe(all);
        for (const share of shares.values()) expect(share).toBeGreaterThanOrEqual(least);
        const sum = loads.reduce((one, other) => one + other, 0);
        if (least > 0 || sum === 0) return;
        for (const [name, share] of shares)
          expect(Math.abs(share - (all * load.get(name)!) / sum)).toBeLessThan(1);
      },
    ),
  );
});

it('gives the hubs of the nine routers what the leaves do not need', () => {
  const { nodes, links } = starlight();
  const names = nodes.map(({ name }) => name);
  const routes = cheapestPaths(
    names,
    links.map((link) => ({ ends: link.nodes, cost: link.lengthKm })),
  );
  const load = expectedLoad(names, uniformDemand(names), routes);
  expect(load.get('NU')).toBe(8);
  expect(load.get('Argonne_1')).toBe(34);
  const shares = shareMemories(450, load);
  expect(total(shares)).toBe(450);
  expect(shares.get('NU')).toBe(24);
  expect(shares.get('Argonne_1')).toBe(104);
});
