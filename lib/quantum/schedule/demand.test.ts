import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortestPath } from '../bounds/index.js';
import { NV_LINK_5_KM } from './capability.js';
import { type Demand, periodOf, planDemand } from './demand.js';
import {
  asLateAsPossible,
  asSoonAsPossible,
  fits,
  mapProtocol,
  needsOf,
  operationsEarly,
  type Plan,
  qubitsOf,
  storageSlots,
} from './mapping.js';
import { expectedOutcome } from './outcome.js';
import { countOperations, distilProtocol, linkProtocol, type Protocol, swapProtocol } from './protocol.js';
import { protocolsOf } from './search.js';
import { durationOf } from './task.js';
import { SMALL_NETWORKS, smallNetwork, surfnetLike } from './topologies.js';
import { type Unfolded, unfold } from './unfold.js';
import { violations } from './verify.js';

const timing = { slotSec: 0.01, linkSuccess: 0.9 };
const best = NV_LINK_5_KM[0]!;
const link = (a: string, b: string) => linkProtocol([a, b], best, timing);

describe('protocols', () => {
  it('take as many link slots as the wished success needs', () => {
    const { slots, successPerSlot, successProbability } = link('A', 'B');
    expect(slots).toBe(17);
    expect(successPerSlot).toBeCloseTo(1 - Math.exp(-0.1416), 12);
    expect(successProbability).toBeCloseTo(1 - Math.exp(-0.1416 * 17), 12);
    expect(1 - Math.exp(-0.1416 * 16)).toBeLessThan(0.9);
  });

  it('have the fidelity of the Werner maps', () => {
    const pair = (fidelity: number) => linkProtocol(['A', 'B'], { fidelity, ratePerSec: 10 }, timing);
    const next = linkProtocol(['B', 'C'], { fidelity: 0.9, ratePerSec: 10 }, timing);
    expect(swapProtocol(pair(0.9), next, 'B')).toMatchObject({ ends: ['A', 'C'], kind: 'swap' });
    expect(swapProtocol(pair(0.9), next, 'B').fidelity).toBeCloseTo(0.8133333333, 9);
    const twice = distilProtocol(pair(0.7), pair(0.7));
    expect(twice.fidelity).toBeCloseTo(0.735294117, 8);
    expect(twice.agreement).toBeCloseTo(0.68, 12);
    expect(twice.successProbability).toBeCloseTo(0.68 * pair(0.7).successProbability ** 2, 12);
  });
});

describe('the search', () => {
  const options = { ...timing, distillationRounds: 1 };
  const network = smallNetwork('line');
  const way = (a: string, b: string) => shortestPath(network.graph, a, b, () => 1)!;

  it('finds what enumerating all protocols of two hops finds', () => {
    // One distillation at each length: links, distilled links, swaps of those, distilled swaps.
    const links = (a: string, b: string) => NV_LINK_5_KM.map((one) => linkProtocol([a, b], one, timing));
    const once = (list: Protocol[]) => [
      ...list,
      ...list.flatMap((kept) => list.map((measured) => distilProtocol(kept, measured))),
    ];
    const swaps = once(links('A', 'B')).flatMap((left) =>
      once(links('B', 'C')).map((right) => swapProtocol(left, right, 'B')),
    );
    const all = once(swaps);
    const slots = (one: Protocol): number => {
      if (one.kind === 'link') return one.slots;
      const parts = one.kind === 'swap' ? [one.first, one.second] : [one.kept, one.measured];
      return parts.reduce((sum, part) => sum + slots(part), 1);
    };
    const rate = (one: Protocol) => one.successProbability / slots(one);
    const found = protocolsOf(network, way('A', 'C'), options);
    for (const minFidelity of [0.55, 0.6, 0.65, 0.7, 0.75, 0.8]) {
      const reach = (list: readonly Protocol[]) =>
        Math.max(0, ...list.filter(({ fidelity }) => fidelity >= minFidelity).map(rate));
      const ours = reach(found.map(({ protocol }) => protocol));
      expect(ours).toBeLessThanOrEqual(reach(all) * (1 + 1e-12));
      // Thinning by fidelity may cost some; here it costs less than a tenth.
      expect(ours).toBeGreaterThan(0.9 * reach(all));
    }
  });

  it('gives up rate for fidelity only', () => {
    const found = protocolsOf(network, way('A', 'D'), { ...options, distillationRounds: 2 });
    expect(found.length).toBeGreaterThan(5);
    for (const [index, one] of found.slice(1).entries()) {
      const before = found[index]!;
      expect(one.protocol.fidelity).toBeLessThan(before.protocol.fidelity);
      expect(one.protocol.successProbability / one.serialSlots).toBeGreaterThan(
        before.protocol.successProbability / before.serialSlots,
      );
    }
  });
});

