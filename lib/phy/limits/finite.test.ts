import { describe, expect, it } from 'vitest';
import { constellation } from '../constellation/index.js';
import {
  becDensity,
  biAwgnCapacity,
  biAwgnDensity,
  bscDensity,
  complexAwgnDensity,
  ebN0LimitDb,
  modulationDensity,
  normalApproximation,
  normalApproximationEbN0Db,
  normalApproximationErrorRate,
  realAwgnDensity,
} from './index.js';

describe('published values (scipy)', () => {
  it('real AWGN at 0 dB and 1e-3', () => {
    expect(normalApproximation(realAwgnDensity(0), 100, 1e-3)).toBeCloseTo(0.26021, 5);
    expect(normalApproximation(realAwgnDensity(0), 500, 1e-3)).toBeCloseTo(0.38687, 5);
    expect(normalApproximation(realAwgnDensity(0), 1000, 1e-3)).toBeCloseTo(0.41865, 5);
  });

  it.each([
    [64, 128, 1e-2, 1.892],
    [64, 128, 1e-3, 2.476],
    [500, 1000, 1e-2, 0.893],
    [500, 1000, 1e-3, 1.136],
  ])('BPSK over AWGN, (%i of %i) at %f: Eb/N0 %f dB', (k, n, blockErrorRate, ebN0Db) => {
    expect(normalApproximationEbN0Db(biAwgnDensity, { k, n }, blockErrorRate)).toBeCloseTo(ebN0Db, 3);
  });

  it('erasures without the third term', () => {
    expect(normalApproximation(becDensity(0.5), 1000, 1e-3, { logTerm: false })).toBeCloseTo(0.45114, 5);
  });

  // Polyanskiy, Poor, Verdu 2010: the dispersion of a BSC with p = 0.11 is 0.891 bit^2.
  it('the dispersion of the symmetric channel', () => {
    expect(bscDensity(0.11).dispersion).toBeCloseTo(0.891, 3);
  });
});

describe('the normal approximation', () => {
  it('of the error rate is that of the rate, solved', () => {
    for (const density of [complexAwgnDensity(3), biAwgnDensity(0), bscDensity(0.05), becDensity(0.2)]) {
      for (const logTerm of [true, false]) {
        const k = Math.floor(400 * normalApproximation(density, 400, 1e-4, { logTerm }));
        const solved = normalApproximationErrorRate(density, { k, n: 400 }, { logTerm });
        expect(400 * normalApproximation(density, 400, solved, { logTerm })).toBeCloseTo(k, 6);
      }
    }
  });

  it('tends to capacity with the block length', () => {
    expect(normalApproximation(biAwgnDensity(-2), 1e9, 1e-3)).toBeCloseTo(biAwgnCapacity(-2), 3);
    const long = normalApproximationEbN0Db(biAwgnDensity, { k: 5e8, n: 1e9 }, 1e-3);
    expect(long).toBeCloseTo(ebN0LimitDb(0.5, biAwgnCapacity), 2);
  });

  it('of one complex dimension is that of two real ones but for half a bit of the third term', () => {
    const complex = normalApproximation(complexAwgnDensity(5), 300, 1e-3, { logTerm: false });
    const real = normalApproximation(realAwgnDensity(5), 600, 1e-3, { logTerm: false });
    expect(complex).toBeCloseTo(2 * real, 12);
  });

  it('has the density of BPSK whether a symbol or a bit is looked at, and that of Gauss for many points at low SNR', () => {
    const bpsk = modulationDensity(constellation('psk', 2), -1);
    expect(bpsk.capacity).toBeCloseTo(biAwgnDensity(-1).capacity, 8);
    expect(bpsk.dispersion).toBeCloseTo(biAwgnDensity(-1).dispersion, 8);
    const qpsk = modulationDensity(constellation('qam', 4), 2);
    expect(qpsk.dispersion).toBeCloseTo(2 * biAwgnDensity(2 - 10 * Math.log10(2)).dispersion, 8);
    // Vanishing SNR: any input of unit energy has C = snr log2(e) and V = 2 snr log2(e)^2.
    const weak = modulationDensity(constellation('qam', 64), -30);
    expect(weak.dispersion / complexAwgnDensity(-30).dispersion).toBeCloseTo(1, 2);
  });

  it.each([
    [() => normalApproximation(becDensity(0.5), 0, 1e-3), 'blockLength is 0'],
    [() => normalApproximation(becDensity(0.5), 10, 0), 'p is 0'],
    [() => becDensity(2), 'erasureProbability is 2'],
    [() => normalApproximationErrorRate(becDensity(0.5), { k: 0, n: 4 }), 'k is 0'],
    [() => normalApproximationEbN0Db(biAwgnDensity, { k: 200, n: 100 }, 1e-3), '200 bits in 100 uses'],
  ])('%#: wrong input gets one clear line', (act, message) => {
    expect(act).toThrow(message);
  });
});
