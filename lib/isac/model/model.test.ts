import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complexTensor, meanPower, outerProduct, Rng } from '../../math/index.js';
import {
  angleAxis,
  clutter,
  delayAxis,
  dopplerAxis,
  frameAxes,
  LIGHT_SPEED,
  noiseless,
  numerology,
  observationOf,
  observe,
  planarDirection,
  planarJacobian,
  planarMu,
  type Radar,
  radarPowerGain,
  rangeAxis,
  snapshotOf,
  steeringVector,
  targetSources,
  thermalNoise,
  toMu,
  toValues,
  velocityAxis,
  wrapped,
} from './index.js';

describe('harmonic tensor', () => {
  it('of one source is gain times the outer product of its steering vectors, in each snapshot', () => {
    const mu = [0.4, -2, 1.1];
    const gains = Float64Array.of(2, 0, 0, -3);
    const { data } = noiseless([{ mu, gains }], { shape: [3, 4, 2], snapshots: 2 });
    const outer = outerProduct([gains, ...[3, 4, 2].map((size, d) => steeringVector(size, mu[d]!))]);
    for (const [at, value] of data.entries()) expect(value).toBeCloseTo(outer.data[at]!, 14);
  });

  it('adds over sources; noise has the variance asked for', () => {
    const one = { mu: [0.3, 1], gains: Float64Array.of(1, 1) };
    const two = { mu: [-1, 2], gains: Float64Array.of(0, 2) };
    const shape = [60, 70];
    const sum = noiseless([one, two], { shape }).data;
    const [a, b] = [noiseless([one], { shape }).data, noiseless([two], { shape }).data];
    for (let at = 0; at < 100; at++) expect(sum[at]).toBeCloseTo(a[at]! + b[at]!, 13);
    const noisy = observe([one, two], { shape, noiseVariance: 0.5 }, Rng.of('noise'));
    // 4200 exponential powers: a standard error of 1.5 %.
    expect(Math.abs(meanPower(noisy.data.map((v, at) => v - sum[at]!)) / 0.5 - 1)).toBeLessThan(0.05);
  });

  it('passes as a tensor and back', () => {
    const tensor = complexTensor(
      [2, 3],
      Float64Array.from({ length: 12 }, (_, at) => at),
    );
    expect(snapshotOf(observationOf(tensor), 0)).toEqual(tensor);
  });

  it('refuses sizes and sources that do not fit', () => {
    const source = { mu: [1], gains: Float64Array.of(1, 0) };
    expect(() => noiseless([source], { shape: [2, 2] })).toThrow('1 frequencies and 1 gains');
    expect(() => noiseless([], { shape: [] })).toThrow('number of dimensions');
    expect(() => noiseless([], { shape: [2 ** 20, 2 ** 20] })).toThrow('at most');
    expect(() => observe([], { shape: [2], noiseVariance: -1 }, Rng.of(1))).toThrow('noiseVariance');
  });
});

describe('axes', () => {
  const axes = [
    angleAxis({ size: 8 }),
    delayAxis({ size: 64, spacingHz: 30e3 }),
    rangeAxis({ size: 64, spacingHz: 30e3, geometry: 'monostatic' }),
    rangeAxis({ size: 64, spacingHz: 30e3, geometry: 'bistatic' }),
    dopplerAxis({ size: 14, periodSec: 1e-4 }),
    velocityAxis({ size: 14, periodSec: 1e-4, carrierHz: 3e9, geometry: 'monostatic' }),
  ];

  it('invert over what they tell apart, and their slope is the derivative', () => {
    fc.assert(
      fc.property(
        fc.nat(axes.length - 1),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (which, part) => {
          const axis = axes[which]!;
          const [low, high] = axis.unambiguous;
          const value = low + part * (high - low);
          const span = high - low;
          expect(axis.value(axis.mu(value))).toBeCloseTo(value, 6 - Math.ceil(Math.log10(span)));
          const step = 1e-6 * span;
          const slope = (axis.mu(value + step) - axis.mu(value - step)) / (2 * step);
          expect(axis.slope(value) / slope).toBeCloseTo(1, 5);
        },
      ),
      { numRuns: 200, seed: 6 },
    );
  });

  it('know their ambiguity, and refuse what lies beyond it', () => {
    const [, delay, mono, bi, doppler, velocity] = axes;
    expect(delay!.unambiguous[1]).toBeCloseTo(1 / 30e3, 12);
    expect(mono!.unambiguous[1]).toBeCloseTo(LIGHT_SPEED / 60e3, 6);
    expect(bi!.unambiguous[1]).toBeCloseTo(LIGHT_SPEED / 30e3, 6);
    expect(doppler!.unambiguous).toEqual([-5000, 5000].map((v) => expect.closeTo(v, 6)));
    expect(velocity!.unambiguous[1]).toBeCloseTo(LIGHT_SPEED / 3e9 / 4e-4, 6);
    expect(mono!.resolution).toBeCloseTo(LIGHT_SPEED / (2 * 64 * 30e3), 9);
    expect(() => toMu([mono!], [6000])).toThrow('range is 6000');
    expect(() => toMu([mono!], [1, 2])).toThrow('2 values for 1 axes');
    expect(toValues([mono!, doppler!], toMu([mono!, doppler!], [4000, -300]))).toEqual([
      expect.closeTo(4000, 6),
      expect.closeTo(-300, 6),
    ]);
  });

  it('of a sparse array are ambiguous at a smaller angle; of a dense one leave frequencies without an angle', () => {
    expect(angleAxis({ size: 4, spacing: 1 }).unambiguous[1]).toBeCloseTo(Math.PI / 6, 12);
    expect(angleAxis({ size: 4, spacing: 0.25 }).value(3)).toBeNaN();
    expect(() => angleAxis({ size: 4 }).mu(2)).toThrow('angle is 2');
  });
});

