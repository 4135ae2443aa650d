import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, Rng } from '../math/index.js';
import { blockKeySource, idealKeySource, type KeySource } from './key-source.js';
import { type KeyUse, keyTimetable, type TimetableOptions } from './key-timetable.js';

const blocks = (change: object = {}) =>
  blockKeySource({
    name: 'blocks',
    security: 'of a test',
    blockBits: 1000,
    blockSec: 2,
    firstBlockSec: 5,
    controlBitsPerBlock: 6000,
    rng: Rng.of('key'),
    ...change,
  });

const first = (count: number, keys: KeySource, options: TimetableOptions): KeyUse[] => {
  const timetable = keyTimetable(keys, options);
  return Array.from({ length: count }, () => timetable.next().value);
};

describe('a key source', () => {
  it('gives every asker the same bits, whole or in parts', () => {
    const whole = idealKeySource({ secretBitsPerSec: 100, rng: Rng.of('key') });
    const { bits } = whole.take(0, 500);
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 1, max: 100 }), (from, count) => {
        const again = idealKeySource({ secretBitsPerSec: 7, rng: Rng.of('key') });
        expect([...again.take(from, count).bits]).toEqual([...bits.subarray(from, from + count)]);
      }),
      { numRuns: 100, seed: 1 },
    );
    const many = whole.take(0, 40_000).bits;
    // A fair coin: 4 standard errors.
    expect(Math.abs(mean(many) - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(many.length));
    expect(Math.abs(mean(many.slice(1).map((bit, i) => bit ^ many[i]!)) - 0.5)).toBeLessThan(0.01);
  });

  it('delivers at its rate: bit by bit, or a block at a time', () => {
    const ideal = idealKeySource({ secretBitsPerSec: 100, latencySec: 1, rng: Rng.of(0) });
    expect(ideal.take(0, 1).readySec).toBe(1);
    expect(ideal.take(0, 101).readySec).toBeCloseTo(2, 12);
    const keys = blocks();
    expect(keys.secretBitsPerSec).toBe(500);
    expect(keys.latencySec).toBe(5);
    expect([0, 1, 2].map((block) => keys.take(1000 * block, 1000).readySec)).toEqual([5, 7, 9]);
    expect(keys.take(999, 1).readySec).toBe(5);
    expect(keys.take(999, 2).readySec).toBe(7);
  });

  it('counts the classical traffic over time, and makes no key at rate 0', () => {
    expect(blocks().controlBitsUntil(10)).toBe(30_000);
    expect(blocks().controlBitsUntil(-1)).toBe(0);
    const dead = blocks({ blockBits: 0 });
    expect([dead.secretBitsPerSec, dead.latencySec]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(dead.take(0, 256).readySec).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses options out of range, in one line', () => {
    expect(() => blocks({ blockSec: 0 })).toThrow(/^blockSec is 0[^\n]*allowed/);
    expect(() => blocks({ blockBits: 1.5 })).toThrow(/^blockBits is 1.5/);
    expect(() => idealKeySource({ secretBitsPerSec: 0, rng: Rng.of(0) })).toThrow(/^secretBitsPerSec is 0/);
    expect(() => blocks().take(-1, 4)).toThrow(/first bit of the key is -1/);
    expect(() => blocks().take(0, 0)).toThrow(/bits of the key is 0/);
  });
});

describe('a timetable of keys', () => {
  it('gives each source a fresh key where the link is fast enough', () => {
    const keys = idealKeySource({ secretBitsPerSec: 2560, latencySec: 0.5, rng: Rng.of(0) });
    const uses = first(50, keys, { intervalSec: 0.1, startSec: 1 });
    expect(uses.map(({ key }) => key)).toEqual(uses.map(({ source }) => source));
    expect(uses.every(({ uses: count, dueSec, sentSec }) => count === 1 && dueSec === sentSec)).toBe(true);
  });

  it('reuses the last key where it is not, as often as the rates say, and counts it', () => {
    // A key a second, four sources a second.
    const keys = idealKeySource({ secretBitsPerSec: 256, rng: Rng.of(0) });
    const uses = first(400, keys, { intervalSec: 0.25, startSec: 1 });
    expect(uses.at(-1)!.key).toBe(99);
    expect(uses.filter(({ uses: count }) => count === 1)).toHaveLength(100);
    expect(Math.max(...uses.map(({ uses: count }) => count))).toBeLessThanOrEqual(5);
    expect(uses.every(({ dueSec, sentSec }) => dueSec === sentSec)).toBe(true);
  });

  it('or makes sources wait for their keys', () => {
    const keys = idealKeySource({ secretBitsPerSec: 256, rng: Rng.of(0) });
    const uses = first(10, keys, { intervalSec: 0.25, startSec: 1, whenLate: 'wait' });
    expect(uses.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(uses.at(-1)!.sentSec).toBeCloseTo(keys.take(9 * 256, 256).readySec, 12);
  });

  it('never sends before a key is there nor takes more bits than were made, whatever the rates', () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.constantFrom('reuse', 'wait'),
        (blockSec, interval, latency, whenLate) => {
          const keys = blocks({ blockSec, firstBlockSec: latency });
          for (const { key, sentSec, dueSec } of first(40, keys, { intervalSec: interval, whenLate })) {
            expect(sentSec).toBeGreaterThanOrEqual(Math.max(dueSec, keys.take(256 * key, 256).readySec));
          }
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });

  it('refuses a source that makes no key, and unknown policies', () => {
    expect(() => first(1, blocks({ blockBits: 0 }), { intervalSec: 1 })).toThrow(
      'key source blocks makes no key; allowed: one of more than 0 secret bits/s',
    );
    const whenLate = 'drop' as unknown as 'wait';
    expect(() => first(1, blocks(), { intervalSec: 1, whenLate })).toThrow(/whenLate is "drop"/);
    expect(() => first(1, blocks(), { intervalSec: -1 })).toThrow(/intervalSec is -1/);
  });
});
