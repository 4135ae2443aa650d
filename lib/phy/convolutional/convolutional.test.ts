import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qFunction, Rng, wilsonInterval } from '../../math/index.js';
import { constellation } from '../constellation/index.js';
import type { BlockCode } from '../types.js';
import { convolutionalCode, distanceSpectrum } from './index.js';

const randomBits = (rng: Rng, count: number) => Uint8Array.from({ length: count }, () => rng.uint32() & 1);
const terminations = ['zero', 'tail-biting'] as const;

/** BPSK over AWGN. */
function llrsOver(code: BlockCode, bits: Uint8Array, ebN0Db: number, rng: Rng): Float32Array {
  const one = constellation('psk', 2);
  const noiseVariance = (10 ** (-ebN0Db / 10) * code.n) / code.k;
  const symbols = one.map(code.encode(bits));
  const noise = rng.fillComplexNormal(new Float32Array(symbols.length), noiseVariance);
  return one.demap(
    symbols.map((x, i) => x + noise[i]!),
    noiseVariance,
  );
}

/** The likeliest information bits of all 2^k. */
function byBruteForce(code: BlockCode, llrs: Float32Array): Uint8Array {
  let best = new Uint8Array(code.k);
  let bestMetric = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < 2 ** code.k; word++) {
    const bits = Uint8Array.from({ length: code.k }, (_, i) => (word >> i) & 1);
    const metric = code.encode(bits).reduce((sum, bit, i) => sum + (1 - 2 * bit) * llrs[i]!, 0);
    if (metric <= bestMetric) continue;
    [best, bestMetric] = [bits, metric];
  }
  return best;
}

describe('the encoder', () => {
  it('of (7,5) sums the taps of its shift register', () => {
    const code = convolutionalCode({ generators: [0o7, 0o5], k: 4 });
    // Input 1 0 1 1 and two zeros; outputs u0+u1+u2 and u0+u2.
    expect([...code.encode(Uint8Array.of(1, 0, 1, 1))]).toEqual([1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1]);
    expect([code.n, code.k]).toEqual([12, 4]);
  });

  it('is linear, and tail-biting ones turn with their input', () => {
    for (const termination of terminations) {
      const code = convolutionalCode({ generators: [0o133, 0o171, 0o165], k: 30, termination });
      fc.assert(
        fc.property(fc.uint8Array({ min: 30, minLength: 30, maxLength: 30 }), (bytes) => {
          const [a, b] = [bytes.map((x) => x & 1), bytes.map((x) => (x >> 1) & 1)];
          const sum = code.encode(a.map((x, i) => x ^ b[i]!));
          const [ca, cb] = [code.encode(a), code.encode(b)];
          expect(sum).toEqual(ca.map((x, i) => x ^ cb[i]!));
          if (termination === 'zero') return;
          const turned = code.encode(Uint8Array.from(a, (_, i) => a[(i + 1) % 30]!));
          expect(turned).toEqual(Uint8Array.from(ca, (_, i) => ca[(i + 3) % 90]!));
        }),
        { numRuns: 20 },
      );
    }
  });
});

describe('the distance spectrum', () => {
  it('of (7,5) is that of its transfer function D^5 N / (1 - 2 D N)', () => {
    const { freeDistance, events, bitErrors } = distanceSpectrum([0o7, 0o5], 6);
    expect(freeDistance).toBe(5);
    expect(events).toEqual([1, 2, 4, 8, 16, 32]);
    expect(bitErrors).toEqual([1, 4, 12, 32, 80, 192]);
  });

  it('of (133,171) begins at 10 and has even weights only', () => {
    const { freeDistance, events } = distanceSpectrum([0o133, 0o171], 6);
    expect(freeDistance).toBe(10);
    expect(events.map((count) => count > 0)).toEqual([true, false, true, false, true, false]);
  });

  it('has the least weight of all codewords of a block', () => {
    for (const generators of [
      [0o7, 0o5],
      [0o15, 0o17],
      [0o5, 0o7, 0o7],
    ]) {
      const code = convolutionalCode({ generators, k: 9 });
      let least = Number.POSITIVE_INFINITY;
      for (let word = 1; word < 512; word++) {
        const bits = Uint8Array.from({ length: 9 }, (_, i) => (word >> i) & 1);
        least = Math.min(
          least,
          code.encode(bits).reduce((sum, bit) => sum + bit, 0),
        );
      }
      expect(distanceSpectrum(generators).freeDistance).toBe(least);
    }
  });

  it('refuses a catastrophic code', () => {
    expect(() => distanceSpectrum([0o6, 0o5])).toThrow('catastrophic');
  });
});

