import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../math/index.js';
import { DSRC_RATES, frameAirtimeSec } from './airtime.js';
import { csma } from './csma.js';
import type { Burst, Transmission } from './medium.js';
import { burstOf, openMedium, runBursts } from './testing.js';

const slot = 13e-6;
const difs = 58e-6;

describe('frameAirtimeSec', () => {
  it('is 2048 us at 6 Mb/s and 488 us at 27 Mb/s for 1500 bytes', () => {
    expect(frameAirtimeSec(1500, 6) * 1e6).toBeCloseTo(2048, 9);
    expect(frameAirtimeSec(1500, 27) * 1e6).toBeCloseTo(488, 9);
  });

  it('is whole symbols, no faster than the rate', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 4095 }),
      fc.constantFrom(...DSRC_RATES),
      (bytes, rate) => {
        const micros = frameAirtimeSec(bytes, rate) * 1e6;
        expect(Math.abs((micros - 40) / 8 - Math.round((micros - 40) / 8))).toBeLessThan(1e-9);
        expect((8 * bytes) / micros).toBeLessThan(rate);
        expect(micros).toBeLessThan(48 + (22 + 8 * bytes) / rate);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 300 });
    expect(() => frameAirtimeSec(0, 6)).toThrow('frameBytes is 0');
    // @ts-expect-error: a caller without types
    expect(() => frameAirtimeSec(100, 5)).toThrow('rateMbps is 5; allowed: 3, 4.5, 6');
  });
});

