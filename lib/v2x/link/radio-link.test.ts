import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vehicularPathLossDb } from '../../channel/index.js';
import { mean, Rng, standardError, variance } from '../../math/index.js';
import { frameAirtimeSec } from './airtime.js';
import { csma } from './csma.js';
import { type RadioLinkOptions, radioLink } from './radio-link.js';
import { sidelink } from './sidelink.js';
import { areBytes, bytesOf, frameOf, standing } from './testing.js';

const open = (seed: string | number, options: Partial<RadioLinkOptions> = {}) =>
  radioLink({ rng: Rng.of(seed), medium: csma(), ...options });
const message = (count: number, rest: object = {}) => ({
  from: 'a',
  to: ['b'],
  bytes: bytesOf(count),
  sentSec: 0,
  ...rest,
});

describe('radioLink', () => {
  it('delivers close by after backoff and airtime', () => {
    const link = open(1);
    link.send([message(1460, { sentSec: 2 })], frameOf({ a: [0, 0], b: [30, 0] }));
    const [delivery, ...rest] = link.receive();
    expect(rest).toEqual([]);
    expect(areBytes(delivery!.message!.bytes, bytesOf(1460))).toBe(true);
    expect(delivery!.wireBytes).toBe(1500);
    const slots = (delivery!.message!.arrivedSec - 2 - frameAirtimeSec(1500, 6)) / 13e-6;
    expect(Math.abs(slots - Math.round(slots))).toBeLessThan(1e-3);
    expect(Math.round(slots)).toBeLessThanOrEqual(15);
  });

  it('takes longer than the bare bits, by headers, gaps and the messages in front', () => {
    const link = open(2, { medium: csma({ rateMbps: 27 }), lifetimeSec: 10 });
    const frame = frameOf({ a: [0, 0], b: [30, 0], c: [10, 5] });
    link.send([message(960_000), message(3000), message(3000, { from: 'c' })], frame);
    const [others, early, late] = link.receive();
    expect(others!.from).toBe('c');
    expect(others!.message!.arrivedSec).toBeLessThan(0.02);
    const fragments = Math.ceil(960_000 / 1460);
    const bare = (fragments - 1) * frameAirtimeSec(1500, 27) + (fragments - 1) * 58e-6;
    expect(bare).toBeGreaterThan(0.284);
    expect(endOf(early!)).toBeGreaterThan(bare);
    expect(endOf(early!)).toBeLessThan(bare + fragments * 15 * 13e-6 + 0.01);
    expect(endOf(late!)).toBeGreaterThan(endOf(early!));
  });

  it('hands out what is certain by a time, each message once', () => {
    const link = open(3, { medium: csma({ rateMbps: 27 }) });
    link.send([message(100), message(100_000)], frameOf({ a: [0, 0], b: [30, 0] }));
    expect(link.receive(0.01).map(({ sentBytes }) => sentBytes)).toEqual([100]);
    expect(link.receive(0.02)).toEqual([]);
    expect(link.receive(0.1).map(({ sentBytes }) => sentBytes)).toEqual([100_000]);
    expect(() => link.send([message(1)], frameOf({}))).toThrow('sentSec of a is 0; allowed: from 0.1');
  });

  it('broadcasts once for all receivers, of whom the far one hears nothing', () => {
    const link = open(4);
    link.send([message(5000, { to: ['b', 'far'] })], frameOf({ a: [0, 0], b: [30, 0], far: [9000, 0] }));
    const [near, far] = link.receive();
    expect([near!.to, far!.to]).toEqual(['b', 'far']);
    expect(near!.complete).toBe(true);
    expect(near!.wireBytes).toBe(5000 + 4 * 40);
    expect(far!.message).toBeUndefined();
    expect(far!.fragments.map(({ fate }) => fate)).toEqual(['noise', 'noise', 'noise', 'noise']);
  });

  it('gives the prefix up to the first lost fragment', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 1, max: 10_000 }), (seed, count) => {
      const link = open(seed);
      link.send([message(count)], frameOf({ a: [0, 0], b: [700, 0] }));
      const [{ message: received, fragments, complete }] = link.receive() as [
        ReturnType<typeof link.receive>[0],
      ];
      expect(fragments.reduce((sum, { length }) => sum + length, 0)).toBe(count);
      const gap = fragments.find(({ fate }) => fate !== 'received');
      expect(areBytes(received?.bytes, bytesOf(count).subarray(0, gap?.offset ?? count))).toBe(true);
      expect(complete).toBe(gap === undefined);
    });
    fc.assert(property, { seed: 7, numRuns: 50 });
  });

  it('expires what the medium cannot carry in time', () => {
    const link = open(5, { lifetimeSec: 0.1 });
    link.send([message(200_000)], frameOf({ a: [0, 0], b: [30, 0] }));
    const [delivery] = link.receive();
    expect(delivery!.fragments.at(-1)!.fate).toBe('expired');
    expect(delivery!.message!.bytes.length).toBeGreaterThan(50_000);
    expect(delivery!.wireBytes).toBeLessThan(80_000);
    expect(endOf(delivery!)).toBeCloseTo(0.1, 9);
  });

  it.each([
    [6, 0],
    [27, 15],
  ] as const)(
    'loses at %d Mb/s what the curve gives, moved by the needs of its modulation',
    (rateMbps, more) => {
      // Near the SINR where half of the packets of that rate are lost, with line of sight.
      const meters = rateMbps === 6 ? 3500 : 500;
      const link = open(8, { medium: csma({ rateMbps }), lifetimeSec: 100 });
      const count = 2000;
      link.send([message(1460 * count)], frameOf({ a: [0, 0], b: [meters, 0] }));
      const sinr = 23 - link.path('a', 'b').lossDb + 95;
      const expected = 1 / (1 + Math.exp(0.9 * (sinr - more - 4)));
      expect(expected * (1 - expected)).toBeGreaterThan(0.02);
      const lost = link.receive()[0]!.fragments.filter(({ fate }) => fate === 'noise').length;
      expect(Math.abs(lost / count - expected)).toBeLessThan(
        4 * Math.sqrt((expected * (1 - expected)) / count),
      );
    },
  );

  it('misses what is sent while it sends itself: two blind sidelinks of ten slots', () => {
    const frame = frameOf({ a: [0, 0], b: [30, 0] });
    let deaf = 0;
    for (let seed = 0; seed < 600; seed++) {
      const link = open(seed, { medium: sidelink({ mode: 'nr', slotSec: 1e-3, periodSlots: 10 }) });
      link.send([message(100), message(100, { from: 'b', to: ['a'] })], frame);
      const fates = link.receive().map(({ fragments }) => fragments[0]!.fate);
      if (fates.includes('half-duplex')) deaf++;
    }
    // 1/10 within 4 standard errors.
    expect(Math.abs(deaf - 60)).toBeLessThan(4 * Math.sqrt(600 * 0.1 * 0.9));
  });

  it('refuses in one line', () => {
    const frame = frameOf({ a: [0, 0], b: [30, 0] });
    expect(() => open(1).send([message(1, { to: ['x'] })], frame)).toThrow(
      'agent "x" is in no frame; allowed: a, b',
    );
    expect(() => open(1).send([message(1, { to: [] })], frame)).toThrow('message of a has 0 receivers');
    expect(() => open(1).send([message(1, { to: ['a'] })], frame)).toThrow('message of a is to itself');
    expect(() => open(1, { lifetimeSec: 0 })).toThrow('lifetimeSec is 0');
    expect(() => open(1, { carrierHz: 1 })).toThrow('carrierHz is 1');
  });
});

