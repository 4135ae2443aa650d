import { describe, expect, it } from 'vitest';
import { meanPower, Rng } from '../math/index.js';
import { awgn, rayleigh, rician } from './channels.js';
import { equalise } from './equalise.js';
import { realisationOf } from './realisation.js';

describe('equalise', () => {
  it('undoes the gain: what is left is noise of the stated variance', () => {
    const shape = { codewords: 20, uses: 5000 };
    for (const channel of [awgn({ snrDb: 6 }), rayleigh({ snrDb: 6 }), rician({ snrDb: 6, kFactorDb: 3 })]) {
      const realisation = channel.sample(Rng.of(8), shape);
      const sent = Rng.of(9).fillComplexNormal(new Float32Array(2 * shape.codewords * shape.uses), 1);
      const { symbols, noiseVariance } = equalise(realisation.apply(sent), realisation);
      expect(noiseVariance).toHaveLength(shape.codewords);
      const error = symbols.map((value, index) => value - sent[index]!);
      noiseVariance.forEach((variance, codeword) => {
        const found = meanPower(error.subarray(10_000 * codeword, 10_000 * (codeword + 1)));
        expect(Math.abs(found / variance - 1)).toBeLessThan(5 / Math.sqrt(shape.uses));
        const gain = realisation.gains.subarray(2 * codeword, 2 * codeword + 2);
        expect(variance * meanPower(gain)).toBeCloseTo(10 ** -0.6, 6);
      });
    }
  });

  it('has one variance a use on a fast channel, and the SNR of the codeword', () => {
    const shape = { codewords: 2, uses: 3 };
    const realisation = rayleigh({ snrDb: Float32Array.of(0, 20), fading: 'fast' }).sample(Rng.of(1), shape);
    const { noiseVariance } = equalise(new Float32Array(12), realisation);
    expect(noiseVariance).toHaveLength(6);
    noiseVariance.forEach((variance, index) => {
      const n0 = index < 3 ? 1 : 0.01;
      expect((variance * meanPower(realisation.gains.subarray(2 * index, 2 * index + 2))) / n0).toBeCloseTo(
        1,
        5,
      );
    });
  });

  it('gives 0 of infinite variance where the gain is 0', () => {
    const realisation = realisationOf({
      shape: { codewords: 1, uses: 1 },
      fading: 'block',
      gains: new Float32Array(2),
      noise: Float32Array.of(0.1, 0.2),
      noiseVariances: Float32Array.of(1),
    });
    const { symbols, noiseVariance } = equalise(realisation.apply(Float32Array.of(1, 1)), realisation);
    expect(symbols).toEqual(new Float32Array(2));
    expect(noiseVariance[0]).toBe(Number.POSITIVE_INFINITY);
    expect(() => equalise(new Float32Array(4), realisation)).toThrow('4 numbers for 1 codewords');
  });
});
