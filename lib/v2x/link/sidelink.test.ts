import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../math/index.js';
import type { Transmission } from './medium.js';
import { sidelink } from './sidelink.js';
import { burstOf, openMedium, runBursts } from './testing.js';

/** A pool of 20 slots of 5 subchannels without ranking: choices are uniform. */
const uniform = sidelink({ mode: 'nr', slotSec: 1e-3, periodSlots: 20 });

const slotOf = ({ startSec }: Transmission) => Math.round(startSec * 1000);
const places = (sent: readonly Transmission[], sender: string) =>
  sent.filter(({ burst }) => burst.sender === sender).map((one) => slotOf(one) % 100);

/** Messages of `count` vehicles every 100 ms, each at its own moment. */
const traffic = (count: number, periods: number) =>
  Array.from({ length: count * periods }, (_, index) =>
    burstOf(`v${index % count}`, 0.1 * Math.floor(index / count) + 0.001 * ((index % count) % 100)),
  );

const share = (sent: readonly Transmission[]) =>
  sent.filter(({ interferers }) => interferers.length > 0).length / sent.length;

function requireProbability(hits: number, trials: number, probability: number): void {
  const [low, high] = wilsonInterval(hits, trials, 0.999);
  expect(low).toBeLessThan(probability);
  expect(high).toBeGreaterThan(probability);
}

describe('sidelink', () => {
  it('never lets one sender collide, and comes back every period until it reselects', () => {
    const sent = runBursts(openMedium(sidelink(), 1), traffic(1, 200));
    expect(sent).toHaveLength(200);
    expect(share(sent)).toBe(0);
    const runs = runLengths(places(sent, 'v0')).slice(1, -1);
    expect(runs.length).toBeGreaterThan(8);
    expect(Math.min(...runs)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...runs)).toBeLessThanOrEqual(16);
    const kept = runBursts(openMedium(sidelink({ keepProbability: 1 }), 1), traffic(1, 100));
    expect(new Set(places(kept, 'v0')).size).toBe(1);
  });

  it('starts within a period, in order, at most the share that one may take', () => {
    const [resources, count] = [100, 250];
    const sent = runBursts(openMedium(sidelink(), 2), [burstOf('a', 0.05, { count })]);
    expect(sent.map(({ fragment }) => fragment)).toEqual([...new Array(count).keys()]);
    expect(slotOf(sent[resources - 1]!)).toBeLessThan(150);
    expect(slotOf(sent[resources]!)).toBeGreaterThanOrEqual(150);
    expect(slotOf(sent.at(-1)!)).toBeGreaterThanOrEqual(250);
    expect(slotOf(sent.at(-1)!)).toBeLessThan(350);
  });

  it('misses by half duplex and collides as often as two blind choices coincide', () => {
    const trials = 1500;
    let [alike, deaf] = [0, 0];
    for (let seed = 0; seed < trials; seed++) {
      const [first] = runBursts(openMedium(uniform, seed), [burstOf('a', 0), burstOf('b', 0)]);
      alike += first!.interferers.length;
      deaf += first!.deaf.length;
    }
    requireProbability(alike, trials, 1 / 100);
    requireProbability(deaf, trials, 1 / 20);
  });

  it('does not take what it heard reserved, and then shares its slot with 4 of 99', () => {
    const trials = 1500;
    let [alike, deaf] = [0, 0];
    for (let seed = 0; seed < trials; seed++) {
      const sent = runBursts(openMedium(uniform, seed), [
        burstOf('a', 0),
        burstOf('a', 0.02),
        burstOf('b', 0.02),
      ]);
      const last = sent.find(({ burst }) => burst.sender === 'b')!;
      alike += last.interferers.length;
      deaf += last.deaf.length;
    }
    expect(alike).toBe(0);
    requireProbability(deaf, trials, 4 / 99);
  });

  it('takes what it cannot hear', () => {
    const trials = 1500;
    const small = sidelink({ mode: 'nr', slotSec: 1e-3, periodSlots: 10, subchannels: 1 });
    let alike = 0;
    for (let seed = 0; seed < trials; seed++) {
      const medium = openMedium(small, seed, () => -120);
      const sent = runBursts(medium, [burstOf('a', 0), burstOf('a', 0.01), burstOf('b', 0.01)]);
      alike += sent.find(({ burst }) => burst.sender === 'b')!.interferers.length;
    }
    requireProbability(alike, trials, 1 / 10);
  });

  it.each(['lte', 'nr'] as const)('hardly collides at low load and does at high load: %s', (mode) => {
    const low = runBursts(openMedium(sidelink({ mode, slotSec: 1e-3 }), 4), traffic(6, 150));
    const high = runBursts(openMedium(sidelink({ mode, slotSec: 1e-3, subchannels: 1 }), 4), traffic(80, 12));
    expect(low).toHaveLength(900);
    expect(share(low)).toBeLessThan(0.01);
    expect(share(high)).toBeGreaterThan(0.05);
  });

  it('never sends more than the pool carries, nor a vehicle twice on one resource', () => {
    const bursts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => burstOf(name, 0, { count: 300 }));
    const sent = runBursts(openMedium(sidelink(), 5), bursts);
    expect(sent).toHaveLength(2100);
    const seconds = Math.max(...sent.map(({ endSec }) => endSec));
    expect(sent.filter(({ interferers }) => interferers.length === 0).length / seconds).toBeLessThan(5000);
    for (const { burst, interferers, deaf } of sent) {
      expect(deaf).not.toContain(burst.sender);
      expect(deaf).toEqual(expect.arrayContaining([...interferers]));
    }
  });

  it('comes to the same in small steps as at once, and gives up what grew too old', () => {
    const bursts = [burstOf('a', 0, { count: 300, expiresSec: 0.15 }), burstOf('b', 0.02, { count: 30 })];
    const atOnce = runBursts(openMedium(sidelink(), 6), bursts);
    const medium = openMedium(sidelink(), 6);
    for (const burst of bursts) medium.offer(burst);
    expect(Array.from({ length: 80 }, (_, step) => medium.advance(step * 0.0077)).flat()).toEqual(atOnce);
    const late = atOnce.filter(({ sent }) => !sent);
    expect(late.length).toBeGreaterThan(50);
    expect(atOnce).toHaveLength(330);
  });

  it('sends what is ready first, though it was offered after what is ready later', () => {
    const medium = openMedium(sidelink(), 3);
    medium.offer(burstOf('a', 1));
    expect(medium.advance(0.5)).toEqual([]);
    medium.offer(burstOf('b', 0.6));
    expect(medium.advance(0.8).map(({ burst }) => burst.sender)).toEqual(['b']);
    expect(medium.advance(1.2).map(({ burst }) => burst.sender)).toEqual(['a']);
  });

  it('refuses in one line', () => {
    expect(() => sidelink({ reselection: [5, 4] })).toThrow('reselection is 4; allowed: an integer from 5');
    expect(() => sidelink({ subchannels: 0 })).toThrow('subchannels is 0; allowed: an integer from 1 to 50');
    // @ts-expect-error: a caller without types
    expect(() => sidelink({ mode: '6g' })).toThrow('mode is "6g"; allowed: lte, nr');
  });
});

/** Lengths of the runs of equal values. */
function runLengths(values: readonly number[]): number[] {
  const runs: number[] = [];
  values.forEach((value, index) => {
    if (index > 0 && value === values[index - 1]) runs[runs.length - 1]!++;
    else runs.push(1);
  });
  return runs;
}
