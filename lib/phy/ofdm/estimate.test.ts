import { describe, expect, it } from 'vitest';
import {
  addToDiagonal,
  complexAdd,
  complexMatrix,
  complexMultiply,
  complexSubtract,
  inverseMatrix,
  matrixMultiply,
  meanPower,
  Rng,
} from '../../math/index.js';
import {
  combPilots,
  dmrsPilots,
  equaliseMmse,
  equaliseZeroForcing,
  frequencyCovariance,
  interpolate,
  kroneckerPilots,
  leastSquares,
  lmmseEstimator,
  placeOnGrid,
  type ResourceGrid,
  resourceGrid,
  timeCovariance,
} from './index.js';
import { gainsOf, rayleighTaps } from './testing.js';

const noiseOf = (rng: Rng, grid: ResourceGrid, variance: number) =>
  rng.fillComplexNormal(new Float64Array(2 * grid.symbols * grid.subcarriers), variance);
const silent = (grid: ResourceGrid) => placeOnGrid(grid, new Float32Array(2 * grid.dataIndices.length));

describe('leastSquares', () => {
  it('has the mean square error N0 / |p|^2', () => {
    const pilots = combPilots({ symbols: [...Array(20).keys()], spacing: 2, energy: 2.5 });
    const grid = resourceGrid({ fftSize: 4096, symbols: 20, cpLength: 0, streams: 2, pilots });
    const gains = gainsOf(grid, Float64Array.of(0.6, 0, 0, -0.8));
    const noise = noiseOf(Rng.of('ls'), grid, 0.3);
    for (let stream = 0; stream < 2; stream++) {
      const sent = placeOnGrid(grid, new Float32Array(2 * grid.dataIndices.length), stream);
      const received = complexAdd(complexMultiply(gains, sent), noise);
      const { indices, channel, errorVariance } = leastSquares(grid, received, 0.3, stream);
      const exact = pick(gains, indices);
      const found = meanPower(complexSubtract(channel, exact));
      // 40,960 pilots: the standard error is 0.5 %.
      expect(Math.abs(found / (0.3 / 2.5) - 1)).toBeLessThan(0.02);
      expect(errorVariance.every((variance) => Math.abs(variance - 0.12) < 1e-12)).toBe(true);
    }
  });

  it('refuses a grid without pilots and lengths that do not fit', () => {
    const bare = resourceGrid({ fftSize: 4, symbols: 1, cpLength: 0 });
    expect(() => leastSquares(bare, new Float64Array(8), 1)).toThrow('0 pilots');
    expect(() => leastSquares(bare, new Float64Array(6), 1)).toThrow('6 numbers');
    expect(() => leastSquares(bare, new Float64Array(8), -1)).toThrow('noiseVariance is -1');
    expect(() => leastSquares(bare, new Float64Array(8), Number.NaN)).toThrow('noiseVariance is NaN');
  });
});

function pick(values: Float64Array, indices: Uint32Array): Float64Array {
  return Float64Array.from(
    Array.from(indices).flatMap((index) => [values[2 * index]!, values[2 * index + 1]!]),
  );
}

