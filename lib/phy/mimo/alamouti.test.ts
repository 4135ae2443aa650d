import { describe, expect, it } from 'vitest';
import {
  complexMatrix,
  matrixMultiply,
  qFunction,
  Rng,
  standardError,
  wilsonInterval,
} from '../../math/index.js';
import { alamoutiCombine, alamoutiEncode } from './index.js';
import { rayleighMatrix } from './testing.js';

/** [uses, antennas] through H and noise. */
function through(
  encoded: Float64Array,
  h: ReturnType<typeof rayleighMatrix>,
  rng: Rng,
  n0: number,
): Float64Array {
  const out: number[] = [];
  for (let at = 0; at < encoded.length; at += 4) {
    const clean = matrixMultiply(h, complexMatrix(2, 1, encoded.slice(at, at + 4))).data;
    const noise = rng.fillComplexNormal(new Float64Array(2 * h.rows), n0);
    out.push(...clean.map((value, index) => value + noise[index]!));
  }
  return Float64Array.from(out);
}

describe('Alamouti', () => {
  it('sends orthogonal rows of the energy of a symbol, and gives the symbols back without noise', () => {
    const rng = Rng.of(1);
    const symbols = rng.fillComplexNormal(new Float64Array(20));
    const encoded = alamoutiEncode(symbols);
    for (let at = 0; at < encoded.length; at += 8) {
      const [ar, ai, br, bi, cr, ci, dr, di] = encoded.subarray(at, at + 8);
      expect(ar! * cr! + ai! * ci! + br! * dr! + bi! * di!).toBeCloseTo(0, 12);
      expect(ar! * ci! - ai! * cr! + br! * di! - bi! * dr!).toBeCloseTo(0, 12);
    }
    for (const receive of [1, 3]) {
      const h = rayleighMatrix(rng, receive, 2);
      const { symbols: found } = alamoutiCombine(through(encoded, h, rng, 0), h, 1);
      found.forEach((value, at) => {
        expect(value).toBeCloseTo(symbols[at]!, 10);
      });
    }
  });

  it('has the closed form 5.5282e-3 of 2 x 1 at 10 dB: two branches of half the power', () => {
    const rng = Rng.of('alamouti');
    const n0 = 0.1;
    const bpsk = () => (rng.integer(2) === 0 ? 1 : -1);
    let [errors, bits] = [0, 0];
    const stated = Float64Array.from({ length: 30_000 }, () => {
      const h = rayleighMatrix(rng, 1, 2);
      const sent = Float64Array.of(bpsk(), 0, bpsk(), 0);
      const { symbols, noiseVariance } = alamoutiCombine(through(alamoutiEncode(sent), h, rng, n0), h, n0);
      errors += [0, 2].filter((at) => symbols[at]! * sent[at]! < 0).length;
      bits += 2;
      return qFunction(Math.sqrt(2 / noiseVariance));
    });
    const mean = stated.reduce((sum, rate) => sum + rate, 0) / stated.length;
    expect(Math.abs(mean - 5.5282e-3)).toBeLessThan(4 * standardError(stated));
    const [low, high] = wilsonInterval(errors, bits, 0.99);
    expect(5.5282e-3).toBeGreaterThan(low);
    expect(5.5282e-3).toBeLessThan(high);
  });

  it('refuses what are no pairs or not two antennas', () => {
    const h = rayleighMatrix(Rng.of(1), 2, 2);
    expect(() => alamoutiEncode(new Float64Array(6))).toThrow('3 symbols');
    expect(() => alamoutiCombine(new Float64Array(12), h, 1)).toThrow('6 values received by 2 antennas');
    expect(() => alamoutiCombine(new Float64Array(8), rayleighMatrix(Rng.of(1), 2, 3), 1)).toThrow(
      'over 3 transmit',
    );
    expect(() => alamoutiCombine(new Float64Array(8), h, 0)).toThrow('noiseVariance is 0');
  });
});
