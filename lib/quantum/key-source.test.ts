import { describe, expect, it } from 'vitest';
import { keyTimetable } from '../link/index.js';
import { Rng } from '../math/index.js';
import { AUTHENTICATION_BITS, expectedSecretBits, linkKeySource, steadyKeySource } from './key-source.js';
import { type Bb84Link, bb84, bb84Link, type KeyBlock } from './qkd/index.js';

const config = bb84({
  source: { pulseRateHz: 1e9, meanPhotonNumber: 0.4, polarizationFidelity: 0.97 },
  detector: { efficiency: 0.2, darkCountRateHz: 100 },
  transmissivity: 0.1,
  delaySec: 2.5e-4,
  decoys: [
    { meanPhotonNumber: 0.15, probability: 0.3 },
    { meanPhotonNumber: 0.001, probability: 0.2 },
  ],
  keyBasisProbability: 0.7,
});
const blockPulses = 4e7;

/** A link whose blocks have these numbers of secret bits, 2 s each, 3 s after their start, 100 classical bits. */
function scripted(secretBits: readonly number[]): Bb84Link {
  let index = 0;
  return {
    name: 'scripted',
    security: 'none',
    block(rng) {
      const length = secretBits[index++] ?? 0;
      const bits = Uint8Array.from({ length }, () => rng.integer(2));
      return { bits, durationSec: 2, latencySec: 3, classicalBits: 100 } as KeyBlock;
    },
  };
}

describe('a link as a key source', () => {
  it('joins its blocks, what authenticates the next taken off, and is asked once for each', () => {
    const usable = [500, 0, 300];
    const keys = linkKeySource(scripted(usable.map((bits) => bits && bits + AUTHENTICATION_BITS)), Rng.of(1));
    expect([keys.secretBitsPerSec, keys.latencySec]).toEqual([250, 3]);
    expect(keys.take(0, 500).readySec).toBe(3);
    // The second block gave nothing; the third is sent from 4 s on.
    expect(keys.take(500, 1).readySec).toBe(7);
    const whole = keys.take(0, 800);
    expect(whole.bits).toHaveLength(800);
    expect([...keys.take(450, 100).bits]).toEqual([...whole.bits.subarray(450, 550)]);
    expect(keys.controlBitsUntil(3)).toBe(1.5 * (100 + AUTHENTICATION_BITS));
    expect(keys.controlBitsUntil(0)).toBe(0);
  });

  it('says so when the link makes no key', () => {
    const dead = linkKeySource(scripted([]), Rng.of(1));
    expect([dead.secretBitsPerSec, dead.latencySec]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(dead.take(0, 256).readySec).toBe(Number.POSITIVE_INFINITY);
    expect(() => keyTimetable(dead, { intervalSec: 1 }).next()).toThrow(/key source scripted makes no key/);
  });

  it('has the rate that is expected of BB84, delay and traffic as simulated', { timeout: 20_000 }, () => {
    const link = bb84Link({ config, blockPulses });
    const block = link.block(Rng.of(2).fork(0));
    const expected = expectedSecretBits({ config, blockPulses });
    // The bound moves with the counts of the dimmest pulses, some thousands of them, by a few parts in a hundred.
    expect(block.bits.length - AUTHENTICATION_BITS).toBeGreaterThan(0.8 * expected);
    expect(block.bits.length - AUTHENTICATION_BITS).toBeLessThan(1.2 * expected);
    const keys = linkKeySource(link, Rng.of(2));
    const steady = steadyKeySource(link, block, Rng.of(2));
    const { bits, readySec } = keys.take(0, 256);
    expect([...bits]).toEqual([...block.bits.subarray(0, 256)]);
    expect(readySec).toBe(block.latencySec);
    expect(steady.take(0, 256).readySec).toBe(readySec);
    expect(steady.secretBitsPerSec).toBeCloseTo(keys.secretBitsPerSec, 6);
    expect(steady.controlBitsUntil(block.durationSec)).toBeCloseTo(
      keys.controlBitsUntil(block.durationSec),
      6,
    );
    expect(keys.security).toMatch(/authenticated/);
  });

  it('gives no key to BB84 without decoys', () => {
    expect(() => expectedSecretBits({ config: bb84(), blockPulses })).toThrow(
      'BB84 with 0 decoys; allowed: 2',
    );
  });
});
