import { describe, expect, it } from 'vitest';
import { Rng, wilsonInterval } from '../math/index.js';
import { binaryErasure, binarySymmetric, CERTAIN_LLR, ERASED, zChannel } from './discrete.js';

const count = 200_000;
const bits = (name: string) =>
  Uint8Array.from(
    { length: count },
    (
      (rng) => () =>
        rng.integer(2)
    )(Rng.of(name)),
  );

/** Whether p lies in the 99.9 % interval of a share. */
function expectShare(hits: number, trials: number, p: number): void {
  const [low, high] = wilsonInterval(hits, trials, 0.999);
  expect(p).toBeGreaterThan(low);
  expect(p).toBeLessThan(high);
}

describe('channels of bits', () => {
  it('flip, erase or drop ones at their rate', () => {
    const sent = bits('sent');
    const ones = sent.reduce((sum, bit) => sum + bit, 0);
    for (const p of [0.01, 0.11, 0.5]) {
      const over = (channel: ReturnType<typeof zChannel>) => channel.sample(Rng.of(p), count).apply(sent);
      const flipped = over(binarySymmetric({ flipProbability: p }));
      expectShare(flipped.filter((y, k) => y !== sent[k]).length, count, p);
      const erased = over(binaryErasure({ erasureProbability: p }));
      expectShare(erased.filter((y) => y === ERASED).length, count, p);
      expect(erased.every((y, k) => y === ERASED || y === sent[k])).toBe(true);
      const dropped = over(zChannel({ flipProbability: p }));
      expectShare(dropped.filter((y, k) => y === 0 && sent[k] === 1).length, ones, p);
      expect(dropped.every((y, k) => y <= sent[k]!)).toBe(true);
    }
  });

  it('have the LLR of their transition probabilities', () => {
    const p = 0.2;
    const bsc = binarySymmetric({ flipProbability: p }).llrs(Uint8Array.of(0, 1));
    expect(bsc[0]).toBeCloseTo(Math.log(4), 6);
    expect(bsc[1]).toBeCloseTo(-Math.log(4), 6);
    const bec = binaryErasure({ erasureProbability: p }).llrs(Uint8Array.of(0, 1, ERASED));
    expect(bec).toEqual(Float32Array.of(CERTAIN_LLR, -CERTAIN_LLR, 0));
    const z = zChannel({ flipProbability: p }).llrs(Uint8Array.of(0, 1));
    expect(z[0]).toBeCloseTo(Math.log(5), 6);
    expect(z[1]).toBe(-CERTAIN_LLR);
    for (const extreme of [0, 1]) {
      const channels = [
        binarySymmetric({ flipProbability: extreme }),
        binaryErasure({ erasureProbability: extreme }),
        zChannel({ flipProbability: extreme }),
      ];
      for (const channel of channels) {
        expect(channel.llrs(Uint8Array.of(0, 1)).every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('have the mutual information of the literature', () => {
    // H2(0.11) = 0.499915958...; the Z-channel at 1/2 has log2(5/4) (MacKay 2003, exercise 9.12).
    expect(binarySymmetric({ flipProbability: 0.11 }).capacity).toBeCloseTo(0.5000840418, 9);
    expect(binaryErasure({ erasureProbability: 0.35 }).capacity).toBeCloseTo(0.65, 12);
    expect(zChannel({ flipProbability: 0.5 }).capacity).toBeCloseTo(Math.log2(1.25), 12);
    // The best input distribution by search agrees.
    for (const p of [0.05, 0.3, 0.9]) {
      let best = 0;
      for (let one = 0.0005; one < 1; one += 0.0005) best = Math.max(best, zInformation(p, one));
      expect(zChannel({ flipProbability: p }).capacity).toBeCloseTo(best, 6);
    }
  });

  it('give the same for one draw, and another for the next', () => {
    const sent = bits('sent').subarray(0, 1000);
    const channel = binarySymmetric({ flipProbability: 0.3 });
    const draw = channel.sample(Rng.of(1), 1000);
    expect(draw.apply(sent)).toEqual(draw.apply(sent));
    expect(channel.sample(Rng.of(1), 1000).apply(sent)).toEqual(draw.apply(sent));
    expect(channel.sample(Rng.of(2), 1000).apply(sent)).not.toEqual(draw.apply(sent));
  });

  it('refuse what is out of range', () => {
    for (const bad of [-0.1, 1.1, Number.NaN]) {
      expect(() => binarySymmetric({ flipProbability: bad })).toThrow('flipProbability is');
      expect(() => binaryErasure({ erasureProbability: bad })).toThrow('erasureProbability is');
      expect(() => zChannel({ flipProbability: bad })).toThrow('flipProbability is');
    }
    const channel = binarySymmetric({ flipProbability: 0.1 });
    expect(() => channel.sample(Rng.of(0), 0)).toThrow('count is 0');
    expect(() => channel.sample(Rng.of(0), 2).apply(Uint8Array.of(1))).toThrow('1 bits; allowed: 2');
    expect(() => channel.sample(Rng.of(0), 2).apply(Uint8Array.of(1, 2))).toThrow('bit 1 is 2');
    expect(() => channel.llrs(Uint8Array.of(2))).toThrow('received symbol 0 is 2; allowed: 0 to 1');
  });
});

/** I(X; Y) of the Z-channel in bits when P(X = 1) is `one`. */
function zInformation(p: number, one: number): number {
  const entropy = (q: number) => (q === 0 || q === 1 ? 0 : -q * Math.log2(q) - (1 - q) * Math.log2(1 - q));
  return entropy(one * (1 - p)) - one * entropy(p);
}
