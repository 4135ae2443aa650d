import { describe, expect, it } from 'vitest';
import {
  addToDiagonal,
  type ComplexMatrix,
  cholesky,
  complexAdd,
  complexMatrix,
  complexSubtract,
  gramMatrix,
  qFunction,
  Rng,
  standardError,
  wilsonInterval,
} from '../../math/index.js';
import { constellation } from '../constellation/index.js';
import {
  type LinearDetection,
  lmmse,
  matchedFilter,
  maximumRatioCombining,
  whiten,
  zeroForcing,
} from './index.js';
import { bitErrors, drawUse, rayleighMatrix, times } from './testing.js';

const qpsk = constellation('qam', 4);
const perBit10Db = 1 / 20;

/** Closed forms at 10 dB a bit and antenna (scipy): the mean of Q(sqrt(2 g)), g a sum of L exponentials. */
const diversityAt10Db = [2.3269e-2, 1.5991e-3, 1.2163e-4, 9.698e-6];

/** The bit error rate as the mean of Q over drawn channels, from the noise variances that a detector states. */
function statedErrorRate(detection: LinearDetection, receive: number, streams: number, draws: number) {
  const rng = Rng.of(`stated ${receive} ${streams}`);
  const rates = Float64Array.from({ length: draws }, () => {
    const { noiseVariance } = detection(rayleighMatrix(rng, receive, streams), perBit10Db);
    return noiseVariance.reduce((sum, variance) => sum + qFunction(Math.sqrt(1 / variance)) / streams, 0);
  });
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / draws;
  return { mean, error: standardError(rates) };
}

describe('zero forcing', () => {
  it('has the diversity receive - streams + 1 of its closed form', () => {
    for (const [receive, streams] of [
      [2, 2],
      [3, 2],
      [4, 2],
      [4, 1],
    ] as const) {
      const { mean, error } = statedErrorRate(zeroForcing, receive, streams, 20_000);
      const exact = diversityAt10Db[receive - streams]!;
      expect(Math.abs(mean - exact)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.2 * exact);
    }
  });

  it('makes as many bit errors as the closed form says', () => {
    const rng = Rng.of('counted');
    let [errors, bits] = [0, 0];
    for (let use = 0; use < 20_000; use++) {
      const drawn = drawUse(rng, qpsk, { receive: 3, streams: 2, noiseVariance: perBit10Db });
      const decided = qpsk.decide(Float32Array.from(zeroForcing(drawn.h, perBit10Db).detect(drawn.received)));
      errors += bitErrors(decided, drawn.bits);
      bits += decided.length;
    }
    const [low, high] = wilsonInterval(errors, bits, 0.99);
    expect(diversityAt10Db[1]).toBeGreaterThan(low);
    expect(diversityAt10Db[1]).toBeLessThan(high);
  });

  it('gives the symbols back without noise', () => {
    const { h, sent } = drawUse(Rng.of(3), qpsk, { receive: 4, streams: 3, noiseVariance: 0 });
    zeroForcing(h, 1)
      .detect(times(h, sent))
      .forEach((value, at) => {
        expect(value).toBeCloseTo(sent[at]!, 10);
      });
  });
});

describe('maximum ratio combining', () => {
  it('has the closed form of L = 2, 3 and 4 antennas', () => {
    for (const antennas of [2, 3, 4]) {
      const { mean, error } = statedErrorRate(maximumRatioCombining, antennas, 1, 20_000);
      expect(Math.abs(mean - diversityAt10Db[antennas - 1]!)).toBeLessThan(4 * error);
    }
  });

  it('is what all detectors are for one stream', () => {
    const { h, received } = drawUse(Rng.of(5), qpsk, { receive: 4, streams: 1, noiseVariance: 0.3 });
    const combined = maximumRatioCombining(h, 0.3);
    const energy = h.data.reduce((sum, value) => sum + value * value, 0);
    expect(combined.noiseVariance[0]).toBeCloseTo(0.3 / energy, 12);
    for (const other of [zeroForcing(h, 0.3), lmmse(h, 0.3), matchedFilter(h, 0.3)]) {
      expect(other.noiseVariance[0]).toBeCloseTo(combined.noiseVariance[0]!, 12);
      other.detect(received).forEach((value, at) => {
        expect(value).toBeCloseTo(combined.detect(received)[at]!, 12);
      });
    }
  });
});