describe('interpolate', () => {
  const pilots = combPilots({ symbols: [1, 4], spacing: 3, offset: 1 });
  const grid = resourceGrid({ fftSize: 11, symbols: 6, cpLength: 0, pilots });

  it('linear: exact for a channel linear in time and frequency, beyond the pilots too', () => {
    const plane = new Float64Array(2 * 66);
    for (let t = 0; t < 6; t++) {
      for (let k = 0; k < 11; k++)
        plane.set([1 + 0.3 * t - 0.1 * k, 2 - 0.2 * t + 0.4 * k], 2 * (11 * t + k));
    }
    const received = complexMultiply(plane, silent(grid));
    const { channel } = interpolate(grid, leastSquares(grid, received, 0.1), 'linear');
    channel.forEach((value, index) => {
      expect(value).toBeCloseTo(plane[index]!, 12);
    });
  });

  it('nearest: repeats the nearest pilot, the lower one of two', () => {
    const known = leastSquares(grid, complexMultiply(silent(grid), noiseOf(Rng.of(1), grid, 1)), 0.1);
    const { channel, errorVariance } = interpolate(grid, known, 'nearest');
    const places = [1, 4, 7, 10];
    for (let t = 0; t < 6; t++) {
      for (let k = 0; k < 11; k++) {
        const column = places.findIndex((place) => Math.abs(place - k) <= 1);
        const pilot = (Math.abs(t - 1) <= Math.abs(t - 4) ? 0 : 4) + column;
        expect(channel[2 * (11 * t + k)]).toBe(known.channel[2 * pilot]);
        expect(errorVariance[11 * t + k]).toBe(known.errorVariance[pilot]);
      }
    }
  });

  it('states the error variance that noise leaves on each resource element', () => {
    const sums = { linear: new Float64Array(66), nearest: new Float64Array(66) };
    const draws = 4000;
    const rng = Rng.of('interpolation noise');
    const flat = silent(grid);
    for (let draw = 0; draw < draws; draw++) {
      const known = leastSquares(grid, complexAdd(flat, noiseOf(rng, grid, 0.1)), 0.1);
      for (const method of ['linear', 'nearest'] as const) {
        const { channel, errorVariance } = interpolate(grid, known, method);
        errorVariance.forEach((variance, index) => {
          const error = (channel[2 * index]! - 1) ** 2 + channel[2 * index + 1]! ** 2;
          sums[method][index]! += error / variance / draws;
        });
      }
    }
    // |error|^2 is exponential: each mean has a standard error of 1/sqrt(draws).
    for (const mean of [...sums.linear, ...sums.nearest]) {
      expect(Math.abs(mean - 1)).toBeLessThan(5 / Math.sqrt(draws));
    }
  });

  it('serves one pilot and the patterns of the NR reference signals', () => {
    const lone = resourceGrid({
      fftSize: 5,
      symbols: 3,
      cpLength: 0,
      pilots: combPilots({ symbols: [1], spacing: 9 }),
    });
    const gains = new Float64Array(30).map((_, index) => (index % 2 === 0 ? 0.5 : -2));
    for (const shape of [
      lone,
      resourceGrid({ fftSize: 24, symbols: 14, cpLength: 0, pilots: dmrsPilots({ configuration: 2 }) }),
    ]) {
      const flat = new Float64Array(2 * shape.symbols * shape.subcarriers).map((_, i) => gains[i % 2]!);
      const received = complexMultiply(flat, silent(shape));
      for (const method of ['linear', 'nearest'] as const) {
        const { channel } = interpolate(shape, leastSquares(shape, received, 1), method);
        channel.forEach((value, index) => {
          expect(value).toBeCloseTo(flat[index]!, 12);
        });
      }
    }
  });
});

