import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awgn, perCodeword, rayleigh } from '../channel/index.js';
import { meanPower, Rng } from '../math/index.js';
import type { Codec, Reception } from './codec.js';
import { idealKeySource } from './key-source.js';
import { keyBytes } from './key-stream.js';
import { type KeyedSide, keyedCodec } from './keyed-codec.js';
import { keyedScramble, permutationBits, SCRAMBLES, type ScrambleKind } from './scramble.js';
import { transmit } from './transmit.js';

const keys = (seed: string | number = 'key') => idealKeySource({ secretBitsPerSec: 1e6, rng: Rng.of(seed) });
const keyOf = (seed: string | number) => keys(seed).take(0, 256).bits;
const normals = (count: number, seed: string | number = 'values') =>
  Rng.of(seed).fillNormal(new Float32Array(count));
const largest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe.each(SCRAMBLES)('%s', (kind) => {
  it('is undone by the same key and number only, and keeps the energy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(1000), (uses, number) => {
        const values = normals(2 * uses);
        const sent = keyedScramble(kind, keyOf(1), number, uses).apply(values);
        expect(largest(keyedScramble(kind, keyOf(1), number, uses).undo(sent), values)).toBeLessThan(1e-5);
        expect(meanPower(sent)).toBeCloseTo(meanPower(values), 5);
      }),
      { numRuns: 60, seed: 3 },
    );
    const values = normals(400);
    const sent = keyedScramble(kind, keyOf(1), 5, 200).apply(values);
    for (const other of [keyedScramble(kind, keyOf(2), 5, 200), keyedScramble(kind, keyOf(1), 6, 200)]) {
      expect(largest(other.undo(sent), values)).toBeGreaterThan(1);
    }
  });

  it('leaves two scrambles of one codeword uncorrelated', () => {
    const values = normals(8192);
    const [a, b] = [1, 2].map((number) => keyedScramble(kind, keyOf(1), number, 4096).apply(values));
    const correlation = a!.reduce((sum, value, i) => sum + value * b![i]!, 0) / 8192;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(8192));
  });
});

