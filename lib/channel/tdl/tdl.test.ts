import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, magnitude, meanPower, Rng } from '../../math/index.js';
import { clarkeAutocorrelation } from '../clarke.js';
import { exponentialCorrelation } from '../correlation.js';
import { type ImpulseResponses, rmsDelaySpread } from '../impulse.js';
import { riceCdf } from '../testing.js';
import { type TdlName, tdlProfiles } from './profiles.js';
import { tdl, tdlTaps } from './tdl.js';

const names = Object.keys(tdlProfiles) as TdlName[];
const scaled = names.filter((name) => tdlProfiles[name].delayUnit === 'delay spread');

/** The complex gains of one path at one time over all links. */
function gainsOf({ shape, gains }: ImpulseResponses, path: number, time: number): Float32Array {
  const { links, paths, times } = shape;
  return Float32Array.from(
    { length: 2 * links },
    (_, k) => gains[2 * (((k >> 1) * paths + path) * times + time) + (k & 1)]!,
  );
}

/** Real part of the mean of a conj(b). */
function correlation(a: Float32Array, b: Float32Array): number {
  return (2 * a.reduce((sum, value, k) => sum + value * b[k]!, 0)) / a.length;
}

describe('the tables', () => {
  it('have the RMS delay spreads of phy.md: within 1 % of 1, or of the name', () => {
    for (const [name, tapCount, spread] of [
      ['TDL-A', 23, 1.0001],
      ['TDL-B', 23, 1],
      ['TDL-C', 24, 1],
      ['TDL-D', 13, 0.9937],
      ['TDL-E', 14, 1.0002],
      ['TDLA30', 12, 30],
      ['TDLB100', 12, 100.4],
      ['TDLC300', 12, 300.3],
    ] as const) {
      const unit = name.startsWith('TDL-') ? 1e-3 : 1e-9;
      const taps = tdlTaps(name, name.startsWith('TDL-') ? 1e-3 : undefined);
      const powers = taps.powers.map((power, tap) => power + (tap === 0 ? taps.lineOfSight : 0));
      expect(powers).toHaveLength(tapCount);
      expect(powers.reduce((sum, power) => sum + power, 0)).toBeCloseTo(1, 12);
      expect(Math.abs(rmsDelaySpread(taps.delaysSec, powers) / unit - spread)).toBeLessThan(
        spread > 2 ? 0.05 : 5e-5,
      );
    }
  });

  it('have the K factors 13.3 and 22 dB of the first tap', () => {
    for (const [name, kFactorDb] of [
      ['TDL-D', 13.3],
      ['TDL-E', 22],
    ] as const) {
      const taps = tdlTaps(name, 1e-7);
      expect(10 * Math.log10(taps.lineOfSight / taps.powers[0]!)).toBeCloseTo(kFactorDb, 9);
    }
  });
});

