import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToDiagonal, complexMatrix, gramMatrix, Rng, wilsonInterval } from '../../math/index.js';
import { constellation } from '../constellation/index.js';
import { kBest, lmmse, maximumLikelihood, whiten } from './index.js';
import { bitErrors, drawUse, rayleighMatrix } from './testing.js';

const qpsk = constellation('qam', 4);
const qam16 = constellation('qam', 16);

/** The bits of labels, the first bit the most significant. */
const bitsOf = (labels: Uint32Array, width: number) =>
  Uint8Array.from(
    { length: labels.length * width },
    (_, at) => (labels[Math.floor(at / width)]! >> (width - 1 - (at % width))) & 1,
  );

describe('maximum likelihood', () => {
  it('of one stream and antenna is the demapper of the constellation', () => {
    const rng = Rng.of('scalar');
    for (const method of ['app', 'max-log'] as const) {
      for (let draw = 0; draw < 50; draw++) {
        const { h, received } = drawUse(rng, qam16, { receive: 1, streams: 1, noiseVariance: 0.1 });
        const [hr, hi] = h.data as unknown as [number, number];
        const power = hr * hr + hi * hi;
        const [yr, yi] = received as unknown as [number, number];
        const scalar = Float32Array.of((yr * hr + yi * hi) / power, (yi * hr - yr * hi) / power);
        const expected = qam16.demap(scalar, 0.1 / power, { method });
        maximumLikelihood(qam16, { method })(h, 0.1)
          .detect(received)
          .llrs.forEach((llr, bit) => {
            expect(Math.abs(llr - expected[bit]!)).toBeLessThan(2e-4 * (1 + Math.abs(llr)));
          });
      }
    }
  });

  it('has LLRs that mean what they say: bits of LLR l are wrong with probability 1 / (1 + exp |l|)', () => {
    const rng = Rng.of('calibration');
    const detection = maximumLikelihood(qpsk);
    const bins = Array.from({ length: 4 }, () => ({ count: 0, errors: 0, expected: 0 }));
    for (let use = 0; use < 8000; use++) {
      const { h, received, bits } = drawUse(rng, qpsk, { receive: 2, streams: 2, noiseVariance: 0.5 });
      detection(h, 0.5)
        .detect(received)
        .llrs.forEach((llr, at) => {
          const bin = bins[Math.min(3, Math.floor(Math.abs(llr)))]!;
          bin.count++;
          bin.expected += 1 / (1 + Math.exp(Math.abs(llr)));
          if ((llr < 0 ? 1 : 0) !== bits[at]) bin.errors++;
        });
    }
    for (const { count, errors, expected } of bins) {
      expect(Math.abs(errors - expected)).toBeLessThan(4 * Math.sqrt(expected));
      expect(count).toBeGreaterThan(1000);
    }
  });

  it('makes fewer errors than LMMSE', () => {
    const rng = Rng.of('gain');
    let [linear, searched, bits] = [0, 0, 0];
    for (let use = 0; use < 4000; use++) {
      const drawn = drawUse(rng, qpsk, { receive: 2, streams: 2, noiseVariance: 0.1 });
      const symbols = lmmse(drawn.h, 0.1).detect(drawn.received);
      linear += bitErrors(qpsk.decide(Float32Array.from(symbols)), drawn.bits);
      const { labels } = maximumLikelihood(qpsk)(drawn.h, 0.1).detect(drawn.received);
      searched += bitErrors(bitsOf(labels, 2), drawn.bits);
      bits += drawn.bits.length;
    }
    expect(wilsonInterval(searched, bits)[1]).toBeLessThan(wilsonInterval(linear, bits)[0]);
  });
});

describe('K-best', () => {
  it('with K of all vectors is maximum likelihood: labels and LLRs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([qpsk, 3] as const, [qam16, 2] as const, [qpsk, 1] as const),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom('app' as const, 'max-log' as const),
        fc.boolean(),
        fc.integer(),
        ([points, streams], more, method, coloured, seed) => {
          const receive = streams + more;
          const { h, received } = drawUse(Rng.of(seed), points, { receive, streams, noiseVariance: 0.2 });
          const noise = coloured
            ? addToDiagonal(gramMatrix(rayleighMatrix(Rng.of(seed), 2, receive)), 0.1)
            : 0.2;
          const exact = maximumLikelihood(points, { method })(h, noise).detect(received);
          const found = kBest(points, { k: points.order ** streams, method })(h, noise).detect(received);
          expect(found.labels).toEqual(exact.labels);
          exact.llrs.forEach((llr, bit) => {
            expect(Math.abs(found.llrs[bit]! - llr)).toBeLessThan(1e-5 * (1 + Math.abs(llr)));
          });
        },
      ),
      { numRuns: 150, seed: 5 },
    );
  });

  it('comes nearer to maximum likelihood with more vectors', () => {
    const rng = Rng.of('k');
    const lists = [1, 4, 16, 256];
    const errors = new Float64Array(lists.length);
    for (let use = 0; use < 1500; use++) {
      const drawn = drawUse(rng, qam16, { receive: 2, streams: 2, noiseVariance: 0.03 });
      lists.forEach((k, index) => {
        const { labels } = kBest(qam16, { k })(drawn.h, 0.03).detect(drawn.received);
        errors[index]! += bitErrors(bitsOf(labels, 4), drawn.bits);
      });
    }
    expect(errors[0]!).toBeGreaterThan(errors[1]!);
    expect(errors[1]!).toBeGreaterThan(0.99 * errors[2]!);
    expect(errors[2]! / errors[3]!).toBeLessThan(1.05);
  });

  it('gives bits on which its list agrees the limit, with the sign of the decision', () => {
    const { h, received } = drawUse(Rng.of(2), qam16, { receive: 3, streams: 3, noiseVariance: 0.05 });
    const { labels, llrs } = kBest(qam16, { k: 1, llrLimit: 7 })(h, 0.05).detect(received);
    bitsOf(labels, 4).forEach((bit, at) => {
      expect(llrs[at]).toBe(bit === 0 ? 7 : -7);
    });
  });

  it('has finite LLRs where the noise is small against all distances', () => {
    const { h, received } = drawUse(Rng.of(2), qpsk, { receive: 2, streams: 2, noiseVariance: 1e-7 });
    const exact = maximumLikelihood(qpsk)(h, 1e-7).detect(received);
    const found = kBest(qpsk, { k: 16 })(h, 1e-7).detect(received);
    found.llrs.forEach((llr, bit) => {
      expect(Math.abs(llr)).toBeGreaterThan(1000);
      expect(llr / exact.llrs[bit]!).toBeCloseTo(1, 4);
    });
  });
});

describe('searching detectors', () => {
  it('refuse what is out of range', () => {
    const wide = rayleighMatrix(Rng.of(1), 2, 3);
    expect(() => kBest(qpsk, { k: 4 })(wide, 1)).toThrow('3 streams at 2 antennas');
    expect(() => kBest(qpsk, { k: 0 })).toThrow('k is 0');
    expect(() => maximumLikelihood(qam16)(rayleighMatrix(Rng.of(1), 5, 5), 1)).toThrow('5 streams of 4 bits');
    const detector = maximumLikelihood(qpsk)(complexMatrix(2, 2, Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0)), 1);
    expect(() => detector.detect(new Float64Array(2))).toThrow('1 antennas for 2');
    expect(() => whiten(wide, -1)).toThrow('noise variance is -1');
  });
});