const precedes = ({ operations }: Unfolded, plan: Plan): boolean =>
  operations.every(({ after }, index) =>
    after.every((part) => plan[part]! + operations[part]!.durationSlots <= plan[index]!),
  );

describe('mapping onto qubits', () => {
  const qubits = qubitsOf(smallNetwork('line'));
  const distilledHop = (a: string, b: string) => distilProtocol(link(a, b), link(a, b));
  const chain = unfold(swapProtocol(distilledHop('A', 'B'), distilledHop('B', 'C'), 'B'));

  it('unfolds operations after their parts, and frees what they use up', () => {
    expect(chain.operations.map(({ name }) => name)).toEqual([
      'link A - B',
      'link A - B',
      'distil A - B',
      'link B - C',
      'link B - C',
      'distil B - C',
      'swap at B',
    ]);
    const untilSwap = chain.stored.filter(({ until }) => until === 6);
    expect(untilSwap.map(({ node, from }) => `${node}${from}`).sort()).toEqual(['A0', 'B0', 'B3', 'C3']);
    expect(unfold(link('A', 'B')).stored).toEqual([]);
  });

  it('keeps order and qubits at every stage, and cuts storage', () => {
    const soon = asSoonAsPossible(chain, qubits)!;
    const late = asLateAsPossible(chain, soon, qubits);
    const shifted = operationsEarly(chain, late, qubits);
    for (const plan of [soon, late, shifted]) {
      expect(precedes(chain, plan)).toBe(true);
      expect(fits(needsOf(chain, plan), qubits)).toBe(true);
    }
    const end = (plan: Plan) =>
      Math.max(...plan.map((start, i) => start + chain.operations[i]!.durationSlots));
    expect(end(late)).toBe(end(soon));
    expect(storageSlots(chain, late)).toBeLessThanOrEqual(storageSlots(chain, soon));
    expect(storageSlots(chain, shifted)).toBeLessThanOrEqual(storageSlots(chain, late));
  });

  it('makes the links of a short side late', () => {
    const quick = linkProtocol(['A', 'B'], { fidelity: 0.9, ratePerSec: 200 }, timing);
    const slow = linkProtocol(['B', 'C'], { fidelity: 0.9, ratePerSec: 10 }, timing);
    const plan = mapProtocol(unfold(swapProtocol(quick, slow, 'B')), qubits)!;
    // 2 and 24 slots share the communication qubit of B; the swap follows.
    expect(plan).toEqual([0, 2, 26]);
    const apart = unfold(
      swapProtocol(swapProtocol(quick, slow, 'B'), linkProtocol(['C', 'D'], best, timing), 'C'),
    );
    const mapped = mapProtocol(apart, qubits)!;
    expect(fits(needsOf(apart, mapped), qubits)).toBe(true);
  });

  it('finds no plan for more than the qubits hold', () => {
    expect(mapProtocol(chain, (_, kind) => (kind === 'storage' ? 2 : 1))).toBeUndefined();
    expect(mapProtocol(unfold(link('A', 'B')), (_, kind) => (kind === 'storage' ? 0 : 1))).toEqual([0]);
  });
});