describe('csma', () => {
  it('lets one sender pause for DIFS and whole slots of backoff, and never collide', () => {
    const count = 4000;
    const sent = runBursts(openMedium(csma(), 1), [burstOf('a', 0.25, { count, bytes: 1500 })]);
    expect(sent.map(({ fragment }) => fragment)).toEqual([...new Array(count).keys()]);
    expect(sent.every(({ interferers, deaf }) => interferers.length + deaf.length === 0)).toBe(true);
    const slots = sent.slice(1).map(({ startSec }, index) => (startSec - sent[index]!.endSec - difs) / slot);
    expect(slots.filter((value) => Math.abs(value - Math.round(value)) > 1e-4)).toEqual([]);
    expect(Math.min(...slots)).toBeCloseTo(0, 4);
    expect(Math.max(...slots)).toBeCloseTo(15, 4);
    // Saturation: a frame, DIFS and 7.5 slots on average, of variance (16^2 - 1)/12 slots squared.
    const span = sent.at(-1)!.endSec - sent[0]!.endSec;
    const error = Math.sqrt((255 / 12) * (count - 1)) * slot;
    expect(Math.abs(span - (count - 1) * (2048e-6 + difs + 7.5 * slot))).toBeLessThan(4 * error);
  });

  it('makes two of one instant collide once in 16 times', () => {
    const trials = 4000;
    let collisions = 0;
    for (let seed = 0; seed < trials; seed++) {
      const [first] = runBursts(openMedium(csma(), seed), [burstOf('a', 0), burstOf('b', 0)]);
      collisions += first!.interferers.length;
    }
    const [low, high] = wilsonInterval(collisions, trials, 0.999);
    expect(low).toBeLessThan(1 / 16);
    expect(high).toBeGreaterThan(1 / 16);
  });

  it('makes two saturated senders lose 2 of 17 frames', () => {
    // Who waits has 1 to 15 slots left and the other draws 0 to 15 anew: each round collides with 1/16, and takes two.
    const bursts = ['a', 'b'].map((name) => burstOf(name, 0, { count: 4000 }));
    const sent = runBursts(openMedium(csma(), 4), bursts).slice(0, 7000);
    const collided = Math.floor(sent.filter(({ interferers }) => interferers.length > 0).length / 2);
    const [low, high] = wilsonInterval(collided, sent.length - collided, 0.999);
    expect(low).toBeLessThan(1 / 16);
    expect(high).toBeGreaterThan(1 / 16);
  });

  it('sends every fragment once, in its sender order, overlapping only what began within the notice time', () => {
    const arrivals = fc.array(
      fc.record({
        sender: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        readyMicros: fc.integer({ min: 0, max: 20_000 }),
        count: fc.integer({ min: 1, max: 5 }),
        bytes: fc.integer({ min: 50, max: 1500 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const property = fc.property(arrivals, fc.integer(), (list, seed) => {
      const bursts = list.map(({ sender, readyMicros, ...rest }) =>
        burstOf(sender, readyMicros * 1e-6, rest),
      );
      const sent = runBursts(openMedium(csma(), seed), bursts);
      expect(bursts.every((burst) => isInOrder(sent, burst))).toBe(true);
      expect(sent.every((one) => sent.every((other) => isHonest(one, other)))).toBe(true);
    });
    fc.assert(property, { seed: 7, numRuns: 60 });
  });

  it('comes to the same in small steps as at once', () => {
    const bursts = ['a', 'b', 'c'].map((name, index) =>
      burstOf(name, index * 1e-4, { count: 5, bytes: 700 }),
    );
    const atOnce = runBursts(openMedium(csma(), 3), bursts);
    const medium = openMedium(csma(), 3);
    for (const burst of bursts) medium.offer(burst);
    const stepwise = Array.from({ length: 100 }, (_, step) => medium.advance(step * 3e-4)).flat();
    expect(stepwise).toEqual(atOnce);
  });

  it('shares the medium: several senders together stay below its rate', () => {
    const bursts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
      burstOf(name, 0, { count: 200, bytes: 1500 }),
    );
    const sent = runBursts(openMedium(csma({ rateMbps: 27 }), 5), bursts);
    const clean = sent.filter(({ interferers }) => interferers.length === 0).length;
    const seconds = Math.max(...sent.map(({ endSec }) => endSec));
    expect(sent).toHaveLength(1200);
    expect((clean * 1500 * 8) / seconds / 1e6).toBeLessThan(27);
    // Six saturated senders of 16 slots: collisions are common, most frames are clean.
    expect(clean / 1200).toBeGreaterThan(0.4);
    expect(clean / 1200).toBeLessThan(0.9);
  });

  it('lets hidden senders talk into each other', () => {
    const bursts = ['a', 'b'].map((name) => burstOf(name, 0, { count: 300, bytes: 1500 }));
    const share = (dBm: number) => {
      const sent = runBursts(
        openMedium(csma(), 6, () => dBm),
        bursts,
      );
      return sent.filter(({ interferers }) => interferers.length > 0).length / sent.length;
    };
    expect(share(-100)).toBeGreaterThan(0.95);
    expect(share(-80)).toBeLessThan(0.2);
  });

  it('waits for who is sending', () => {
    const sent = runBursts(openMedium(csma(), 8), [burstOf('a', 0, { bytes: 1500 }), burstOf('b', 1e-3)]);
    expect(sent.map(({ burst }) => burst.sender)).toEqual(['a', 'b']);
    const gap = (sent[1]!.startSec - sent[0]!.endSec - difs) / slot;
    expect(Math.round(gap)).toBeCloseTo(gap, 4);
    expect(gap).toBeGreaterThan(-1e-4);
  });

  it('gives up what grew too old', () => {
    const expiresSec = 0.01;
    const sent = runBursts(openMedium(csma(), 9), [burstOf('a', 0, { count: 20, bytes: 1500, expiresSec })]);
    expect(sent).toHaveLength(20);
    const late = sent.filter((one) => !one.sent);
    expect(late.length).toBeGreaterThan(12);
    expect(late.every(({ endSec }) => endSec === expiresSec)).toBe(true);
    expect(sent.filter((one) => one.sent).every(({ startSec }) => startSec <= expiresSec)).toBe(true);
  });

  it('waits for who is sending also after giving up a frame that it was about to send', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const medium = openMedium(csma({ noticeSec: slot }), seed);
      const sent = runBursts(medium, [
        burstOf('a', 0, { bytes: 1500 }),
        burstOf('b', 6e-6, { expiresSec: 7 * slot + 3e-6 }),
        burstOf('b', 1e-3),
      ]).filter((one) => one.sent);
      const gap = sent.at(-1)!.startSec - sent[0]!.endSec;
      expect(gap > 0 || sent.at(-1)!.startSec - sent[0]!.startSec < slot).toBe(true);
    }
  });

  it('refuses in one line', () => {
    expect(() => csma({ contentionWindow: -1 })).toThrow(
      'contentionWindow is -1; allowed: an integer from 0 to 1023',
    );
    expect(() => csma({ noticeSec: 1 })).toThrow('noticeSec is 1');
  });
});

/** Each fragment once, one after the other, none before its time. */
function isInOrder(sent: readonly Transmission[], burst: Burst): boolean {
  const own = sent.filter((one) => one.burst === burst);
  const ordered = own.every(({ fragment, startSec }, index) => {
    return fragment === index && startSec >= (own[index - 1]?.endSec ?? burst.readySec);
  });
  return ordered && own.length === burst.wireLengths.length;
}

/** Two that overlap began together, and know of each other. */
function isHonest(one: Transmission, other: Transmission): boolean {
  const overlap = one.startSec < other.endSec && other.startSec < one.endSec;
  if (!overlap || one === other) return true;
  return one.interferers.includes(other.burst.sender) && Math.abs(one.startSec - other.startSec) < 4e-6;
}