describe('all linear detectors', () => {
  const h = rayleighMatrix(Rng.of('channel'), 4, 3);
  const white = 0.4;
  const coloured = addToDiagonal(gramMatrix(rayleighMatrix(Rng.of('colour'), 4, 4)), 0.1);
  const detections = { zeroForcing, lmmse, matchedFilter };

  /** Noise of a covariance. */
  function noiseOf(rng: Rng, noise: number | ComplexMatrix): Float64Array {
    const plain = rng.fillComplexNormal(new Float64Array(8), typeof noise === 'number' ? noise : 1);
    return typeof noise === 'number' ? plain : times(cholesky(noise), plain);
  }

  it('have unit gain and the error variance that they state, in white and coloured noise', () => {
    const draws = 20_000;
    for (const noise of [white, coloured]) {
      for (const detection of Object.values(detections)) {
        const detector = detection(h, noise);
        const rng = Rng.of('error');
        const [power, gain] = [new Float64Array(3), new Float64Array(3)];
        for (let draw = 0; draw < draws; draw++) {
          const sent = rng.fillComplexNormal(new Float64Array(6));
          const found = detector.detect(complexAdd(times(h, sent), noiseOf(rng, noise)));
          const error = complexSubtract(found, sent);
          for (let k = 0; k < 3; k++) {
            power[k]! += (error[2 * k]! ** 2 + error[2 * k + 1]! ** 2) / draws;
            gain[k]! += (found[2 * k]! * sent[2 * k]! + found[2 * k + 1]! * sent[2 * k + 1]!) / draws;
          }
        }
        for (let k = 0; k < 3; k++) {
          const variance = detector.noiseVariance[k]!;
          // |error|^2 is exponential; the gain's spread is that of symbol energy and error.
          expect(Math.abs(power[k]! / variance - 1)).toBeLessThan(4.5 / Math.sqrt(draws));
          expect(Math.abs(gain[k]! - 1)).toBeLessThan(4.5 * Math.sqrt((1 + variance / 2) / draws));
        }
      }
    }
  });

  it('LMMSE leaves the least of them, in coloured noise only where it is told', () => {
    const best = lmmse(h, coloured).noiseVariance;
    for (const detection of [zeroForcing, matchedFilter]) {
      detection(h, coloured).noiseVariance.forEach((variance, k) => {
        expect(variance).toBeGreaterThan(best[k]!);
      });
    }
    // The SINR of unbiased LMMSE: h_k^H (S + H_other H_other^H)^-1 h_k.
    const { channel } = whiten(h, coloured);
    const others = [0, 1, 2].map((k) => interferenceSinr(channel, k));
    best.forEach((variance, k) => {
      expect(1 / variance).toBeCloseTo(others[k]!, 9);
    });
  });

  function interferenceSinr(channel: ComplexMatrix, stream: number): number {
    const own = complexMatrix(4, 1);
    const other = complexMatrix(2, 4);
    for (let antenna = 0; antenna < 4; antenna++) {
      let row = 0;
      for (let k = 0; k < 3; k++) {
        const [re, im] = channel.data.subarray(2 * (3 * antenna + k), 2 * (3 * antenna + k) + 2);
        if (k === stream) own.data.set([re!, im!], 2 * antenna);
        else other.data.set([re!, -im!], 2 * (4 * row++ + antenna));
      }
    }
    // `other` holds H_other^H, so its Gram matrix is H_other H_other^H.
    return 1 / zeroForcing(own, addToDiagonal(gramMatrix(other), 1)).noiseVariance[0]!;
  }

  it('LMMSE nears zero forcing without noise, the matched filter in much noise', () => {
    lmmse(h, 1e-9).noiseVariance.forEach((variance, k) => {
      expect(variance / zeroForcing(h, 1e-9).noiseVariance[k]!).toBeCloseTo(1, 6);
    });
    lmmse(h, 1e5).noiseVariance.forEach((variance, k) => {
      expect(variance / matchedFilter(h, 1e5).noiseVariance[k]!).toBeCloseTo(1, 4);
    });
  });

  it('refuse sizes and noise that do not fit', () => {
    expect(() => zeroForcing(rayleighMatrix(Rng.of(1), 2, 3), 1)).toThrow('3 streams at 2 antennas');
    expect(() => maximumRatioCombining(h, 1)).toThrow('combining of 3 streams');
    expect(() => lmmse(h, 0)).toThrow('noise variance is 0');
    expect(() => lmmse(h, Number.NaN)).toThrow('noise variance is NaN');
    expect(() => lmmse(h, complexMatrix(3, 3))).toThrow('covariance of 3 antennas for a channel of 4');
    expect(() => lmmse(h, complexMatrix(4, 4))).toThrow('positive definite');
    expect(() => lmmse(h, 1).detect(new Float64Array(6))).toThrow('3 antennas for 4');
    expect(() => zeroForcing(complexMatrix(3, 2), 1)).toThrow('positive definite');
  });
});
