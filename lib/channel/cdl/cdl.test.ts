import { describe, expect, it } from 'vitest';
import { meanPower, Rng } from '../../math/index.js';
import { rmsDelaySpread } from '../impulse.js';
import { ofdmMimo } from '../ofdm.js';
import { tdlTaps } from '../tdl/tdl.js';
import { type AntennaArray, antennaArray, directionOf, patternAmplitude, steering } from './array.js';
import { cdl, raysOf } from './cdl.js';
import { type CdlName, cdlProfiles } from './profiles.js';

const names = Object.keys(cdlProfiles) as CdlName[];
const one = antennaArray();
const links = 1000;

/** Powers that sum to 1: of the clusters, and of the line of sight. */
function powersOf(profile: CdlName): { powers: number[]; direct: number } {
  const { clusters, lineOfSight } = cdlProfiles[profile];
  const powers = clusters.map(([, powerDb]) => 10 ** (powerDb / 10));
  const direct = lineOfSight ? 10 ** (lineOfSight[1] / 10) : 0;
  const total = powers.reduce((sum, power) => sum + power, direct);
  return { powers: powers.map((power) => power / total), direct: direct / total };
}

/** E a(i) conj(a(k)) of an array for the arriving rays: azimuths and zeniths are coupled at random. */
function expectedCovariance(profile: CdlName, array: AntennaArray, i: number, k: number): [number, number] {
  const { powers, direct } = powersOf(profile);
  const { clusters, lineOfSight } = cdlProfiles[profile];
  let [re, im] = [0, 0];
  const add = (weight: number, azimuth: number, zenith: number) => {
    const a = steering(array, azimuth, zenith);
    re += weight * (a[2 * i]! * a[2 * k]! + a[2 * i + 1]! * a[2 * k + 1]!);
    im += weight * (a[2 * i + 1]! * a[2 * k]! - a[2 * i]! * a[2 * k + 1]!);
  };
  clusters.forEach((cluster, path) => {
    const rays = raysOf(profile, cluster);
    for (const { aoa } of rays) for (const { zoa } of rays) add(powers[path]! / 400, aoa, zoa);
  });
  if (lineOfSight) {
    const [ray] = raysOf(profile, lineOfSight, [0]);
    add(direct, ray!.aoa, ray!.zoa);
  }
  return [re, im];
}

describe('the tables', () => {
  it('have an RMS delay spread of 1, and delays and powers of the tapped delay lines', () => {
    for (const name of names) {
      const { clusters } = cdlProfiles[name];
      const { powers, direct } = powersOf(name);
      const all = powers.map((power, path) => power + (path === 0 ? direct : 0));
      expect(
        Math.abs(
          rmsDelaySpread(
            clusters.map(([delay]) => delay),
            all,
          ) - 1,
        ),
      ).toBeLessThan(0.01);
      const taps = tdlTaps(name.replace('CDL', 'TDL') as 'TDL-A', 1e-3);
      expect(taps.powers).toHaveLength(clusters.length);
      clusters.forEach(([delay], path) => {
        expect(powers[path]).toBeCloseTo(taps.powers[path]!, 12);
        expect(Math.abs(taps.delaysSec[path]! * 1e3 - delay)).toBeLessThan(0.011);
      });
    }
  });
});