describe('a keyed scramble', () => {
  it('draws every permutation as often as the others', () => {
    const counts = new Map<string, number>();
    const values = Float32Array.of(1, 0, 2, 0, 3, 0, 4, 0);
    const draws = 4800;
    for (let number = 0; number < draws; number++) {
      const order = keyedScramble('permutation', keyOf(1), number, 4).apply(values).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: 0.1 % of fair draws lie above 49.7.
    expect(chiSquare).toBeLessThan(49.7);
  });

  it('as a rotation leaves no trace of how values were distributed', () => {
    // Two of three values are 0: kurtosis 9, after the rotation that of Gaussian values.
    const sparse = normals(3 * 2048).map((value, i) => (i % 3 === 0 ? value : 0));
    const kurtosis = (v: Float32Array) =>
      v.reduce((s, x) => s + x ** 4, 0) / v.length / (meanPower(v) / 2) ** 2;
    const before = kurtosis(sparse);
    const after = kurtosis(keyedScramble('rotation', keyOf(1), 0, sparse.length / 2).apply(sparse));
    expect(before).toBeGreaterThan(7.5);
    // Standard error of the kurtosis of Gaussian values: sqrt(24 / n).
    expect(Math.abs(after - 3)).toBeLessThan(4 * Math.sqrt(24 / sparse.length));
  });

  it('has streams that share nothing between numbers and purposes, and refuses other keys', () => {
    const text = (purpose: 'scramble' | 'seal', number: number) =>
      Buffer.from(keyBytes(keyOf(1), purpose, number)(64)).toString('hex');
    expect(new Set([text('scramble', 0), text('scramble', 1), text('seal', 0), text('seal', 1)]).size).toBe(
      4,
    );
    // AES-256 of a block of zeros under a key of zeros (NIST KAT, FIPS 197).
    const zeros = keyBytes(new Uint8Array(256), 'scramble', 0)(16);
    expect(Buffer.from(zeros).toString('hex')).toBe('dc95c078a2408989ad48a21492842087');
    expect(() => keyedScramble('rotation', new Uint8Array(255), 0, 4)).toThrow(
      'key of 255 bits; allowed: 256',
    );
    expect(() => keyedScramble('shift' as ScrambleKind, keyOf(1), 0, 4)).toThrow(/scramble is "shift"/);
  });

  it('takes log2 n! bits of chance', () => {
    let exact = 0;
    for (let n = 1; n <= 400; n++) {
      exact += Math.log2(n);
      expect(Math.abs(permutationBits(n) - exact)).toBeLessThan(1e-3);
    }
  });
});

/** Sends 16 complex symbols as they are, and their scale aside. */
const plain: Codec<Float32Array, number> = {
  name: 'plain',
  channelUses: (source) => source.length / 2,
  shapeOf: (source) => source.length,
  encode: (source) => {
    const scale = 1 / Math.sqrt(meanPower(source));
    return { symbols: source.map((value) => scale * value), sideInformationBits: 16, side: scale };
  },
  decode: ({ symbols, side }) => symbols.map((value) => value / (side as number)),
};
const sources = [1, 2, 3, 4].map((seed) => normals(4000, seed));

describe('a keyed codec', () => {
  const options = { intervalSec: 1 };

  it.each(SCRAMBLES)('gives the holder of the key what the plain codec gives: %s', async (scramble) => {
    const codec = keyedCodec(plain, keys(), { ...options, scramble });
    const quiet = await transmit(codec, awgn({ snrDb: 100 }), sources, Rng.of('noise'));
    for (const [i, source] of sources.entries())
      expect(largest(quiet.received[i]!, source)).toBeLessThan(1e-3);
    const noisy = await transmit(
      keyedCodec(plain, keys(), { ...options, scramble }),
      awgn({ snrDb: 5 }),
      sources,
      Rng.of('noise'),
    );
    const error = noisy.received.reduce(
      (sum, got, i) =>
        sum + meanPower(got.map((value, k) => value - sources[i]![k]!)) / meanPower(sources[i]!),
      0,
    );
    // The mean of n exponentials has a standard error of 1/sqrt(n).
    expect(Math.abs(error / sources.length / 10 ** -0.5 - 1)).toBeLessThan(4 / Math.sqrt(4 * 2000));
    expect(quiet.sideInformationBits).toEqual([80, 80, 80, 80]);
    expect(codec.uses.map(({ key, uses }) => [key, uses])).toEqual([0, 1, 2, 3].map((key) => [key, 1]));
  });

  it('passes on the power constraint, and shows the side information to no one else', async () => {
    const powerConstraint = perCodeword();
    const codec = keyedCodec({ ...plain, powerConstraint }, keys(), options);
    expect(codec.powerConstraint).toBe(powerConstraint);
    expect(keyedCodec(plain, keys(), options).powerConstraint).toBeUndefined();
    const link = { channel: 'awgn', fading: 'none', snrDb: 10 } as const;
    const { symbols, side } = await codec.encode(sources[0]!, link);
    expect(Object.keys(side as KeyedSide)).toEqual(['source', 'key', 'sealed']);
    expect(Buffer.from((side as KeyedSide).sealed).toString()).not.toContain('value');
    const received: Reception = { symbols, noiseVariance: Float32Array.of(0.1), side };
    expect(largest(await codec.decode(received, 4000, link), sources[0]!)).toBeLessThan(1e-5);
    const eve = keyedCodec(plain, keys('another'), options);
    expect(() => eve.decode(received, 4000, link)).toThrow('sealed side information opens to nothing');
    expect(() => codec.decode({ ...received, side: 3 }, 4000, link)).toThrow(/without the numbers/);
  });

  it('gives each use its own noise variance where the gain changes within a codeword; a rotation refuses', async () => {
    const seen: number[] = [];
    const spy: typeof plain = {
      ...plain,
      decode: ({ symbols, noiseVariance, side }) => {
        const sent = sources[0]!.map((value) => value * (side as number));
        for (let use = 0; use < noiseVariance.length; use++) {
          const error =
            (symbols[2 * use]! - sent[2 * use]!) ** 2 + (symbols[2 * use + 1]! - sent[2 * use + 1]!) ** 2;
          seen.push(error / noiseVariance[use]!);
        }
        return symbols;
      },
    };
    const fast = rayleigh({ snrDb: 10, fading: 'fast' });
    await transmit(
      keyedCodec(spy, keys(), { ...options, scramble: 'signed permutation' }),
      fast,
      [sources[0]!],
      Rng.of(1),
    );
    expect(seen).toHaveLength(2000);
    expect(Math.abs(seen.reduce((a, b) => a + b) / 2000 - 1)).toBeLessThan(4 / Math.sqrt(2000));
    await expect(transmit(keyedCodec(spy, keys(), options), fast, [sources[0]!], Rng.of(1))).rejects.toThrow(
      /a rotation of symbols whose noise changes/,
    );
  });

  it('scrambles anew under a reused key, unless told to repeat', async () => {
    const slow = () => idealKeySource({ secretBitsPerSec: 1e-6, rng: Rng.of('slow') });
    const link = { channel: 'awgn', fading: 'none', snrDb: 10 } as const;
    for (const [numbered, repeats] of [
      [true, false],
      [false, true],
    ] as const) {
      const codec = keyedCodec(plain, slow(), { ...options, numbered });
      const [a, b] = [await codec.encode(sources[0]!, link), await codec.encode(sources[0]!, link)];
      expect(codec.uses.map(({ uses }) => uses)).toEqual([1, 2]);
      expect(largest(a.symbols, b.symbols) < 1e-6).toBe(repeats);
    }
  });
});