describe('lmmseEstimator', () => {
  const powers = [0.5, 0.25, 0.15, 0.1];

  it('has the mean square error tr(R - R (R + s I)^-1 R) / N with a pilot everywhere', () => {
    const grid = resourceGrid({
      fftSize: 32,
      symbols: 1,
      cpLength: 4,
      guards: [2, 3],
      pilots: kroneckerPilots({ symbols: [0] }),
    });
    const n0 = 0.2;
    const r = frequencyCovariance(
      grid,
      powers,
      [0, 1, 2, 3].map((n) => n / 32),
      1,
    );
    const lmmse = lmmseEstimator(grid, { frequency: r, noiseVariance: n0 });
    const explained = matrixMultiply(r, matrixMultiply(inverseMatrix(addToDiagonal(r, n0)), r));
    const n = grid.subcarriers;
    let theory = 0;
    for (let k = 0; k < n; k++) {
      const own = r.data[2 * k * (n + 1)]! - explained.data[2 * k * (n + 1)]!;
      expect(lmmse.errorVariance[k]).toBeCloseTo(own, 12);
      theory += own / n;
    }
    const rng = Rng.of('lmmse');
    const draws = 12_000;
    let found = 0;
    for (let draw = 0; draw < draws; draw++) {
      const gains = gainsOf(grid, rayleighTaps(rng, powers));
      const received = complexAdd(complexMultiply(gains, silent(grid)), noiseOf(rng, grid, n0));
      const { channel } = lmmse.estimate(leastSquares(grid, received, n0));
      found += meanPower(complexSubtract(channel, gains)) / draws;
    }
    expect(Math.abs(found / theory - 1)).toBeLessThan(0.02);
  });

  it('over time and frequency: states the error of each resource element, and no other estimator is better', () => {
    const pilots = combPilots({ symbols: [0, 3], spacing: 3 });
    const grid = resourceGrid({ fftSize: 12, symbols: 5, cpLength: 0, pilots });
    const n0 = 0.05;
    const frequency = frequencyCovariance(
      grid,
      powers,
      [0, 1, 2, 3].map((n) => n / 12),
      1,
    );
    // A first-order process over time, correlation 0.9 a symbol, with a Doppler shift: complex and Hermitian.
    const time = complexMatrix(5, 5);
    for (let t = 0; t < 5; t++) {
      for (let s = 0; s < 5; s++) {
        const size = 0.9 ** Math.abs(t - s);
        time.data.set([size * Math.cos(0.2 * (t - s)), size * Math.sin(0.2 * (t - s))], 2 * (5 * t + s));
      }
    }
    const lmmse = lmmseEstimator(grid, { frequency, time, noiseVariance: n0 });
    const rng = Rng.of('lmmse over time');
    const draws = 4000;
    const errors = {
      lmmse: new Float64Array(60),
      linear: new Float64Array(60),
      nearest: new Float64Array(60),
    };
    for (let draw = 0; draw < draws; draw++) {
      const gains = fadingGains(grid, rng);
      const received = complexAdd(complexMultiply(gains, silent(grid)), noiseOf(rng, grid, n0));
      const known = leastSquares(grid, received, n0);
      const estimates = {
        lmmse: lmmse.estimate(known),
        linear: interpolate(grid, known, 'linear'),
        nearest: interpolate(grid, known, 'nearest'),
      };
      for (const name of ['lmmse', 'linear', 'nearest'] as const) {
        const error = complexSubtract(estimates[name].channel, gains);
        errors[name].forEach((_, k) => {
          errors[name][k]! += (error[2 * k]! ** 2 + error[2 * k + 1]! ** 2) / draws;
        });
      }
    }
    lmmse.errorVariance.forEach((variance, k) => {
      expect(Math.abs(errors.lmmse[k]! / variance - 1)).toBeLessThan(5 / Math.sqrt(draws));
      expect(errors.lmmse[k]!).toBeLessThan(1.05 * errors.linear[k]!);
      expect(errors.lmmse[k]!).toBeLessThan(1.05 * errors.nearest[k]!);
    });
  });

  /** Taps that follow the first-order process of the test above. */
  function fadingGains(grid: ResourceGrid, rng: Rng): Float64Array {
    const out = new Float64Array(2 * grid.symbols * grid.subcarriers);
    let taps = rayleighTaps(rng, powers);
    for (let t = 0; t < grid.symbols; t++) {
      if (t > 0) {
        const fresh = rayleighTaps(rng, powers).map((value) => value * Math.sqrt(1 - 0.81));
        const turn = Float64Array.from(
          { length: taps.length },
          (_, i) => 0.9 * (i % 2 === 0 ? Math.cos(0.2) : Math.sin(0.2)),
        );
        taps = complexAdd(complexMultiply(taps, turn), fresh);
      }
      out.set(gainsOf({ ...grid, symbols: 1 }, taps), 2 * t * grid.subcarriers);
    }
    return out;
  }

  it('refuses covariances and pilots that do not fit', () => {
    const grid = resourceGrid({
      fftSize: 4,
      symbols: 2,
      cpLength: 0,
      pilots: kroneckerPilots({ symbols: [0] }),
    });
    const r = frequencyCovariance(grid, [1], [0], 15e3);
    const make = { frequency: r, noiseVariance: 0.1 };
    expect(() => lmmseEstimator(grid, { ...make, frequency: complexMatrix(3, 3) })).toThrow('3 x 3 for 4');
    expect(() => lmmseEstimator(grid, { ...make, time: complexMatrix(3, 3) })).toThrow(
      'time covariance is 3 x 3',
    );
    expect(() => lmmseEstimator(grid, { ...make, noiseVariance: 0 })).toThrow('noiseVariance is 0');
    expect(() => lmmseEstimator(grid, { ...make, stream: 1 })).toThrow('stream is 1');
    const other = leastSquares(grid, new Float64Array(16), 1);
    const lmmse = lmmseEstimator(grid, make);
    expect(() => lmmse.estimate({ ...other, indices: Uint32Array.of(0, 1, 2, 4) })).toThrow('4 pilots');
    expect(() => frequencyCovariance(grid, [1, 2], [0], 15e3)).toThrow('2 powers for 1 delays');
  });
});