describe('demands', () => {
  const demand = (more: Partial<Demand> = {}): Demand => ({
    source: 'A',
    destination: 'C',
    minFidelity: 0.7,
    ratePerSec: 0.5,
    ...more,
  });

  it('become periodic tasks of T = ceil(1 / (rate slot))', () => {
    expect(periodOf(0.5, 0.01)).toBe(200);
    expect(periodOf(0.3, 0.01)).toBe(334);
    expect(periodOf(100, 0.01)).toBe(1);
    expect(periodOf(10, 0.01)).toBe(10);
    expect(() => periodOf(0, 0.01)).toThrow('ratePerSec is 0');
    expect(() => periodOf(1e-300, 0.01)).toThrow('period of the demand');
  });

  it('are met where they can be', () => {
    const plan = planDemand(smallNetwork('line'), demand())!;
    expect(plan.path).toEqual(['A', 'B', 'C']);
    expect(plan.fidelity).toBeGreaterThanOrEqual(0.7);
    expect(plan.deliveredPerSec).toBeCloseTo(plan.successProbability * 0.5, 12);
    expect(countOperations(plan.protocol)).toEqual({ link: 2, swap: 1, distil: 0 });
    expect(planDemand(smallNetwork('line'), demand({ ratePerSec: 20 }))).toBeUndefined();
    expect(planDemand(smallNetwork('line'), demand({ destination: 'F', minFidelity: 0.99 }))).toBeUndefined();
    expect(() => planDemand(smallNetwork('line'), demand({ minFidelity: 0.4 }))).toThrow(
      'minFidelity is 0.4',
    );
    expect(() => planDemand(smallNetwork('line'), demand({ destination: 'Z' }))).toThrow(
      '"Z" is not in the graph',
    );
  });

  it('pay for fidelity with rate, and distil where swaps are not enough', () => {
    const perSlot = [0.55, 0.65, 0.75, 0.85].map((minFidelity) => {
      const plan = planDemand(
        smallNetwork('star'),
        demand({ destination: 'B', minFidelity, ratePerSec: 0.1 }),
      )!;
      return plan.successProbability / durationOf(plan.task);
    });
    for (const [index, rate] of perSlot.slice(1).entries()) expect(rate).toBeLessThan(perSlot[index]!);
    const high = planDemand(
      smallNetwork('star'),
      demand({ destination: 'B', minFidelity: 0.85, ratePerSec: 0.1 }),
    )!;
    expect(countOperations(high.protocol).distil).toBeGreaterThan(0);
  });

  it('take longer over longer links', () => {
    const near = planDemand(smallNetwork('star', 5), demand({ destination: 'B', ratePerSec: 0.1 }))!;
    const far = planDemand(smallNetwork('star', 50), demand({ destination: 'B', ratePerSec: 0.1 }))!;
    // Two links of 139 slots each share a communication qubit: 1 - exp(-1.66 / s · 1.39 s) = 0.9.
    expect(durationOf(far.task)).toBe(2 * 139 + 1);
    expect(durationOf(near.task)).toBeLessThan(60);
  });

  it('need better pairs where storage is short-lived', () => {
    const network = smallNetwork('line');
    const lasting = planDemand(network, demand())!;
    const fading = planDemand(network, demand(), { storageLifetimeSec: 3 })!;
    expect(fading.fidelity).toBeGreaterThanOrEqual(0.7);
    expect(fading.protocol.fidelity).toBeGreaterThan(fading.fidelity);
    expect(durationOf(fading.task)).toBeGreaterThan(durationOf(lasting.task));
    expect(planDemand(network, demand(), { storageLifetimeSec: 0.1 })).toBeUndefined();
  });

  it('depend on the other options too', () => {
    const network = smallNetwork('star');
    const high = demand({ destination: 'B', minFidelity: 0.85, ratePerSec: 0.1 });
    expect(planDemand(network, high, { distillationRounds: 0 })).toBeUndefined();
    const surer = planDemand(network, demand({ destination: 'B' }), { linkSuccess: 0.99 })!;
    expect(surer.successProbability).toBeGreaterThan(0.97);
    expect(planDemand(network, demand({ destination: 'B' }), { slotSec: 0.02 })!.task.periodSlots).toBe(100);
    expect(() => planDemand(network, high, { linkSuccess: 1 })).toThrow('linkSuccess is 1');
    expect(() => planDemand(network, high, { slotSec: 0 })).toThrow('slotSec is 0');
    expect(() => planDemand(network, high, { distillationRounds: 9 })).toThrow('distillationRounds is 9');
  });

  it('give tasks that run alone without a fault, on every network', () => {
    const networks = [...SMALL_NETWORKS.map((name) => smallNetwork(name)), surfnetLike()];
    const cases = fc.record({
      network: fc.constantFrom(...networks),
      ends: fc.tuple(fc.nat(1000), fc.nat(1000)),
      minFidelity: fc.constantFrom(0.55, 0.7, 0.8, 0.9),
    });
    fc.assert(
      fc.property(cases, ({ network, ends, minFidelity }) => {
        const [source, destination] = ends.map((i) => network.nodes[i % network.nodes.length]!.name);
        if (source === destination) return;
        const plan = planDemand(network, {
          source: source!,
          destination: destination!,
          minFidelity,
          ratePerSec: 0.05,
        });
        if (!plan) return;
        const { task, protocol } = plan;
        const startSlots = task.steps.map(({ startSlot }) => startSlot);
        const jobs = [{ task: 0, job: 0, startSlots }];
        const schedule = {
          scheduler: 'alone',
          tasks: [task],
          hyperperiodSlots: task.periodSlots,
          jobs,
          suspensionSlots: 0,
        };
        expect(violations(schedule)).toEqual([]);
        expect(Math.min(...startSlots)).toBe(0);
        const outcome = expectedOutcome(protocol, startSlots, Infinity);
        expect(outcome.fidelity).toBeCloseTo(protocol.fidelity, 12);
        expect(outcome.successProbability).toBeCloseTo(protocol.successProbability, 12);
      }),
      { seed: 1, numRuns: 25 },
    );
  });
});
