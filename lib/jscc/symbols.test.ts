import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perCodeword } from '../channel/index.js';
import { Rng } from '../math/index.js';
import { quantiseScale, requireWholeBlocks, usesOf, usesPerBlock } from './rate.js';
import { blockNoise, fromSymbols, toSymbols, unitScale } from './symbols.js';
import { inputErrorOf } from './testing.js';

describe('symbols', () => {
  it('pair the first half of a place with the second, and come back', () => {
    expect([...toSymbols([1, 2, 3, 4, 5, 6, 7, 8], 4)]).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }), (half, places) => {
        const values = Float32Array.from({ length: 2 * half * places }, (_, i) => i);
        const symbols = toSymbols(values, 2 * half);
        expect(fromSymbols(symbols, 2 * half)).toEqual(values);
        expect([...symbols].sort((a, b) => a - b)).toEqual([...values]);
      }),
      { seed: 3 },
    );
  });

  it('get unit mean energy, as the power constraint measures it', () => {
    const symbols = Rng.of('scale').fillNormal(new Float32Array(500), 0.3, 2);
    const scaled = symbols.map((value) => value * unitScale(symbols));
    const energy = scaled.reduce((sum, value) => sum + value * value, 0) / 250;
    expect(energy).toBeCloseTo(1, 5);
    expect(() => perCodeword().check(scaled, 250)).not.toThrow();
    expect(unitScale(new Float32Array(8))).toBeLessThanOrEqual(1e6);
  });

  it('have one noise variance a codeword', async () => {
    const symbols = new Float32Array(4);
    expect(blockNoise({ symbols, noiseVariance: Float32Array.of(0.25) }, 'x')).toBe(0.25);
    const fast = { symbols, noiseVariance: Float32Array.of(0.25, 0.5) };
    expect(await inputErrorOf(() => blockNoise(fast, 'x'))).toMatch(/^x: .*fast fading.*allowed/);
  });
});

describe('rate', () => {
  it('is channel uses per source value', () => {
    expect([1 / 12, 1 / 6, 1 / 3, 1 / 192, 1 / 2].map(usesPerBlock)).toEqual([16, 32, 64, 1, 96]);
    for (const ratio of [1 / 12, 1 / 6, 1 / 3]) {
      expect(usesOf({ width: 64, height: 48 }, ratio)).toBeCloseTo(64 * 48 * 3 * ratio, 9);
    }
  });

  it.each([0, -1 / 6, 0.1, 97 / 192, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e-9])(
    'refuses %d',
    async (ratio) => {
      const message = await inputErrorOf(() => usesPerBlock(ratio));
      expect(message).toContain(`bandwidth ratio is ${ratio}; allowed: n/192`);
    },
  );

  it('needs whole blocks', async () => {
    expect(() => requireWholeBlocks({ name: 'x', width: 24, height: 8 })).not.toThrow();
    for (const [width, height] of [
      [30, 32],
      [32, 30],
    ] as const) {
      expect(await inputErrorOf(() => requireWholeBlocks({ name: 'x', width, height }))).toBe(
        `picture x is ${width} x ${height}; allowed: sides that are multiples of 8`,
      );
    }
  });

  it('says a scale in 16 bits: never above it, at most 0.07 % below', () => {
    const said = new Set<number>();
    for (let exponent = -20; exponent <= 20; exponent += 0.0137) {
      const scale = 2 ** exponent;
      const quantised = quantiseScale(scale);
      expect(quantised / scale).toBeLessThanOrEqual(1 + 1e-12);
      expect(quantised / scale).toBeGreaterThan(1 - 0.0007);
      expect(quantiseScale(quantised * (1 + 1e-9))).toBe(quantised);
      said.add(quantised);
    }
    const steps = [...said].map((value) => Math.log2(value) * 1024);
    expect(steps.every((step) => Math.abs(step - Math.round(step)) < 1e-6)).toBe(true);
    expect(quantiseScale(1e300)).toBe(2 ** (32767 / 1024));
    expect(quantiseScale(1e-300)).toBe(2 ** -32);
  });
});