describe('one-tap equalisers', () => {
  const grid = resourceGrid({ fftSize: 64, symbols: 400, cpLength: 0 });
  const sent = Rng.of('sent').fillComplexNormal(new Float64Array(2 * 64 * 400));
  const channel = gainsOf(grid, Float64Array.of(0.8, 0, 0, 0.6));
  const received = complexAdd(complexMultiply(channel, sent), noiseOf(Rng.of('noise'), grid, 0.2));

  it('leave the error variances they state, and MMSE the smaller one', () => {
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [zf, mmse] = [equaliseZeroForcing, equaliseMmse].map((equalise) => {
      const { symbols, noiseVariance } = equalise(received, { channel }, 0.2);
      const error = meanPower(complexSubtract(symbols, sent));
      // Deep fades dominate zero forcing's error: fewer elements count.
      expect(Math.abs(error / mean(noiseVariance) - 1)).toBeLessThan(0.04);
      return error;
    });
    expect(mmse!).toBeLessThan(zf!);
  });

  it('count the error of the estimate as noise', () => {
    const errorVariance = new Float64Array(64 * 400).fill(0.1);
    const plain = equaliseZeroForcing(received, { channel }, 0.3);
    const uncertain = equaliseZeroForcing(received, { channel, errorVariance }, 0.2);
    uncertain.noiseVariance.forEach((variance, index) => {
      expect(variance).toBeCloseTo(plain.noiseVariance[index]!, 12);
    });
  });

  it('give 0 of infinite variance where the gain is 0, and refuse lengths that do not match', () => {
    const { symbols, noiseVariance } = equaliseZeroForcing(
      Float64Array.of(1, 1),
      { channel: new Float64Array(2) },
      1,
    );
    expect([...symbols, ...noiseVariance]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
    expect(() => equaliseMmse(new Float64Array(4), { channel: new Float64Array(2) }, 1)).toThrow(
      '2 received values',
    );
    expect(() => equaliseMmse(new Float64Array(2), { channel: new Float64Array(2) }, 0)).toThrow(
      'noiseVariance is 0',
    );
  });
});

describe('covariances', () => {
  it('over frequency: that of drawn taps; over time: J0, Hermitian and of unit diagonal', () => {
    const grid = resourceGrid({ fftSize: 9, symbols: 1, cpLength: 0, guards: [1, 0], dcNull: true });
    const delays = [0, 2 / 9 / 15e3];
    const r = frequencyCovariance(grid, [0.7, 0.3], delays, 15e3);
    const rng = Rng.of('covariance');
    const draws = 8000;
    const sum = new Float64Array(r.data.length);
    for (let draw = 0; draw < draws; draw++) {
      const h = gainsOf(grid, rayleighTaps(rng, [0.7, 0, 0.3]));
      for (let k = 0; k < 7; k++) {
        for (let l = 0; l < 7; l++) {
          sum[2 * (7 * k + l)]! += (h[2 * k]! * h[2 * l]! + h[2 * k + 1]! * h[2 * l + 1]!) / draws;
          sum[2 * (7 * k + l) + 1]! += (h[2 * k + 1]! * h[2 * l]! - h[2 * k]! * h[2 * l + 1]!) / draws;
        }
      }
    }
    sum.forEach((value, at) => {
      expect(Math.abs(value - r.data[at]!)).toBeLessThan(5 / Math.sqrt(draws));
    });
    const time = timeCovariance(3, 100, 1e-3);
    // J0 at f_D T = 0.1 and 0.2 (scipy).
    expect(time.data[2]).toBeCloseTo(0.9037126, 6);
    expect(time.data[4]).toBeCloseTo(0.6425118, 6);
    expect(time.data[0]).toBe(1);
    expect(() => timeCovariance(3, -1, 1e-3)).toThrow('dopplerHz is -1');
  });
});
