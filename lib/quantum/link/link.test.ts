import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { createKernel } from '../des/kernel.js';
import { entityStreams } from '../des/streams.js';
import { eventTrace } from '../des/trace.js';
import { entanglementLink, keepGenerating, type Link, linkModel, memoryUnit, midpointLink } from './index.js';
import { runLink, zOf, zOfMean } from './testing.js';

const detector = { efficiency: 0.8 };
const arm = (armKm: number, efficiency: number, seen: number): Link =>
  midpointLink({
    lengthKm: 2 * armKm,
    memory: { efficiency },
    scheme: { kind: 'barrett-kok', station: { detector: { efficiency: seen } } },
  });

/** The clean case that SeQUeNCe was measured with: it negotiates every round. */
const clean = midpointLink({
  lengthKm: 20,
  memory: { rawFidelity: 0.9349367588934053, rateHz: 2000 },
  scheme: { kind: 'barrett-kok', station: { detector } },
  negotiation: 'round',
});

describe('attempts, each simulated', () => {
  it.each([
    [1, 1, 1, 0.45601],
    [10, 0.75, 0.8, 0.07166],
    [33, 0.75, 0.8, 0.00862],
  ])('succeed as Barrett and Kok have it over arms of %f km (|z| < 4)', (armKm, efficiency, seen, theory) => {
    const config = arm(armKm, efficiency, seen);
    const { link, pairs } = runLink(config, Rng.of('barrett-kok').fork(armKm), {
      attempts: 5000,
      seconds: 100,
    });
    expect(link.model.successProbability).toBeCloseTo(theory, 5);
    expect(link.attempts).toBeGreaterThanOrEqual(5000);
    expect(Math.abs(zOf(pairs.length, link.attempts, theory))).toBeLessThan(4);
  });

  it('give M memories M times the pairs of one, and every herald names the two memories that made it', () => {
    for (const memories of [1, 5, 10, 50]) {
      const seconds = 60 / memories;
      const { link, pairs } = runLink(clean, Rng.of('linear').fork(memories), { memories, seconds });
      const expected = link.model.ratePerSec * seconds * memories;
      expect(Math.abs(pairs.length - expected) / Math.sqrt(expected)).toBeLessThan(4);
      const genuine = pairs.filter(
        ({ left, right, witnessed }) => left.name === witnessed[0] && right.name === witnessed[1],
      );
      expect(genuine.length).toBe(pairs.length);
    }
  });

  it('deliver what SeQUeNCe delivers in the clean case of one second: 99, 463, 932 pairs (4 standard errors)', () => {
    for (const [memories, theirs] of [
      [1, 99],
      [5, 463],
      [10, 932],
    ] as const) {
      const { pairs } = runLink(clean, Rng.of('clean').fork(memories), { memories });
      // Two counts, each with its own noise.
      expect(Math.abs(pairs.length - theirs) / Math.sqrt(pairs.length + theirs)).toBeLessThan(4);
      for (const { state } of pairs) expect(state.phiPlus).toBeCloseTo(0.934937, 6);
    }
  });
});

describe('skip-ahead', () => {
  it('makes as many pairs as simulated attempts, at the same intervals (|z| < 4)', () => {
    const configs: Record<string, Link> = {
      clean,
      'single-click': midpointLink({ lengthKm: 10, scheme: { kind: 'single-click', brightPopulation: 0.2 } }),
      'two-photon': midpointLink({ lengthKm: 5, scheme: { kind: 'two-photon' } }),
      'sender-receiver': midpointLink({ lengthKm: 50, scheme: { kind: 'sender-receiver' } }),
    };
    for (const [name, config] of Object.entries(configs)) {
      const waits = (['attempts', 'skip-ahead'] as const).map((mode) => {
        const { pairs } = runLink(config, Rng.of(name).fork(mode), { mode, seconds: 20 });
        return pairs.slice(1).map(({ atPs }, index) => atPs - pairs[index]!.atPs);
      });
      const moments = waits.map((each) => momentsOf(each));
      const [one, other] = moments as [Moments, Moments];
      const z = (one.mean - other.mean) / Math.hypot(one.error, other.error);
      expect(Math.abs(z)).toBeLessThan(4);
      // The waits are nearly exponential, so the spread says as much as the mean.
      expect(Math.abs(one.std - other.std) / Math.hypot(one.error, other.error) / Math.SQRT2).toBeLessThan(4);
      const { ratePerSec } = linkModel(config);
      expect(Math.abs(zOfMean(waits[1]!, 1e12 / ratePerSec))).toBeLessThan(4);
    }
  });

  it('counts attempts as their probability wants (|z| < 4)', () => {
    const { link, pairs } = runLink(clean, Rng.of('count'), { mode: 'skip-ahead', seconds: 200 });
    expect(Math.abs(zOf(pairs.length, link.attempts, link.model.successProbability))).toBeLessThan(4);
  });
});

