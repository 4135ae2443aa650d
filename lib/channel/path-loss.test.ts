import { describe, expect, it } from 'vitest';
import { Rng, standardError, variance, wilsonInterval } from '../math/index.js';
import {
  type LinkState,
  lineOfSightProbability,
  pathLossDb,
  type Scenario,
  sampleLargeScale,
  shadowFadingStdDb,
} from './path-loss.js';

const ghz = 1e9;

describe('pathLossDb', () => {
  it('has the values of phy.md to 0.01 dB', () => {
    const uma = { scenario: 'uma', lineOfSight: true, carrierHz: 5.9 * ghz } as const;
    expect(pathLossDb({ ...uma, distanceMeters: Math.sqrt(200 ** 2 - 23.5 ** 2) })).toBeCloseTo(94.04, 2);
    const umi = { scenario: 'umi', lineOfSight: true, carrierHz: 3.5 * ghz } as const;
    expect(pathLossDb({ ...umi, distanceMeters: Math.sqrt(100 ** 2 - 8.5 ** 2) })).toBeCloseTo(85.28, 2);
  });

  it('meets a NumPy version of Table 7.4.1-1 before and after the breakpoints', () => {
    const golden: [
      Scenario,
      distance: number,
      carrierGhz: number,
      sighted: boolean,
      dB: number,
      rest?: object,
    ][] = [
      ['uma', 300, 2, true, 88.546492],
      ['uma', 300, 2, false, 116.418411],
      ['uma', 3000, 2, true, 110.517387, { userHeightMeters: 10 }],
      ['uma', 3000, 2, false, 150.346711, { userHeightMeters: 10 }],
      ['umi', 50, 28, true, 97.151449],
      ['umi', 50, 28, false, 113.416494],
      ['umi', 1000, 3.5, true, 106.281475, { userHeightMeters: 5 }],
      ['umi', 1000, 3.5, false, 138.838841, { userHeightMeters: 5 }],
      ['rma', 500, 0.7, true, 84.632522],
      ['rma', 500, 0.7, false, 104.843262],
      ['rma', 8000, 3.5, true, 134.133587],
      ['rma', 3000, 3.5, false, 148.848754],
      [
        'rma',
        1000,
        2,
        false,
        118.259104,
        { baseHeightMeters: 60, userHeightMeters: 3, streetWidthMeters: 30, buildingHeightMeters: 10 },
      ],
      ['inh', 30, 28, true, 86.914018],
      ['inh', 30, 28, false, 109.94486],
    ];
    for (const [scenario, distanceMeters, carrierGhz, lineOfSight, dB, rest] of golden) {
      const link: LinkState = { scenario, distanceMeters, carrierHz: carrierGhz * ghz, lineOfSight, ...rest };
      expect(pathLossDb(link)).toBeCloseTo(dB, 5);
    }
  });

  it('is continuous at the breakpoints, grows with distance, and is no less without line of sight', () => {
    const bends: [Scenario, number][] = [
      ['uma', (4 * 24 * 0.5 * 2e9) / 3e8],
      ['umi', (4 * 9 * 0.5 * 2e9) / 3e8],
      ['rma', (2 * Math.PI * 35 * 1.5 * 2e9) / 3e8],
    ];
    for (const [scenario, bend] of bends) {
      const at = (distanceMeters: number, lineOfSight = true) =>
        pathLossDb({ scenario, distanceMeters, carrierHz: 2e9, lineOfSight });
      expect(Math.abs(at(bend * 1.0001) - at(bend * 0.9999))).toBeLessThan(0.02);
      for (let d = 20; d < 4900; d *= 1.3) {
        expect(at(d * 1.01)).toBeGreaterThan(at(d));
        expect(at(d, false)).toBeGreaterThanOrEqual(at(d));
      }
    }
  });

  it('refuses what the specification gives no formula for', () => {
    const link = { scenario: 'uma', distanceMeters: 100, carrierHz: 2e9, lineOfSight: true } as const;
    expect(() => pathLossDb({ ...link, distanceMeters: 9 })).toThrow(
      'distanceMeters of uma is 9; allowed: a number from 10',
    );
    expect(() => pathLossDb({ ...link, distanceMeters: Number.NaN })).toThrow('distanceMeters is NaN');
    expect(() => pathLossDb({ ...link, carrierHz: 2 })).toThrow('carrierHz of uma is 2');
    expect(() => pathLossDb({ ...link, scenario: 'rma', carrierHz: 60e9 })).toThrow(
      'carrierHz of rma is 60000000000',
    );
    expect(() => pathLossDb({ ...link, userHeightMeters: 30 })).toThrow('userHeightMeters of uma is 30');
    expect(() => pathLossDb({ ...link, baseHeightMeters: 30 })).toThrow('baseHeightMeters of uma is 30');
    expect(() => pathLossDb({ ...link, streetWidthMeters: 20 })).toThrow(
      'streetWidthMeters of uma; allowed: of rma only',
    );
    expect(() => pathLossDb({ ...link, scenario: 'rma', distanceMeters: 6000, lineOfSight: false })).toThrow(
      '6000',
    );
    expect(() => pathLossDb({ ...link, scenario: 'inh', distanceMeters: 151 })).toThrow(
      'direct distance of inh',
    );
    // @ts-expect-error: a caller without types
    expect(() => pathLossDb({ ...link, scenario: 'moon' })).toThrow(
      'scenario is "moon"; allowed: uma, umi, rma, inh',
    );
  });
});

