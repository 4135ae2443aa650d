import { describe, expect, it } from 'vitest';
import { gilbertBursts, independentLosses } from '../../channel/index.js';
import { mean, Rng, standardError, wilsonInterval } from '../../math/index.js';
import { dropping } from './dropping.js';
import { frameDelayLink, framesOf, messageDelaySec } from './frame-delay.js';
import { type PacketLosses, pipe } from './pipe.js';
import { areBytes, bytesOf, frameOf } from './testing.js';
import type { V2xLink } from './types.js';

const frame = frameOf({ a: [0, 0], b: [10, 0], c: [20, 0] });
const send = (link: V2xLink, count: number, sentSec = 0, from = 'a') =>
  link.send([{ from, to: ['b'], bytes: bytesOf(count), sentSec }], frame);

describe('pipe', () => {
  it.each([
    ['late', 0.024, 0.9e-3, 0.05e-3],
    ['compressed features', 1.12, 41e-3, 0.5e-3],
    ['early', 7.68, 284e-3, 0.5e-3],
    ['features', 72.0896, 2.67, 5e-3],
  ])('takes the listed time at 27 Mb/s: %s, %f Mb', (_, megabits, seconds, rounding) => {
    const link = pipe({ rateMbps: 27 });
    send(link, (megabits * 1e6) / 8, 1);
    const [delivery] = link.receive();
    expect(Math.abs(delivery!.message!.arrivedSec - 1 - seconds)).toBeLessThanOrEqual(rounding);
    expect(areBytes(delivery!.message!.bytes, bytesOf((megabits * 1e6) / 8))).toBe(true);
    expect(delivery!.complete).toBe(true);
  });

  it('queues behind the own messages only, and adds its delay once', () => {
    const link = pipe({ rateMbps: 8, delaySec: 0.01 });
    send(link, 100_000);
    send(link, 50_000, 0.05);
    send(link, 10, 0.02, 'c');
    expect(link.receive(0.1).map(({ from }) => from)).toEqual(['c']);
    const later = link.receive();
    expect(later.map(({ message }) => message!.arrivedSec)).toEqual([
      expect.closeTo(0.11, 9),
      expect.closeTo(0.16, 9),
    ]);
    expect(link.receive()).toEqual([]);
  });

  it('delivers at once what has no rate, and nothing of an empty message', () => {
    const link = pipe();
    send(link, 1000, 0.3);
    send(link, 0, 0.3);
    const [only, ...rest] = link.receive(0.3);
    expect(only!.message!.arrivedSec).toBe(0.3);
    expect(rest).toEqual([]);
    expect(() => send(link, 10, 0.2)).toThrow('sentSec of a is 0.2; allowed: from 0.3');
    expect(() => pipe({ losses: independentLosses({ lossProbability: 0.1 }) })).toThrow('losses without rng');
    expect(() => pipe({ rateMbps: 0 })).toThrow('rateMbps is 0');
  });

  it('joins what arrived up to the first gap', () => {
    const losses: PacketLosses = {
      name: 'third',
      lossProbability: 0,
      sample: (_, n) => new Uint8Array(n).fill(1, 2, 3),
    };
    const link = pipe({ packetBytes: 100, losses, rng: Rng.of(1) });
    send(link, 450);
    const [delivery] = link.receive();
    expect(areBytes(delivery!.message!.bytes, bytesOf(200))).toBe(true);
    expect(delivery!.complete).toBe(false);
    expect(areBytes(delivery!.fragments[4]!.bytes, bytesOf(450).subarray(400))).toBe(true);
    expect(delivery!.fragments[2]!.bytes).toBeUndefined();
    expect(delivery!.fragments.map(({ offset, length, fate }) => [offset, length, fate])).toEqual([
      [0, 100, 'received'],
      [100, 100, 'received'],
      [200, 100, 'dropped'],
      [300, 100, 'received'],
      [400, 50, 'received'],
    ]);
  });

  it('loses whole messages with the stated probability when they are one packet', () => {
    const link = pipe({ losses: independentLosses({ lossProbability: 0.3 }), rng: Rng.of('whole') });
    for (let index = 0; index < 3000; index++) send(link, 10);
    const lost = link.receive().filter(({ message }) => message === undefined).length;
    const [low, high] = wilsonInterval(lost, 3000, 0.999);
    expect(low).toBeLessThan(0.3);
    expect(high).toBeGreaterThan(0.3);
  });
});