describe('tdl', () => {
  const links = 10_000;

  it('has the powers of the table and Rayleigh or Rice taps: within 0.05', () => {
    for (const profile of names) {
      const delaySpreadSec = scaled.includes(profile) ? 1e-7 : undefined;
      const model = tdl({ profile, delaySpreadSec });
      const responses = model.draw(Rng.of('law').fork(profile), { links, times: 1, periodSec: 0 });
      const taps = tdlTaps(profile, delaySpreadSec);
      expect(responses.delaysSec.subarray(-taps.delaysSec.length)).toEqual(taps.delaysSec);
      taps.powers.forEach((scattered, tap) => {
        const direct = tap === 0 ? taps.lineOfSight : 0;
        const gains = gainsOf(responses, tap, 0);
        expect(Math.abs(meanPower(gains) / (scattered + direct) - 1)).toBeLessThan(0.05);
        const radii = magnitude(gains).map((r) => r / Math.sqrt(scattered + direct));
        const cdf = direct === 0 ? (r: number) => 1 - Math.exp(-r * r) : riceCdf(direct / scattered);
        if (tap < 3) expect(kolmogorovSmirnov(radii, cdf).distance).toBeLessThan(0.05);
      });
    }
  });

  it('has the autocorrelation of Jakes at each tap, and of the line of sight at 0.7 fD: within 0.05', () => {
    const [dopplerHz, periodSec] = [100, 1e-3];
    for (const profile of ['TDL-A', 'TDL-D'] as const) {
      const responses = tdl({ profile, delaySpreadSec: 1e-7, dopplerHz }).draw(Rng.of('time').fork(profile), {
        links: 5000,
        times: 21,
        periodSec,
      });
      const taps = tdlTaps(profile, 1e-7);
      for (const tap of [0, 1, 7]) {
        const direct = tap === 0 ? taps.lineOfSight : 0;
        const total = taps.powers[tap]! + direct;
        for (const lag of [1, 2, 5, 20]) {
          const tau = lag * periodSec;
          const expected =
            (taps.powers[tap]! * clarkeAutocorrelation(dopplerHz, tau) +
              direct * Math.cos(2 * Math.PI * 0.7 * dopplerHz * tau)) /
            total;
          const found = correlation(gainsOf(responses, tap, lag), gainsOf(responses, tap, 0)) / total;
          expect(Math.abs(found - expected)).toBeLessThan(0.05);
        }
      }
      // Taps are independent of each other.
      const across = correlation(gainsOf(responses, 1, 0), gainsOf(responses, 2, 0));
      expect(Math.abs(across) / Math.sqrt(taps.powers[1]! * taps.powers[2]!)).toBeLessThan(0.05);
    }
  });

  it('correlates the antennas of every tap and gives them one line of sight', () => {
    const receiveCorrelation = exponentialCorrelation(2, 0.8);
    const model = tdl({ profile: 'TDL-D', delaySpreadSec: 1e-7, receive: 2, receiveCorrelation });
    const { gains, shape } = model.draw(Rng.of('array'), { links: 5000, times: 1, periodSec: 0 });
    const antenna = (tap: number, receive: number) =>
      Float32Array.from(
        { length: 2 * shape.links },
        (_, k) => gains[2 * (((k >> 1) * 2 + receive) * shape.paths + tap) + (k & 1)]!,
      );
    const taps = tdlTaps('TDL-D', 1e-7);
    expect(correlation(antenna(3, 0), antenna(3, 1)) / taps.powers[3]!).toBeCloseTo(0.8, 1);
    const first = correlation(antenna(0, 0), antenna(0, 1));
    expect(Math.abs(first - taps.lineOfSight - 0.8 * taps.powers[0]!)).toBeLessThan(0.02);
  });

  it('repeats with the stream and stands still without Doppler', () => {
    const model = tdl({ profile: 'TDL-C', delaySpreadSec: 3e-7 });
    const draw = (seed: number) => model.draw(Rng.of(seed), { links: 2, times: 3, periodSec: 1 }).gains;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)[2]).toBe(draw(1)[0]);
  });

  it('refuses what is out of range', () => {
    expect(() => tdl({ profile: 'TDL-A' })).toThrow('delaySpreadSec is NaN');
    expect(() => tdl({ profile: 'TDL-A', delaySpreadSec: 1 })).toThrow('delaySpreadSec is 1');
    expect(() => tdl({ profile: 'TDLA30', delaySpreadSec: 1e-7 })).toThrow(
      'allowed: none, its delays are fixed',
    );
    // @ts-expect-error: a caller without types
    expect(() => tdl({ profile: 'TDL-F', delaySpreadSec: 1e-7 })).toThrow('profile is "TDL-F"');
    expect(() => tdl({ profile: 'TDLA30', dopplerHz: Number.NaN })).toThrow('dopplerHz is NaN');
    expect(() => tdl({ profile: 'TDLA30', receive: 0 })).toThrow('receive is 0');
    const model = tdl({ profile: 'TDLA30' });
    expect(() => model.draw(Rng.of(0), { links: 0, times: 1, periodSec: 0 })).toThrow('links is 0');
    expect(() => model.draw(Rng.of(0), { links: 2 ** 20, times: 2 ** 20, periodSec: 0 })).toThrow(
      'complex numbers',
    );
  });
});