describe('line of sight and shadow fading', () => {
  it('has the probabilities of Table 7.4.2-1', () => {
    const at = (scenario: Scenario, distanceMeters: number, rest: object = {}) =>
      lineOfSightProbability({ scenario, distanceMeters, ...rest });
    for (const scenario of ['uma', 'umi', 'rma', 'inh'] as const) expect(at(scenario, 1)).toBe(1);
    expect(at('umi', 100)).toBeCloseTo(0.18 + 0.82 * Math.exp(-100 / 36), 12);
    expect(at('uma', 100)).toBeCloseTo(0.18 + 0.82 * Math.exp(-100 / 63), 12);
    const high = 1 + 1.25 * Math.exp(-2 / 3) * 0.7 ** 1.5;
    expect(at('uma', 100, { userHeightMeters: 20 }) / at('uma', 100)).toBeCloseTo(high, 12);
    expect(at('rma', 1010)).toBeCloseTo(Math.exp(-1), 12);
    expect(at('inh', 5.9)).toBeCloseTo(Math.exp(-1), 12);
    expect(at('inh', 39.1)).toBeCloseTo(0.32 * Math.exp(-1), 12);
    expect(at('inh', 5.9, { office: 'open' })).toBeCloseTo(Math.exp(-0.9 / 70.8), 12);
    expect(at('inh', 60, { office: 'open' })).toBeCloseTo(0.54 * Math.exp(-11 / 211.7), 12);
    for (const scenario of ['uma', 'umi', 'rma'] as const) {
      for (let d = 11; d < 9000; d *= 1.2)
        expect(at(scenario, d)).toBeGreaterThanOrEqual(at(scenario, d * 1.2));
    }
    expect(() => at('umi', -1)).toThrow('distanceMeters is -1');
    expect(() => at('uma', 50, { userHeightMeters: 40 })).toThrow('userHeightMeters is 40');
  });

  it('draws both with their statistics', () => {
    const geometry = { scenario: 'umi', distanceMeters: 60, carrierHz: 3.5e9 } as const;
    const rng = Rng.of('large');
    const draws = Array.from({ length: 20_000 }, () => sampleLargeScale(rng, geometry));
    for (const lineOfSight of [true, false]) {
      const own = draws.filter((draw) => draw.lineOfSight === lineOfSight);
      const losses = own.map((draw) => draw.pathLossDb);
      const link = { ...geometry, lineOfSight };
      const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      expect(Math.abs(mean - pathLossDb(link))).toBeLessThan(5 * standardError(losses));
      expect(Math.sqrt(variance(losses)) / (lineOfSight ? 4 : 7.82)).toBeCloseTo(1, 1);
      expect(own[0]!.pathLossDb - own[0]!.shadowFadingDb).toBeCloseTo(pathLossDb(link), 9);
    }
    const sighted = draws.filter((draw) => draw.lineOfSight).length;
    const [low, high] = wilsonInterval(sighted, draws.length, 0.999);
    expect(lineOfSightProbability(geometry)).toBeGreaterThan(low);
    expect(lineOfSightProbability(geometry)).toBeLessThan(high);
  });

  it('has the standard deviations of Table 7.4.1-1', () => {
    const std = (scenario: Scenario, lineOfSight: boolean, distanceMeters = 100) =>
      shadowFadingStdDb({ scenario, lineOfSight, distanceMeters, carrierHz: 2e9 });
    expect([std('uma', true), std('uma', false), std('umi', true), std('umi', false)]).toEqual([
      4, 6, 4, 7.82,
    ]);
    expect([std('inh', true), std('inh', false), std('rma', false)]).toEqual([3, 8.03, 8]);
    expect([std('rma', true), std('rma', true, 4000)]).toEqual([4, 6]);
  });
});
