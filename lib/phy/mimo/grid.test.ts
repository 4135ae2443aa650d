import { describe, expect, it } from 'vitest';
import { complexAdd, complexMultiply, identityMatrix, Rng } from '../../math/index.js';
import { constellation } from '../constellation/index.js';
import { interpolate, kroneckerPilots, leastSquares, placeOnGrid, resourceGrid } from '../ofdm/index.js';
import { gainsOf, rayleighTaps } from '../ofdm/testing.js';
import { detectOnGrid, kBest, lmmse, maximumLikelihood, softDetectOnGrid, zeroForcing } from './index.js';
import { bitErrors } from './testing.js';

const qpsk = constellation('qam', 4);
const grid = resourceGrid({
  fftSize: 24,
  symbols: 6,
  cpLength: 4,
  streams: 2,
  pilots: kroneckerPilots({ symbols: [1, 4] }),
});

/** Two streams to three antennas over taps of their own. */
function transmission(noiseVariance: number) {
  const rng = Rng.of('mimo grid');
  const bits = [0, 1].map(() =>
    Uint8Array.from({ length: 2 * grid.dataIndices.length }, () => rng.integer(2)),
  );
  const sent = bits.map((own, stream) => placeOnGrid(grid, qpsk.map(own), stream));
  const channels = [0, 1, 2].map(() =>
    [0, 1].map(() => ({ channel: gainsOf(grid, rayleighTaps(rng, [0.6, 0.4])) })),
  );
  const received = channels.map((row) => {
    const noise = rng.fillComplexNormal(new Float64Array(2 * 144), noiseVariance);
    return row.reduce<Float64Array>(
      (sum, { channel }, s) => complexAdd(sum, complexMultiply(channel, sent[s]!)),
      noise,
    );
  });
  return { bits, channels, received };
}

describe('MIMO on a resource grid', () => {
  it('gives each stream its bits back, linearly and jointly', () => {
    const { bits, channels, received } = transmission(1e-4);
    const reception = { grid, received, channels, noise: 1e-4 };
    detectOnGrid(reception, zeroForcing).forEach(({ symbols, noiseVariance }, stream) => {
      expect(bitErrors(qpsk.decide(symbols), bits[stream]!)).toBe(0);
      const llrs = qpsk.demap(symbols, noiseVariance);
      expect(Array.from(llrs, (llr) => (llr < 0 ? 1 : 0))).toEqual(Array.from(bits[stream]!));
    });
    for (const detection of [maximumLikelihood(qpsk), kBest(qpsk, { k: 4 })]) {
      softDetectOnGrid(reception, detection).forEach((llrs, stream) => {
        expect(Array.from(llrs, (llr) => (llr < 0 ? 1 : 0))).toEqual(Array.from(bits[stream]!));
      });
    }
  });

  it('takes estimates of each antenna and stream, with their error variances as noise', () => {
    const { bits, channels, received } = transmission(1e-4);
    const estimates = received.map((antenna) =>
      [0, 1].map((stream) => interpolate(grid, leastSquares(grid, antenna, 1e-4, stream))),
    );
    detectOnGrid({ grid, received, channels: estimates, noise: 1e-4 }, lmmse).forEach(
      ({ symbols }, stream) => {
        expect(bitErrors(qpsk.decide(symbols), bits[stream]!)).toBe(0);
      },
    );
    const uncertain = channels.map((row) =>
      row.map(({ channel }) => ({ channel, errorVariance: new Float64Array(144).fill(0.05) })),
    );
    const worse = detectOnGrid(
      { grid, received, channels: uncertain, noise: identityMatrix(3, 0.1) },
      zeroForcing,
    );
    const plain = detectOnGrid({ grid, received, channels, noise: 0.2 }, zeroForcing);
    worse[1]!.noiseVariance.forEach((variance, place) => {
      expect(variance / plain[1]!.noiseVariance[place]!).toBeCloseTo(1, 6);
    });
  });

  it('refuses sizes that do not match', () => {
    const { channels, received } = transmission(1);
    const lone = { grid, received: received.slice(1), channels, noise: 1 };
    expect(() => detectOnGrid(lone, lmmse)).toThrow('2 antennas received, channels of 3');
    const short = { grid, received: [received[0]!.slice(2), ...received.slice(1)], channels, noise: 1 };
    expect(() => detectOnGrid(short, lmmse)).toThrow('different sizes');
  });
});