describe('dropping', () => {
  const lost = (order: 'priority' | 'random', lossProbability: number, packets: number, rng: Rng) =>
    dropping({ order, lossProbability }).sample(rng, packets);

  it('drops the stated share: the last ones by priority, any at random', () => {
    expect(Array.from(lost('priority', 0.3, 10, Rng.of(1)))).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    const rng = Rng.of('share');
    const where = new Float64Array(10);
    for (let trial = 0; trial < 4000; trial++) {
      const drops = lost('random', 0.3, 10, rng);
      expect(drops.reduce((sum, value) => sum + value, 0)).toBe(3);
      for (const [packet, drop] of drops.entries()) where[packet]! += drop;
    }
    for (const count of where) expect(Math.abs(count - 1200)).toBeLessThan(4 * Math.sqrt(4000 * 0.3 * 0.7));
  });

  it('keeps the share on average where packets are few', () => {
    const rng = Rng.of('few');
    const shares = Float64Array.from({ length: 4000 }, () => mean(lost('priority', 0.25, 3, rng)));
    expect(Math.abs(mean(shares) - 0.25)).toBeLessThan(4 * standardError(shares));
    for (const order of ['priority', 'random'] as const) {
      expect(Array.from(lost(order, 1, 4, rng))).toEqual([1, 1, 1, 1]);
      expect(Array.from(lost(order, 0, 4, rng))).toEqual([0, 0, 0, 0]);
    }
    expect(() => dropping({ order: 'random', lossProbability: 2 })).toThrow('lossProbability is 2');
  });

  it('leaves more of a message in order of priority than at random or in bursts', () => {
    const kept = (losses: PacketLosses) => {
      const link = pipe({ packetBytes: 100, losses, rng: Rng.of('kept') });
      for (let index = 0; index < 200; index++) send(link, 2000);
      return mean(link.receive().map(({ message }) => message?.bytes.length ?? 0));
    };
    const lossProbability = 0.2;
    expect(kept(dropping({ order: 'priority', lossProbability }))).toBe(1600);
    expect(kept(dropping({ order: 'random', lossProbability }))).toBeLessThan(600);
    expect(kept(gilbertBursts({ lossProbability, meanBurstPackets: 4 }))).toBeLessThan(1400);
  });
});

describe('frame delays', () => {
  it('are whole frames, rounded down', () => {
    expect([0, 0.0999, 0.1, 0.3, 0.35].map((delay) => framesOf(delay))).toEqual([0, 0, 1, 3, 3]);
    const link = frameDelayLink({ model: { kind: 'constant', delaySec: 0.25 }, rng: Rng.of(1) });
    send(link, 10, 1);
    expect(link.receive()[0]!.message!.arrivedSec).toBeCloseTo(1.2, 12);
  });

  it('bring a message to the frame it is meant for, however times are rounded', () => {
    const clocks = [(frame: number) => 0.1 * frame, (frame: number) => frame / 10];
    for (const at of clocks) {
      for (let frames = 0; frames <= 5; frames++) {
        const link = frameDelayLink({ model: { kind: 'constant', delaySec: frames / 10 }, rng: Rng.of(1) });
        const early = Array.from({ length: 200 }, (_, index) => {
          send(link, 10, at(index));
          return link.receive(at(index)).map(({ sentSec }) => sentSec);
        });
        for (const [index, sent] of early.entries())
          expect(sent).toEqual(index < frames ? [] : [at(index - frames)]);
      }
    }
  });

  it('grow with bytes over the rate, a uniform part and the backbone', () => {
    const model = { kind: 'real', overheadSec: 0.1, backboneSec: 0.01 } as const;
    const rng = Rng.of('real');
    const delays = Float64Array.from({ length: 4000 }, () => messageDelaySec(model, 960_000, rng));
    const shortest = 7.68 / 27 + 0.01;
    expect(Math.abs(mean(delays) - shortest - 0.05)).toBeLessThan(4 * standardError(delays));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(shortest);
    expect(Math.max(...delays)).toBeLessThan(shortest + 0.1);
    expect(() => messageDelaySec({ ...model, backboneSec: -1 }, 1, rng)).toThrow('backboneSec is -1');
  });
});