describe('path', () => {
  const truck = standing(50, 0, [8, 2.5, 3]);
  const house = standing(50, 0, [20, 20, 12]);
  const lossAt = (
    seed: string | number,
    distance: number,
    options = {},
    objects = [] as (typeof truck)[],
  ) => {
    const link = open(seed, options);
    link.send([], frameOf({ a: [0, 0], b: [distance, 0] }, objects));
    return link.path('a', 'b');
  };

  it('is reciprocal, and loses more the farther and the more hidden', () => {
    const link = open(1);
    link.send([], frameOf({ a: [0, 0], b: [80, 0] }));
    expect(link.path('a', 'b')).toEqual(link.path('b', 'a'));
    for (let distance = 10; distance < 800; distance *= 1.5) {
      const [near, far] = [lossAt('same', distance), lossAt('same', 1.5 * distance)];
      expect(far.lossDb).toBeGreaterThan(near.lossDb);
    }
    const free = lossAt(7, 100);
    const hidden = lossAt(7, 100, {}, [truck]);
    expect([free.sight, hidden.sight]).toEqual(['los', 'nlosv']);
    expect(hidden.lossDb).toBeGreaterThan(free.lossDb);
    expect(lossAt(7, 100, { buildings: [house] }, [truck]).sight).toBe('nlos');
    expect(lossAt(7, 100, {}, [{ ...truck, id: 'b' }]).sight).toBe('los');
  });

  it('has the mean and deviation of path loss, shadowing and blockage in dB', () => {
    const base = { road: 'urban', distanceMeters: 100, carrierHz: 5.9e9 } as const;
    for (const [objects, options, sight, meanDb, stdDb] of [
      [[], {}, 'los', 0, 3],
      [[truck], {}, 'nlosv', 9, Math.hypot(3, 4.5)],
      [[], { buildings: [house] }, 'nlos', 0, 4],
    ] as const) {
      const expected = vehicularPathLossDb({ ...base, sight }) + meanDb;
      const losses = Array.from(
        { length: 2000 },
        (_, seed) => lossAt(seed, 100, options, [...objects]).lossDb,
      );
      expect(Math.abs(mean(losses) - expected)).toBeLessThan(4 * standardError(losses));
      // Four standard errors of a deviation with this heavy tail.
      expect(Math.abs(Math.sqrt(variance(losses)) / stdDb - 1)).toBeLessThan(0.09);
    }
  });

  it('stays alike while the agents move little', () => {
    const changes = (metres: number) =>
      Array.from({ length: 800 }, (_, seed) => {
        const link = open(seed);
        link.send([], frameOf({ a: [0, 0], b: [200, 0] }));
        const before = link.path('a', 'b').lossDb;
        link.send([], frameOf({ a: [0, metres], b: [200, metres] }));
        return link.path('a', 'b').lossDb - before;
      });
    expect(changes(0).every((change) => change === 0)).toBe(true);
    // Variance of a difference: 2 sigma^2 (1 - exp(-moved / 10 m)), both ends moved.
    for (const metres of [1, 10]) {
      const expected = 18 * (1 - Math.exp(-metres / 5));
      expect(variance(changes(metres)) / expected).toBeGreaterThan(0.8);
      expect(variance(changes(metres)) / expected).toBeLessThan(1.2);
    }
  });
});

function endOf({ fragments }: { fragments: readonly { endSec: number }[] }): number {
  return Math.max(...fragments.map(({ endSec }) => endSec));
}
