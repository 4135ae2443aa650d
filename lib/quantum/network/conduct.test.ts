import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { eventTrace, PS_PER_SEC } from '../index.js';
import type { Flow } from './flow.js';
import { bookingFaults } from './ledger.js';
import type { QuantumNetwork } from './network.js';
import type { RouterMemory } from './pair.js';
import { requestAtRandom } from './random-requests.js';
import { chain, networkOf } from './testing.js';
import type { TopologyInput } from './topology.js';

const wish = (more: object = {}) => ({
  initiator: 'n0',
  responder: 'n2',
  startSec: 1,
  endSec: 3,
  memories: 2,
  minFidelity: 0.5,
  ...more,
});
const refusal = (net: QuantumNetwork, more: object = {}) => {
  const record = net.submit(wish(more));
  net.run(net.kernel.nowPs / PS_PER_SEC + 0.1);
  return record.refusal;
};

it('refuses with the reason', () => {
  const parts = chain(3, { memories: 5, swapFidelity: 0.9 });
  const net = networkOf({ ...parts, nodes: [...parts.nodes, { name: 'alone' }] });
  expect(refusal(net, { responder: 'alone' })).toEqual({
    kind: 'no path',
    reason: 'no links lead from n0 to alone',
  });
  expect(refusal(net, { minFidelity: 0.95 })).toEqual({
    kind: 'fidelity',
    reason: 'fidelity 0.95 is out of reach of 1 swaps, even of perfect pairs',
  });
  expect(refusal(net)).toBeUndefined();
  expect(refusal(net)).toEqual({
    kind: 'memories',
    reason: 'n1 has 1 of 5 memories free all the time; asked for 4',
  });
  expect(refusal(net, { startSec: 0.4001, memories: 1 })).toEqual({
    kind: 'late',
    reason: 'the start is too near for a confirmation from n1',
  });
  expect(refusal(net, { startSec: 3, endSec: 4 })).toBeUndefined();
});

it('hands memories from one request to the next at the same moment', () => {
  const net = networkOf(chain(3, { memories: 4 }));
  const [second, first] = [
    net.submit(wish({ startSec: 2, endSec: 3 })),
    net.submit(wish({ startSec: 1, endSec: 2 })),
  ];
  net.run(4);
  expect(first.refusal ?? second.refusal).toBeUndefined();
  expect(first.counts!.delivered).toBeGreaterThan(0);
  expect(second.counts!.delivered).toBeGreaterThan(0);
});

it('frees what was booked when a node further on refuses', () => {
  const parts = chain(4, { memories: 10 });
  const nodes = parts.nodes.map((node) => (node.name === 'n3' ? { ...node, memories: 1 } : node));
  const net = networkOf({ ...parts, nodes });
  expect(refusal(net, { responder: 'n3' })?.reason).toContain('n3 has 1 of 1 memories free');
  expect(net.bookings()).toEqual([]);
});

it('asks in one line for requests that make sense', () => {
  const net = networkOf(chain(3));
  expect(() => net.submit(wish({ endSec: 1 }))).toThrow(
    'request ends at 1 s; allowed: after its start at 1 s',
  );
  expect(() => net.submit(wish({ responder: 'n0' }))).toThrow('request from n0 to itself');
  expect(() => net.submit(wish({ responder: 'x' }))).toThrow('request: no node "x"; allowed: names of nodes');
  expect(() => net.submit(wish({ memory: 3 }))).toThrow('request: Unrecognized key: "memory"');
  expect(() => networkOf(chain(2), { protocol: { cutoff: 1 } as never })).toThrow(
    'protocol: Unrecognized key',
  );
});

/** Every memory of a bank is free, coming back, attempting, or holds half of just one pair. */
function expectConserved(flow: Flow): void {
  const held = [...flow.live].flatMap(({ leftMemory, rightMemory }) => [leftMemory, rightMemory]);
  const free = [...flow.banks.left, ...flow.banks.right].flatMap((bank) => bank.free);
  const known: RouterMemory[] = [...held, ...free];
  expect(new Set(known).size).toBe(known.length);
  for (const memory of free) expect(memory.inUse).toBe(false);
  for (const memory of held) expect(memory.inUse).toBe(true);
  flow.stations.forEach((_, place) => {
    for (const side of ['left', 'right'] as const) {
      const bank = flow.banks[side][place]!;
      const hop = side === 'right' ? place : place - 1;
      const pairs = [...flow.live].filter(
        ({ segment }) => segment[side === 'right' ? 'left' : 'right'] === place,
      );
      const attempting = bank.size > 0 ? flow.generating[hop]!.size : 0;
      expect(bank.free.length + bank.returning + attempting + pairs.length).toBe(bank.size);
    }
  });
}

