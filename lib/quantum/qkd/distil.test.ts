import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { plobBits } from '../bounds/index.js';
import { bb84, simulateBb84 } from './bb84.js';
import { bb84Link } from './bb84-link.js';
import { cascade } from './cascade.js';
import { distil } from './distil.js';
import { binaryEntropy } from './optimum.js';
import { toeplitzHash } from './privacy.js';

const bitsOf = (rng: Rng, length: number) => Uint8Array.from({ length }, () => rng.integer(2));
const noisy = (bits: Uint8Array, rate: number, rng: Rng) =>
  bits.map((bit) => (rng.uniform() < rate ? 1 - bit : bit));

describe('Cascade', () => {
  it('corrects every error near the limit of Shannon, and counts what it told', () => {
    for (const errorRate of [0.005, 0.02, 0.05, 0.1]) {
      const rng = Rng.of('cascade').fork(errorRate);
      const alice = bitsOf(rng, 20_000);
      const bob = noisy(alice, errorRate, rng);
      const result = cascade(alice, bob, { errorRate }, rng);
      expect(result.bits).toEqual(alice);
      expect(result.corrections).toBe(bob.reduce((sum, bit, k) => sum + (bit ^ alice[k]!), 0));
      const efficiency = result.leakedBits / (20_000 * binaryEntropy(errorRate));
      expect(efficiency).toBeGreaterThan(1);
      expect(efficiency).toBeLessThan(1.15);
    }
  });

  it('leaves keys with the same parity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (n, rate) => {
          const rng = Rng.of(n);
          const alice = bitsOf(rng, n);
          const { bits, leakedBits } = cascade(alice, noisy(alice, rate, rng), { errorRate: rate }, rng);
          expect(bits.reduce((parity, bit, k) => parity ^ bit ^ alice[k]!, 0)).toBe(0);
          expect(leakedBits).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('tells little of keys that agree', () => {
    const alice = bitsOf(Rng.of(1), 10_000);
    expect(cascade(alice, alice, { errorRate: 0 }, Rng.of(2)).leakedBits).toBeLessThan(30);
    expect(() => cascade(alice, alice.subarray(1), { errorRate: 0 }, Rng.of(2))).toThrow(
      'keys of 10000 and 9999 bits; allowed: equal lengths',
    );
  });
});

describe('Toeplitz hashing', () => {
  it('is the product with a Toeplitz matrix, modulo 2', () => {
    const rng = Rng.of('toeplitz');
    for (const [n, m] of [
      [1, 1],
      [7, 7],
      [100, 33],
      [513, 200],
    ] as const) {
      const key = bitsOf(rng, n);
      const seed = bitsOf(rng, n + m - 1);
      const slow = Uint8Array.from({ length: m }, (_, j) =>
        key.reduce((sum, bit, i) => sum ^ (bit & seed[n - 1 + j - i]!), 0),
      );
      expect(toeplitzHash(key, m, seed)).toEqual(slow);
    }
  });

  it('is exact for long keys and refuses what does not fit', () => {
    const n = 200_000;
    const ones = new Uint8Array(n).fill(1);
    // All ones times all ones: every output is the parity of n.
    expect(toeplitzHash(ones, 50, new Uint8Array(n + 49).fill(1)).every((bit) => bit === n % 2)).toBe(true);
    expect(() => toeplitzHash(ones, 50, ones)).toThrow('seed of 200000 bits; allowed: 200049');
    expect(() => toeplitzHash(new Uint8Array(3), 4, ones)).toThrow('outputs is 4');
  });
});

describe('a key of BB84', () => {
  const config = bb84({
    source: { meanPhotonNumber: 0.6, polarizationFidelity: 0.98 },
    detector: { deadTimeSec: 0, darkCountRateHz: 100 },
    delaySec: 5e-5,
    keyBasisProbability: 0.6,
    decoys: [
      { meanPhotonNumber: 0.2, probability: 0.4 },
      { meanPhotonNumber: 0.001, probability: 0.1 },
    ],
  });

  it('is the same at both ends, shorter than the sifted bits less what was told', () => {
    const security = { secrecy: 1e-9, correctness: 1e-15 };
    const run = simulateBb84(config, 1e6, Rng.of('key'));
    const key = distil(config, run, security, Rng.of('key'));
    expect(key.verified).toBe(true);
    expect(key.alice).toEqual(key.bob);
    expect(key.alice.length).toBe(key.bound.secretBits);
    expect(key.alice.length).toBeGreaterThan(1000);
    expect(key.alice.length / run.pulses).toBeLessThan(plobBits(config.detector.efficiency));
    expect(key.alice.length).toBeLessThan(key.keyBits - key.leakedBits);
    expect(key.keyErrorRate).toBeCloseTo(0.01, 2);
    const ones = key.alice.reduce((sum, bit) => sum + bit, 0);
    expect(Math.abs(ones - key.alice.length / 2)).toBeLessThan(2 * Math.sqrt(key.alice.length));
  });

  it('comes from a link with its rate and latency', () => {
    const link = bb84Link({ config, blockPulses: 2e5 });
    const block = link.block(Rng.of(3));
    expect(block.durationSec).toBeCloseTo(2e5 / 8e7, 12);
    expect(block.secretBitsPerSec).toBeCloseTo(block.bits.length / block.durationSec, 6);
    expect(block.latencySec).toBeGreaterThan(block.durationSec + 10 * config.delaySec);
    expect(block.bits).toEqual(link.block(Rng.of(3)).bits);
    expect(block.classicalBits).toBeGreaterThan(block.bits.length);
  });

  it('is not made of blocks that are too short, nor without decoys', () => {
    expect(bb84Link({ config, blockPulses: 2e4 }).block(Rng.of(1)).bits.length).toBe(0);
    const plain = bb84({ transmissivity: 0.5 });
    expect(() => bb84Link({ config: plain, blockPulses: 1e4 }).block(Rng.of(1))).toThrow(
      'a decoy-state key of 1 intensities; allowed: 3',
    );
  });
});
