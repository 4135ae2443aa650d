import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { clickStream } from './clicks.js';
import { detector } from './detector.js';
import { station, stationWindow } from './station.js';

const at = (index: number) => index * 1e6;

function clicksOf(
  input: Parameters<typeof detector>[0],
  windows: number,
  photons: boolean,
  widthPs = 1000,
): number {
  const stream = clickStream(detector(input), Rng.of('clicks'));
  let clicks = 0;
  for (let index = 0; index < windows; index++) {
    if (photons) stream.photon(at(index));
    if (stream.clickedWithin(at(index) - widthPs / 2, at(index) + widthPs / 2)) clicks++;
  }
  return clicks;
}

const z = (count: number, trials: number, p: number) =>
  (count - trials * p) / Math.sqrt(trials * p * (1 - p));

describe('clickStream', () => {
  it('clicks for its share of photons (|z| < 4)', () => {
    expect(Math.abs(z(clicksOf({ efficiency: 0.3 }, 20_000, true), 20_000, 0.3))).toBeLessThan(4);
  });

  it('clicks in the dark as its rate says (|z| < 4)', () => {
    const rate = { darkCountRateHz: 1e8, deadTimeSec: 0 };
    expect(Math.abs(z(clicksOf(rate, 4000, false), 4000, -Math.expm1(-0.1)))).toBeLessThan(4);
  });

  it('is blind after a click: dead time lowers a dark rate r to r / (1 + r τ) (within 2 %)', () => {
    const stream = clickStream(detector({ darkCountRateHz: 1e6, deadTimeSec: 2e-6 }), Rng.of(1));
    const windows = 200_000;
    let clicks = 0;
    for (let index = 0; index < windows; index++) {
      if (stream.clickedWithin(index * 5e4, index * 5e4 + 49_999)) clicks++;
    }
    const ratePerSec = clicks / (windows * 5e4 * 1e-12);
    expect(ratePerSec / (1e6 / 3)).toBeGreaterThan(0.98);
    expect(ratePerSec / (1e6 / 3)).toBeLessThan(1.02);
  });

  it('sees the second of two photons only after its dead time', () => {
    for (const [apartPs, expected] of [
      [19_999, false],
      [20_000, true],
    ] as const) {
      const stream = clickStream(detector({ efficiency: 1, deadTimeSec: 2e-8 }), Rng.of(1));
      stream.photon(1000);
      expect(stream.clickedWithin(900, 1100)).toBe(true);
      stream.photon(1000 + apartPs);
      expect(stream.clickedWithin(900 + apartPs, 1100 + apartPs)).toBe(expected);
    }
  });

  it('loses clicks that jitter takes out of the window, as the closed form says (|z| < 4)', () => {
    const one = station({ windowSec: 1e-9, detector: { efficiency: 0.9, jitterSec: 5e-10 } });
    const { efficiency, halfPs } = stationWindow(one);
    expect(halfPs).toBe(550);
    expect(efficiency).toBeCloseTo(0.9 * 0.7286678781, 7);
    const seen = clicksOf(one.detector, 20_000, true, 2 * halfPs);
    expect(Math.abs(z(seen, 20_000, efficiency))).toBeLessThan(4);
  });
});