describe('planar array', () => {
  const angle = fc.double({ min: -1.4, max: 1.4, noNaN: true });
  it('gives the direction back, with the Jacobian as its derivative', () => {
    fc.assert(
      fc.property(angle, angle, (azimuth, elevation) => {
        const back = planarDirection(planarMu({ azimuth, elevation }))!;
        expect(back.azimuth).toBeCloseTo(azimuth, 9);
        expect(back.elevation).toBeCloseTo(elevation, 9);
        const at = (da: number, de: number) => planarMu({ azimuth: azimuth + da, elevation: elevation + de });
        const jacobian = planarJacobian({ azimuth, elevation });
        for (const [column, [up, down]] of [
          [at(1e-6, 0), at(-1e-6, 0)],
          [at(0, 1e-6), at(0, -1e-6)],
        ].entries())
          for (const row of [0, 1])
            expect(jacobian[row]![column]!).toBeCloseTo((up![row]! - down![row]!) / 2e-6, 5);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it('sees nothing outside the visible region', () => {
    expect(planarDirection([3, 3])).toBeUndefined();
    expect(wrapped(Math.PI)).toBe(-Math.PI);
  });
});

describe('targets', () => {
  const radar: Radar = { carrierHz: 28e9, geometry: 'monostatic', transmitWatts: 1e-3, transmitGainDb: 10 };

  it('echo by the radar equation: the fourth power of the distance; reciprocal legs', () => {
    const at = (rangeMeters: number) => radarPowerGain(radar, { rangeMeters, rcsSquareMeters: 1 });
    expect(at(100) / at(200)).toBeCloseTo(16, 9);
    const wavelength = LIGHT_SPEED / 28e9;
    expect(at(100)).toBeCloseTo((10 * wavelength ** 2) / ((4 * Math.PI) ** 3 * 1e8), 20);
    const apart: Radar = { ...radar, geometry: 'bistatic' };
    const legs = (legsMeters: [number, number]) =>
      radarPowerGain(apart, { rangeMeters: 400, legsMeters, rcsSquareMeters: 1 });
    expect(legs([100, 300])).toBeCloseTo(legs([300, 100]), 25);
    expect(legs([200, 200]) / at(200)).toBeCloseTo(1, 9);
    expect(() => legs([100, 100])).toThrow('allowed: 400 m together');
  });

  it('fluctuate with the mean power, or not at all', () => {
    const axes = frameAxes(numerology({ carrierHz: 28e9, spacingHz: 120e3, resourceBlocks: 4 }), { size: 4 });
    const target = { rangeMeters: 50, rcsSquareMeters: 2, velocity: -20, angle: 0.3 };
    const power = 1e-3 * radarPowerGain(radar, target);
    const [steady] = targetSources([target], axes, radar, Rng.of(1), 5);
    expect(meanPower(steady!.gains) / power).toBeCloseTo(1, 9);
    expect(steady!.gains[0]).toBe(steady!.gains[8]);
    const swerling: Radar = { ...radar, fluctuation: 'swerling1' };
    const [moving] = targetSources([target], axes, swerling, Rng.of(1), 10_000);
    expect(Math.abs(meanPower(moving!.gains) / power - 1)).toBeLessThan(0.04);
    expect(toValues(axes, steady!.mu)).toEqual([0.3, 50, -20].map((v) => expect.closeTo(v, 6)));
  });

  it('clutter stands still or spreads; noise is k T F B', () => {
    const field = {
      scatterers: 4000,
      meanRcsSquareMeters: 0.1,
      rangeMeters: [10, 90],
      angle: [-1, 1],
    } as const;
    expect(clutter(field, Rng.of(1)).every(({ velocity }) => velocity === 0)).toBe(true);
    const moving = clutter({ ...field, velocitySpread: 0.5 }, Rng.of(1));
    const power = moving.reduce((sum, { velocity = 0 }) => sum + velocity ** 2, 0) / 4000;
    expect(Math.abs(Math.sqrt(power) / 0.5 - 1)).toBeLessThan(0.04);
    // -174 dBm/Hz at 290 K.
    expect(10 * Math.log10(thermalNoise(1) * 1000)).toBeCloseTo(-173.98, 2);
  });
});

describe('numerology', () => {
  it('has equal resolution and ambiguity on its axes', () => {
    const nr = numerology({ carrierHz: 3.5e9, spacingHz: 30e3, resourceBlocks: 273, slots: 20 });
    const [, range, velocity] = frameAxes(nr, { size: 8 });
    expect(range.resolution).toBeCloseTo(nr.rangeResolutionMeters, 9);
    expect(range.unambiguous[1]).toBeCloseTo(nr.maxRangeMeters, 6);
    expect(velocity.resolution).toBeCloseTo(nr.velocityResolution, 9);
    expect(velocity.unambiguous[1]).toBeCloseTo(nr.maxVelocity, 6);
    expect(nr.durationSec).toBeCloseTo(10e-3, 12);
  });

  it('refuses what NR lacks', () => {
    expect(() => numerology({ carrierHz: 3.5e9, spacingHz: 30e3, resourceBlocks: 276 })).toThrow('276');
  });
});