describe.each(terminations)('the decoder, %s', (termination) => {
  it.each([
    [[0o7, 0o5], [1]],
    [[0o133, 0o171], [1]],
    [
      [0o133, 0o171],
      [1, 1, 0, 1],
    ],
    [[0o133, 0o171, 0o165], [1]],
  ])('undoes the encoder %j with puncturing %j, infinite LLRs too', (generators, puncturing) => {
    const code = convolutionalCode({ generators, k: 60, termination, puncturing });
    const rng = Rng.of('noiseless');
    for (let block = 0; block < 10; block++) {
      const bits = randomBits(rng, 60);
      for (const size of [3, Number.POSITIVE_INFINITY]) {
        const llrs = Float32Array.from(code.encode(bits), (bit) => (1 - 2 * bit) * size);
        expect(code.decode(llrs).bits).toEqual(bits);
      }
    }
  });

  it.each([
    [[0o7, 0o5], 8, [1]],
    [[0o133, 0o171], 8, [1]],
    [[0o7, 0o5], 8, [1, 1, 0, 1]],
    [[0o5, 0o7, 0o7], 6, [1]],
  ])('of %j is that of maximum likelihood: as good as trying all 2^%i words', (generators, k, puncturing) => {
    const code = convolutionalCode({ generators, k, termination, puncturing });
    const rng = Rng.of('brute force').fork(termination);
    for (let block = 0; block < 60; block++) {
      const llrs = llrsOver(code, randomBits(rng, k), -1, rng);
      expect(code.decode(llrs).bits).toEqual(byBruteForce(code, llrs));
    }
  });

  it('meets the union bound: below it, and near it at high SNR', () => {
    const k = 200;
    const ebN0Db = 4.5;
    const code = convolutionalCode({ generators: [0o7, 0o5], k, termination });
    const rng = Rng.of('union').fork(termination);
    let errors = 0;
    const blocks = 4000;
    for (let block = 0; block < blocks; block++) {
      const bits = randomBits(rng, k);
      const { bits: found } = code.decode(llrsOver(code, bits, ebN0Db, rng));
      for (let i = 0; i < k; i++) errors += bits[i]! ^ found[i]!;
    }
    const { freeDistance, bitErrors } = distanceSpectrum([0o7, 0o5], 16);
    const perDistance = ((2 * k) / code.n) * 10 ** (ebN0Db / 10);
    const bound = bitErrors.reduce(
      (sum, weight, i) => sum + weight * qFunction(Math.sqrt((freeDistance + i) * perDistance)),
      0,
    );
    // Bits of one event fail together, about 2 at a time: twice the interval.
    const [low, high] = wilsonInterval(Math.round(errors / 2), (blocks * k) / 2);
    expect(low).toBeLessThan(bound);
    expect(high).toBeGreaterThan(0.7 * bound);
  });
});

describe('wrong input', () => {
  const generators = [0o7, 0o5];
  const code = convolutionalCode({ generators, k: 4 });
  it.each([
    [() => convolutionalCode({ generators: [0o7], k: 4 }), '1 generators; allowed: 2 to 8'],
    [() => convolutionalCode({ generators: [7, 0], k: 4 }), 'generator 0; allowed'],
    [() => convolutionalCode({ generators: [1, 1], k: 4 }), 'memory of the generators is 0'],
    [() => convolutionalCode({ generators, k: 0 }), 'k is 0'],
    [
      () => convolutionalCode({ generators, k: 1, termination: 'tail-biting' }),
      'k is 1; allowed: an integer from 2',
    ],
    [() => convolutionalCode({ generators, k: 4, puncturing: [1, 2] }), 'flag of the puncturing is 2'],
    [() => convolutionalCode({ generators, k: 9, puncturing: [1, 0, 0] }), 'puncturing leaves 8 code bits'],
    [() => convolutionalCode({ generators, k: 4, termination: 'none' as 'zero' }), 'termination is "none"'],
    [() => distanceSpectrum(generators, 0), 'terms is 0'],
    [() => code.encode(new Uint8Array(5)), '5 bits to encode; allowed: 4'],
    [() => code.encode(Uint8Array.of(0, 1, 7, 0)), 'bit 2 is 7'],
    [() => code.decode(new Float32Array(11)), '11 LLRs for convolutional (7,5) zero; allowed: 12'],
    [() => code.decode(new Float32Array(12).fill(Number.NaN, 3)), 'LLR 3 is NaN'],
  ])('%#: gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
