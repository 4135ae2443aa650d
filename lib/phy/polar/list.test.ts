import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { type CheckNode, listDecode } from './list.js';
import { polarTransform } from './transform.js';

const bitsOf = (number: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (number >> i) & 1);

/** All codewords of a polar code with these free inputs. */
function codewords(length: number, free: readonly number[]): Uint8Array[] {
  return Array.from({ length: 2 ** free.length }, (_, message) => {
    const word = new Uint8Array(length);
    bitsOf(message, free.length).forEach((bit, i) => {
      word[free[i]!] = bit;
    });
    return polarTransform(word);
  });
}

const correlation = (word: Uint8Array, llrs: Float64Array): number =>
  llrs.reduce((sum, llr, i) => sum + (1 - 2 * word[i]!) * llr, 0);

describe('list decoder', () => {
  const free = [7, 9, 11, 13, 14];
  const frozen = new Uint8Array(16).fill(1);
  for (const position of free) frozen[position] = 0;

  it.each(['exact', 'min-sum'] as CheckNode[])(
    'keeps every codeword if it may, the likeliest first: %s',
    (kind) => {
      const words = codewords(16, free);
      for (let block = 0; block < 20; block++) {
        const llrs = Rng.of('ml').fork(block).fillNormal(new Float64Array(16), 0.5, 2);
        const paths = listDecode(llrs, frozen, 32, kind);
        const byLikelihood = [...words].sort((a, b) => correlation(b, llrs) - correlation(a, llrs));
        expect(paths.map(({ word }) => word.join(''))).toEqual(byLikelihood.map((word) => word.join('')));
        // Two words differ in the logarithm of their likelihoods by half the difference of their correlations.
        for (const { word, metric } of paths) {
          const gap = (correlation(paths[0]!.word, llrs) - correlation(word, llrs)) / 2;
          expect(metric - paths[0]!.metric).toBeCloseTo(gap, 8);
        }
      }
    },
  );

  it('measures probability: over all words of an unfrozen code it sums to 1', () => {
    const llrs = Rng.of('sum').fillNormal(new Float64Array(4), 1, 2);
    const paths = listDecode(llrs, new Uint8Array(4), 16);
    expect(paths.reduce((sum, { metric }) => sum + Math.exp(-metric), 0)).toBeCloseTo(1, 12);
  });

  it('decides as successive cancellation does with a list of 1', () => {
    // (4, 2) with inputs 2 and 3 free: u2 from the sum of both halves, then u3 knowing u2.
    const llrs = Float64Array.of(1.5, -0.5, 0.25, -2);
    const a = llrs[0]! + llrs[2]!;
    const b = llrs[1]! + llrs[3]!;
    const u2 = a * b < 0 ? 1 : 0;
    const u3 = (u2 === 1 ? b - a : b + a) < 0 ? 1 : 0;
    const word = polarTransform(Uint8Array.of(0, 0, u2, u3));
    expect(listDecode(llrs, Uint8Array.of(1, 1, 0, 0), 1).map((path) => path.word)).toEqual([word]);
  });
});