describe('cdl', () => {
  it('has the cluster powers, and unit mean gain between isotropic vertical elements', () => {
    for (const profile of ['CDL-A', 'CDL-D'] as const) {
      const model = cdl({ profile, delaySpreadSec: 1e-7, transmitArray: one, receiveArray: one });
      const { gains, shape, delaysSec } = model.draw(Rng.of(profile), { links, times: 1, periodSec: 0 });
      const { powers, direct } = powersOf(profile);
      expect(delaysSec[shape.paths + 2]).toBeCloseTo(cdlProfiles[profile].clusters[2]![0] * 1e-7, 15);
      expect(Math.abs(meanPower(gains) * shape.paths - 1)).toBeLessThan(5 / Math.sqrt(links));
      for (const path of [0, 1, 5]) {
        const own = Float32Array.from(
          { length: 2 * links },
          (_, k) => gains[2 * ((k >> 1) * shape.paths + path) + (k & 1)]!,
        );
        const expected = powers[path]! + (path === 0 ? direct : 0);
        expect(Math.abs(meanPower(own) / expected - 1)).toBeLessThan(5 / Math.sqrt(links));
      }
    }
  });

  it('has the covariance of the arriving rays over a panel, within 5 standard errors', () => {
    const receiveArray = antennaArray({ rows: 2, columns: 2, rowSpacing: 0.7, bearingRad: 0.4 });
    for (const profile of ['CDL-B', 'CDL-E'] as const) {
      const model = cdl({ profile, delaySpreadSec: 0, transmitArray: one, receiveArray });
      const { gains, shape } = model.draw(Rng.of('array').fork(profile), { links, times: 1, periodSec: 0 });
      const total = (link: number, antenna: number): [number, number] => {
        let [re, im] = [0, 0];
        for (let path = 0; path < shape.paths; path++) {
          const at = 2 * ((link * 4 + antenna) * shape.paths + path);
          re += gains[at]!;
          im += gains[at + 1]!;
        }
        return [re, im];
      };
      for (const [i, k] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        let [re, im] = [0, 0];
        for (let link = 0; link < links; link++) {
          const [[ar, ai], [br, bi]] = [total(link, i), total(link, k)];
          re += ar * br + ai * bi;
          im += ai * br - ar * bi;
        }
        const [er, ei] = expectedCovariance(profile, receiveArray, i, k);
        expect(Math.abs(re / links - er)).toBeLessThan(5 / Math.sqrt(links));
        expect(Math.abs(im / links - ei)).toBeLessThan(5 / Math.sqrt(links));
      }
    }
  });

  it('moves with the Doppler shifts of the arriving rays', () => {
    const [dopplerHz, periodSec, travelAzimuthRad] = [100, 1e-3, 0.6];
    const profile = 'CDL-C';
    const model = cdl({
      profile,
      delaySpreadSec: 0,
      transmitArray: one,
      receiveArray: one,
      dopplerHz,
      travelAzimuthRad,
    });
    const { gains, shape } = model.draw(Rng.of('motion'), { links, times: 4, periodSec });
    // A displacement in time is one in space: an element 3 steps of v T ahead, in wavelengths.
    const [x, y] = directionOf(travelAzimuthRad, Math.PI / 2).map((part) => 3 * dopplerHz * periodSec * part);
    const ahead = { ...antennaArray({ columns: 2 }), positions: Float64Array.of(0, 0, 0, x!, y!, 0) };
    const [er, ei] = expectedCovariance(profile, ahead, 1, 0);
    let [re, im] = [0, 0];
    for (let row = 0; row < links * shape.paths; row++) {
      const [a, b] = [8 * row, 8 * row + 6];
      re += gains[b]! * gains[a]! + gains[b + 1]! * gains[a + 1]!;
      im += gains[b + 1]! * gains[a]! - gains[b]! * gains[a + 1]!;
    }
    expect(Math.abs(re / links - er)).toBeLessThan(5 / Math.sqrt(links));
    expect(Math.abs(im / links - ei)).toBeLessThan(5 / Math.sqrt(links));
  });

  it('leaks between polarisations by the ratio of the table', () => {
    const receiveArray = antennaArray({ polarisation: 'VH' });
    const model = cdl({ profile: 'CDL-A', delaySpreadSec: 0, transmitArray: one, receiveArray });
    const { gains } = model.draw(Rng.of('xpr'), { links: 500, times: 1, periodSec: 0 });
    const half = gains.length / 1000;
    const power = [0, 0];
    gains.forEach((value, at) => {
      power[Math.floor(at / half) % 2]! += value ** 2 / 500;
    });
    expect(power[0]! / power[1]!).toBeGreaterThan(8.5);
    expect(power[0]! / power[1]!).toBeLessThan(11.5);
  });

  it('carries OFDM between arrays', () => {
    const transmitArray = antennaArray({ columns: 2, polarisation: 'cross', pattern: '38.901' });
    const model = cdl({ profile: 'CDL-D', delaySpreadSec: 1e-7, transmitArray, receiveArray: one });
    const channel = ofdmMimo(model, { subcarriers: 6, subcarrierSpacingHz: 3e4, snrDb: 10, normalize: true });
    const draw = channel.sample(Rng.of(1), { codewords: 2, uses: 12 });
    expect([channel.receive, channel.transmit]).toEqual([1, 4]);
    expect(meanPower(draw.gains)).toBeCloseTo(1, 4);
    expect(draw.apply(new Float32Array(2 * 2 * 12 * 4))).toHaveLength(2 * 2 * 12);
  });

  it('refuses what is out of range', () => {
    const options = {
      profile: 'CDL-A',
      delaySpreadSec: 1e-7,
      transmitArray: one,
      receiveArray: one,
    } as const;
    expect(() => cdl({ ...options, delaySpreadSec: Number.NaN })).toThrow('delaySpreadSec is NaN');
    expect(() => cdl({ ...options, dopplerHz: -1 })).toThrow('dopplerHz is -1');
    // @ts-expect-error: a caller without types
    expect(() => cdl({ ...options, profile: 'CDL-F' })).toThrow('profile is "CDL-F"');
    expect(() => antennaArray({ rows: 0 })).toThrow('rows is 0');
    expect(() => antennaArray({ rows: 64, columns: 64 })).toThrow('array of 4096 elements; allowed: 1024');
  });
});

describe('antenna arrays', () => {
  it('have the element of Table 7.3-1: 8 dBi ahead, 3 dB less at half its 65 degrees, 22 dB less behind', () => {
    const array = antennaArray({ pattern: '38.901', bearingRad: 0.3 });
    const gainDb = (azimuth: number, zenith: number) =>
      20 * Math.log10(patternAmplitude(array, azimuth, zenith));
    expect(gainDb(0.3, Math.PI / 2)).toBeCloseTo(8, 9);
    expect(gainDb(0.3 + (32.5 * Math.PI) / 180, Math.PI / 2)).toBeCloseTo(5, 9);
    expect(gainDb(0.3, ((90 - 32.5) * Math.PI) / 180)).toBeCloseTo(5, 9);
    expect(gainDb(0.3 + Math.PI, Math.PI / 2)).toBeCloseTo(-22, 9);
  });

  it('steer by half a wave between neighbours', () => {
    const response = steering(antennaArray({ columns: 2 }), Math.PI / 2, Math.PI / 2);
    expect(Math.atan2(response[3]!, response[2]!) - Math.atan2(response[1]!, response[0]!)).toBeCloseTo(
      Math.PI,
      9,
    );
  });
});
