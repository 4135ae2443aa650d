import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classicalDelays } from './classical.js';
import { parseTopology, readTopology, TOPOLOGY_LIMITS, topology } from './topology.js';

const nodes = [{ name: 'A' }, { name: 'B' }, { name: 'C' }];
const good = { nodes, links: [{ nodes: ['A', 'B'], lengthKm: 20 }] };
const message = (text: string): string => {
  try {
    parseTopology(text, 'net.json');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('accepted');
};
const changed = (change: object) => message(JSON.stringify({ ...good, ...change }));
const link = (change: object) => changed({ links: [{ ...good.links[0], ...change }] });

it('reads a topology, with defaults, into frozen values', () => {
  const net = parseTopology(JSON.stringify(good));
  expect(net.nodes[0]).toMatchObject({ memories: 50, memory: { rateHz: 2000 }, swapSuccessProbability: 1 });
  expect(net.links[0]).toMatchObject({ attenuationDbPerKm: 0.2, scheme: { kind: 'barrett-kok' } });
  expect(Object.isFrozen(net) && Object.isFrozen(net.nodes) && Object.isFrozen(net.nodes[0])).toBe(true);
});

it.each([
  [
    'a loop',
    link({ nodes: ['A', 'A'] }),
    'topology: link A - A: from a node to itself; allowed: two different nodes',
  ],
  [
    'an unknown node',
    link({ nodes: ['A', 'D'] }),
    'topology: link A - D: no node "D"; allowed: names of nodes',
  ],
  [
    'a negative length',
    link({ lengthKm: -1 }),
    'links.0.lengthKm: Too small: expected number to be >=0; found -1',
  ],
  ['a length that is no number', link({ lengthKm: '20' }), 'expected number, received string; found "20"'],
  ['an unknown key', link({ lenght: 1 }), 'links.0: Unrecognized key: "lenght"'],
  ['a station off the fibre', link({ stationAtKm: 21 }), 'station at 21 km; allowed: 0 to 20 km, its length'],
  [
    'two nodes of one name',
    changed({ nodes: [...nodes, { name: 'A' }] }),
    'node "A" stands twice; allowed: each name once',
  ],
  ['no nodes', changed({ nodes: [] }), 'nodes: Too small'],
  [
    'a path as name',
    changed({ nodes: [{ name: '../../etc' }] }),
    'nodes.0.name: a name of 1 to 80 letters, digits and',
  ],
  ['an empty name', changed({ nodes: [{ name: '' }] }), 'nodes.0.name: a name of 1 to 80'],
  ['half a memory', changed({ nodes: [{ name: 'A', memories: 1.5 }] }), 'nodes.0.memories'],
  ['T2 > 2 T1', changed({ nodes: [{ name: 'A', memory: { t1Sec: 1, t2Sec: 3 } }] }), 'allowed: T2 <= 2 T1'],
  ['no JSON', message('{"nodes": ['), 'net.json: no JSON'],
  ['no object', message('null'), 'expected object, received null'],
  ['a negative delay', changed({ classical: [{ nodes: ['A', 'B'], delaySec: -1 }] }), 'classical.0.delaySec'],
])('refuses %s in one line', (_, found, expected) => {
  expect(found).toContain(expected);
  expect(found).not.toContain('\n');
  expect(found.length).toBeLessThan(250);
});

it('refuses two links between the same nodes, whichever is named first', () => {
  const links = [...good.links, { nodes: ['B', 'A'], lengthKm: 5 }];
  expect(changed({ links })).toBe('topology: link B - A stands twice; allowed: one between two nodes');
});

it('is not moved by prototype keys', () => {
  expect(message('{"__proto__": {"nodes": []}, "links": []}')).toContain('topology');
  const named = parseTopology(
    '{"nodes": [{"name": "__proto__"}, {"name": "constructor"}], "links": [{"nodes": ["__proto__", "constructor"], "lengthKm": 1}]}',
  );
  expect(classicalDelays(named)('__proto__', 'constructor')).toBe(5e6);
  expect(({} as { nodes?: unknown }).nodes).toBeUndefined();
});

it('limits sizes before it works on them', () => {
  expect(message(' '.repeat(TOPOLOGY_LIMITS.bytes + 1))).toContain('characters; allowed: up to');
  const many = Array.from({ length: TOPOLOGY_LIMITS.nodes + 1 }, (_, index) => ({ name: `n${index}` }));
  expect(changed({ nodes: many })).toContain('nodes: Too big');
  expect(message('['.repeat(100_000))).toContain('no JSON');
});

it('reads files, and says which one it could not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'topology-'));
  const path = join(folder, 'net.json');
  writeFileSync(path, JSON.stringify(good));
  expect(readTopology(path)).toEqual(parseTopology(JSON.stringify(good)));
  expect(() => readTopology(join(folder, 'none.json'))).toThrow('none.json: no such file or folder');
  expect(() => readTopology(folder)).toThrow('not a file');
  rmSync(folder, { recursive: true });
});

it('sends messages over the quickest way, a given channel first', () => {
  const net = topology({
    nodes,
    links: [
      { nodes: ['A', 'B'], lengthKm: 20 },
      { nodes: ['B', 'C'], lengthKm: 40 },
    ],
    classical: [{ nodes: ['B', 'C'], delaySec: 1e-3 }],
  });
  const delays = classicalDelays(net);
  expect(delays('A', 'B')).toBe(1e8);
  expect(delays('C', 'B')).toBe(1e9);
  expect(delays('A', 'C')).toBe(1.1e9);
  expect(delays('A', 'A')).toBe(0);
});
