import { expect, it } from 'vitest';
import { mean, standardError } from '../../math/index.js';
import {
  bbpssw,
  decayed,
  expectedSlots,
  linkModel,
  PS_PER_SEC,
  storedCoherence,
  swapped,
  wernerState,
} from '../index.js';
import { networkLinks } from './connections.js';
import { chain, networkOf } from './testing.js';
import { topology } from './topology.js';

const request = (memories: number, more: object = {}) => ({
  initiator: 'n0',
  responder: 'n1',
  startSec: 1,
  endSec: 21,
  memories,
  minFidelity: 0,
  ...more,
});
const modelOf = (input: Parameters<typeof topology>[0]) =>
  linkModel([...networkLinks(topology(input)).values()][0]!);
const single = { scheme: { kind: 'two-photon' as const }, slotSec: 1e-9 };

it('delivers pairs of one link at the rate of its closed form, M times as many with M memories', () => {
  const input = chain(2, { memories: 8 });
  // Memories reset for longer than the message takes which says that they are free.
  const { ratePerSec } = modelOf(input);
  for (const memories of [1, 4, 8]) {
    const net = networkOf(input, { seed: memories });
    const record = net.submit(request(memories));
    net.run(22);
    const expected = 20 * memories * ratePerSec;
    expect(Math.abs(record.counts!.delivered - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(record.counts!.genuine).toBe(record.counts!.generated);
  }
});

it('delivers over two links as often as the slower of two links allows', () => {
  const input = chain(3, { memories: 2, memory: { rateHz: 1e6 } }, single);
  const model = modelOf(input);
  const delaySec = 1e-4;
  const net = networkOf(input);
  const record = net.submit(request(1, { responder: 'n2' }));
  net.run(22);
  // Both links start together, one message after the ends have heard of the swap, which takes one message too.
  const slots = expectedSlots(2, model.successProbability);
  const cycleSec = ((slots - 1) * model.roundPs + model.heraldPs) / PS_PER_SEC + 2 * delaySec;
  const expected = 20 / cycleSec;
  expect(Math.abs(record.counts!.delivered - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

it('leaves the coherence of the closed form when one link waits for the other', () => {
  const t2Sec = 0.05;
  const input = chain(3, { memories: 2, memory: { rateHz: 1e6, t2Sec } }, single);
  const model = modelOf(input);
  const net = networkOf(input);
  const record = net.submit(request(1, { responder: 'n2' }));
  net.run(22);
  const link = 2 * model.state.phiPlus - 1;
  const waiting = storedCoherence(model.successProbability, (t2Sec * PS_PER_SEC) / (2 * model.roundPs));
  const expected = (1 + link * link * waiting * Math.exp((-2 * 1e-4) / t2Sec)) / 2;
  const deviation = mean(record.fidelities) - expected;
  expect(Math.abs(deviation)).toBeLessThan(4 * standardError(record.fidelities));
});

it.each(['balanced', 'sequential'] as const)('swaps Bell-diagonal states exactly, %s', (swapOrder) => {
  const errors = { gateFidelity: 0.98, readoutFidelity: 0.99 };
  const router = { swapFidelity: 0.98, readoutFidelity: 0.99, memory: { rawFidelity: 0.95 } };
  const input = chain(5, { memories: 4, ...router }, { lengthKm: 10 });
  const net = networkOf(input, { protocol: { swapOrder, purification: 'none' } });
  const record = net.submit(request(2, { responder: 'n4', endSec: 3 }));
  net.run(4);
  const one = wernerState(0.95);
  const two = swapped(one, one, errors);
  const four =
    swapOrder === 'balanced' ? swapped(two, two, errors) : swapped(swapped(two, one, errors), one, errors);
  expect(record.fidelities.length).toBeGreaterThan(20);
  for (const fidelity of record.fidelities) expect(fidelity).toBeCloseTo(four.phiPlus, 12);
});

it('loses the share of swaps that it is given', () => {
  const net = networkOf(chain(3, { memories: 20, swapSuccessProbability: 0.64 }));
  const { counts } = netRun(net, request(10, { responder: 'n2' }), 22);
  const { swaps, swapFailures, delivered } = counts!;
  expect(Math.abs(swapFailures - 0.36 * swaps)).toBeLessThan(4 * Math.sqrt(0.36 * 0.64 * swaps));
  expect(swaps - swapFailures - delivered).toBeLessThanOrEqual(10);
});

function netRun(net: ReturnType<typeof networkOf>, wish: ReturnType<typeof request>, untilSec: number) {
  const record = net.submit(wish);
  net.run(untilSec);
  return record;
}

it('purifies until the fidelity asked for, with the closed form of state and success', () => {
  const t2Sec = 10;
  const input = chain(2, { memories: 10, memory: { rawFidelity: 0.93, t2Sec } });
  const model = modelOf(input);
  const record = netRun(networkOf(input), request(10, { minFidelity: 0.94 }), 22);
  const { purifications, purificationFailures, delivered } = record.counts!;
  const { state, successProbability } = bbpssw(model.state, model.state);
  expect(delivered).toBeGreaterThan(500);
  const failures = (1 - successProbability) * purifications;
  // Pairs wait for each other for some milliseconds of their T2 of 10 s.
  expect(Math.abs(purificationFailures - failures)).toBeLessThan(4 * Math.sqrt(failures) + 0.01 * failures);
  const best = decayed(state, 1e-4, { t1Sec: Number.POSITIVE_INFINITY, t2Sec }).phiPlus;
  expect(Math.max(...record.fidelities)).toBeLessThan(best);
  expect(mean(record.fidelities)).toBeGreaterThan(best - 0.005);
  expect(Math.min(...record.fidelities)).toBeGreaterThanOrEqual(0.94);
});

it('simulating every photon and skipping ahead agree', () => {
  const counts = (['attempts', 'skip-ahead'] as const).map((heralding, seed) => {
    const net = networkOf(chain(3, { memories: 6 }, { lengthKm: 10 }), { seed, protocol: { heralding } });
    const record = netRun(net, request(3, { responder: 'n2', endSec: 6 }), 7);
    expect(record.counts!.genuine).toBe(record.counts!.generated);
    return record.counts!.generated;
  });
  const [attempts, skipped] = counts as [number, number];
  expect(Math.abs(attempts - skipped)).toBeLessThan(4 * Math.sqrt(attempts + skipped));
});

it('gives pairs up at their cutoff', () => {
  const router = { memories: 2, memory: { cutoffSec: 0.01 } };
  const { counts, fidelities } = netRun(networkOf(chain(3, router)), request(1, { responder: 'n2' }), 22);
  const { counts: patient } = netRun(
    networkOf(chain(3, { memories: 2 })),
    request(1, { responder: 'n2' }),
    42,
  );
  expect(counts!.discarded).toBeGreaterThan(100);
  expect(fidelities.length).toBeLessThan(patient!.delivered);
  expect(patient!.discarded).toBe(0);
});

it('does not stall when pairs of different rounds hold all memories', () => {
  const router = { memories: 3, memory: { rawFidelity: 0.8 } };
  const { counts } = netRun(networkOf(chain(2, router)), request(3, { minFidelity: 0.9 }), 22);
  expect(counts!.delivered).toBeGreaterThan(30);
});