const setups = fc.record({
  seed: fc.nat(1e6),
  nodes: fc.integer({ min: 2, max: 6 }),
  memories: fc.integer({ min: 1, max: 5 }),
  minFidelity: fc.constantFrom(0, 0.8, 0.9, 0.97),
  purification: fc.constantFrom('none' as const, 'bbpssw' as const, 'dejmps' as const),
  stretchFidelity: fc.constantFrom('share' as const, 'request' as const),
  swapOrder: fc.constantFrom('balanced' as const, 'sequential' as const),
  swapFirst: fc.constantFrom('oldest' as const, 'freshest' as const),
  cutoffSec: fc.constantFrom(undefined, 0.02),
  swapSuccessProbability: fc.constantFrom(0.5, 1),
});

it('keeps every memory, in any network, at any time', () => {
  fc.assert(
    fc.property(
      setups,
      ({ seed, nodes, memories, minFidelity, cutoffSec, swapSuccessProbability, ...protocol }) => {
        const memory = { rawFidelity: 0.9, t2Sec: 0.2, ...(cutoffSec === undefined ? {} : { cutoffSec }) };
        const router = { memories: 2 * memories, memory, swapSuccessProbability };
        const net = networkOf(chain(nodes, router, { lengthKm: 5 }), {
          seed,
          protocol: { ...protocol, refuseFidelity: false },
        });
        const record = net.submit(wish({ responder: `n${nodes - 1}`, endSec: 1.5, memories, minFidelity }));
        for (const untilSec of [1.003, 1.05, 1.2, 1.499]) {
          net.run(untilSec);
          const [flow] = [...net.flows];
          expectConserved(flow!);
          for (const fidelity of record.fidelities) expect(fidelity).toBeGreaterThanOrEqual(minFidelity);
        }
        const [flow] = [...net.flows];
        net.run(2);
        for (const one of flow!.memories) expect(one.inUse).toBe(false);
      },
    ),
    { numRuns: 40 },
  );
});

function randomTraffic(topology: TopologyInput, seed: number, asking: readonly string[]) {
  const trace = eventTrace();
  const net = networkOf(topology, { trace, seed, protocol: { refuseFidelity: false } });
  requestAtRandom(net, asking, Rng.of(seed).fork('traffic'), {
    durationSec: [1, 3],
    memories: [1, 4],
    retrySec: 0.2,
  });
  net.run(12);
  return { net, trace };
}
const star = {
  nodes: ['hub', 'a', 'b', 'c', 'd'].map((name) => ({ name, memories: name === 'hub' ? 14 : 6 })),
  links: ['a', 'b', 'c', 'd'].map((name) => ({ nodes: ['hub', name] as [string, string], lengthKm: 10 })),
};

it('never lets reservations overlap under random traffic', () => {
  for (const seed of [1, 2, 3]) {
    const { net } = randomTraffic(star, seed, ['hub', 'a', 'b', 'c', 'd']);
    const bookings = net.bookings();
    expect(bookings.length).toBeGreaterThan(40);
    expect(
      bookingFaults(bookings, new Map(star.nodes.map(({ name, memories }) => [name, memories]))),
    ).toEqual([]);
    expect(net.records.some(({ refusal: one }) => one?.kind === 'memories')).toBe(true);
    const accepted = net.records.filter(({ counts }) => counts);
    for (const { counts } of accepted) expect(counts!.genuine).toBe(counts!.generated);
  }
});

it('repeats to the last event, and not for another seed', () => {
  const asking = ['a', 'b', 'c', 'd'];
  const [first, again, other] = [1, 1, 2].map((seed) => randomTraffic(star, seed, asking).trace);
  expect(first!.length).toBeGreaterThan(1000);
  expect(again!.hash()).toBe(first!.hash());
  expect(other!.hash()).not.toBe(first!.hash());
});

it('is not changed by a node that has no part in it, wherever it stands in the file', () => {
  const asking = ['a', 'b', 'c', 'd'];
  const bystander = { name: 'bystander', memories: 9 };
  const more = {
    nodes: [bystander, ...star.nodes],
    links: [{ nodes: ['bystander', 'd'] as [string, string], lengthKm: 30 }, ...star.links],
  };
  const { trace } = randomTraffic(star, 5, asking);
  expect(randomTraffic(more, 5, asking).trace.hash()).toBe(trace.hash());
});