interface Moments {
  mean: number;
  std: number;
  error: number;
}

function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { mean, std, error: std / Math.sqrt(values.length) };
}

describe('replay', () => {
  const run = (seed: number, names: readonly string[], logged = names): string => {
    const kernel = createKernel();
    const trace = eventTrace();
    const streamOf = entityStreams(Rng.of(seed));
    for (const name of names) {
      const options = logged.includes(name) ? { name, trace } : { name };
      const link = entanglementLink(kernel, clean, streamOf(name), options);
      keepGenerating(kernel, link, 3, { onPair: (pair) => pair.release() });
    }
    kernel.run(2e11);
    return trace.hash();
  };

  it('has the same trace for the same seed, another for another', () => {
    expect(run(1, ['a-b', 'b-c'])).toBe(run(1, ['a-b', 'b-c']));
    expect(run(1, ['a-b', 'b-c'])).toBe('9538c4bed3ab69fd');
    expect(run(2, ['a-b', 'b-c'])).not.toBe(run(1, ['a-b', 'b-c']));
  });

  it('leaves two links as they were when an unrelated one joins', () => {
    const alone = run(1, ['a-b', 'b-c']);
    expect(run(1, ['a-b', 'x-y', 'b-c'], ['a-b', 'b-c'])).toBe(alone);
  });
});

describe('generate', () => {
  it.each(['attempts', 'skip-ahead'] as const)(
    'keeps memories in use until the pair is released (%s)',
    (mode) => {
      const kernel = createKernel();
      const link = entanglementLink(kernel, clean, Rng.of(1), { mode });
      const [left, right] = [memoryUnit('a'), memoryUnit('b')];
      let pairs = 0;
      const request = { left, right, onPair: () => pairs++ };
      const first = link.generate(request);
      expect(() => link.generate(request)).toThrow('link: memory "a" is in use; allowed: a free one');
      kernel.run(1e11);
      expect(pairs).toBe(1);
      expect(left.inUse && right.inUse).toBe(true);
      expect(first.cancel()).toBe(false);
      left.inUse = false;
      right.inUse = false;
      const second = link.generate(request);
      expect(second.cancel()).toBe(true);
      expect(second.cancel()).toBe(false);
      expect(left.inUse || right.inUse).toBe(false);
      kernel.run(2e12);
      expect(pairs).toBe(1);
      expect(() => link.generate({ left, right: left, onPair() {} })).toThrow('is in use');
    },
  );

  it('never excites a memory sooner than its reset allows, over any number of links', () => {
    const kernel = createKernel();
    const links = ['x', 'y'].map((name) => entanglementLink(kernel, clean, Rng.of(name), { name }));
    const [left, right] = [memoryUnit('a'), memoryUnit('b')];
    const emitted: number[] = [];
    const next = (): void => {
      links[emitted.length % 2]!.generate({
        left,
        right,
        onPair({ emittedPs }) {
          emitted.push(emittedPs);
          left.inUse = false;
          right.inUse = false;
          next();
        },
      });
    };
    next();
    kernel.run(1e12);
    expect(emitted.length).toBeGreaterThan(50);
    for (const [index, time] of emitted.slice(1).entries())
      expect(time - emitted[index]!).toBeGreaterThanOrEqual(1e9);
  });
});

describe('keepGenerating', () => {
  it('gives pairs up at their cutoff, and goes on', () => {
    const kernel = createKernel();
    const config = midpointLink({ lengthKm: 20, memory: { cutoffSec: 0.01 } });
    const link = entanglementLink(kernel, config, Rng.of(3));
    const ages: number[] = [];
    let delivered = 0;
    keepGenerating(kernel, link, 4, {
      onPair: () => delivered++,
      onExpired(pair) {
        ages.push(kernel.nowPs - pair.emittedPs);
        pair.release();
      },
    });
    kernel.run(1e12);
    expect(delivered).toBeGreaterThan(20);
    expect(ages.length).toBeGreaterThan(20);
    expect(delivered - ages.length).toBeLessThanOrEqual(4);
    for (const age of ages) expect(age).toBe(1e10);
  });
});
