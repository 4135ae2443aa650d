import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { kolmogorovSmirnov, mean, qFunction, Rng, variance, wilsonInterval } from '../math/index.js';
import {
  freeSpaceOptics,
  gammaGammaShapes,
  gammaGammaTurbulence,
  logNormalTurbulence,
  rytovVariance,
  type Turbulence,
} from './optics.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const drawMany = (turbulence: Turbulence, count: number) => {
  const rng = Rng.of(turbulence.name);
  return Float64Array.from({ length: count }, () => turbulence.draw(rng));
};

describe('turbulence', () => {
  it('has mean intensity 1 and the scintillation index of its closed form', () => {
    for (const turbulence of [
      logNormalTurbulence({ logAmplitudeStd: 0.25 }),
      gammaGammaTurbulence({ alpha: 4, beta: 1.9 }),
      gammaGammaTurbulence(gammaGammaShapes(0.2)),
    ]) {
      const values = drawMany(turbulence, 100_000);
      const index = turbulence.scintillationIndex;
      expect(Math.abs(mean(values) - 1)).toBeLessThan(5 * Math.sqrt(index / values.length));
      expect(Math.abs(variance(values) / index - 1)).toBeLessThan(0.06);
    }
    expect(logNormalTurbulence({ logAmplitudeStd: 0.25 }).scintillationIndex).toBeCloseTo(
      Math.exp(0.25) - 1,
      12,
    );
    expect(gammaGammaTurbulence({ alpha: 4, beta: 2 }).scintillationIndex).toBeCloseTo(0.875, 12);
  });

  it('has the laws log-normal and gamma-gamma', () => {
    const std = 0.3;
    const logs = drawMany(logNormalTurbulence({ logAmplitudeStd: std }), 20_000).map(Math.log);
    const normal = (x: number) => qFunction(-(x / 2 + std ** 2) / std);
    expect(kolmogorovSmirnov(logs, normal).pValue).toBeGreaterThan(1e-3);
    // Large eddies exponential (alpha = 1) over small ones of beta = 2: P(I > i) = int 4 y exp(-2 y - i/y) dy.
    const values = drawMany(gammaGammaTurbulence({ alpha: 1, beta: 2 }), 4000);
    expect(kolmogorovSmirnov(values, productCdf).pValue).toBeGreaterThan(1e-3);
  });

  it('is weak as Rytov has it, and saturates when strong', () => {
    for (const weak of [0.001, 0.01]) {
      expect(gammaGammaTurbulence(gammaGammaShapes(weak)).scintillationIndex / weak).toBeCloseTo(1, 1);
    }
    expect(gammaGammaTurbulence(gammaGammaShapes(100)).scintillationIndex).toBeLessThan(2);
    // 1 km at 1550 nm over Cn^2 = 1e-14.
    const variance = rytovVariance({
      structureConstant: 1e-14,
      wavelengthMeters: 1.55e-6,
      distanceMeters: 1000,
    });
    expect(variance).toBeCloseTo(1.23e-14 * ((2 * Math.PI * 1e6) / 1.55) ** (7 / 6) * 10 ** 5.5, 9);
  });
});

describe('freeSpaceOptics', () => {
  /** Error share of on-off keying with the threshold that knows the intensity. */
  function onOffErrors(turbulence: Turbulence | undefined, snrDb: number, codewords: number): number {
    const draw = freeSpaceOptics({ snrDb, ...(turbulence && { turbulence }) }).sample(Rng.of('ook'), {
      codewords,
      uses: 4,
    });
    const bits = Float32Array.from(
      { length: 4 * codewords },
      (
        (rng) => () =>
          rng.integer(2)
      )(Rng.of('bits')),
    );
    const received = draw.apply(bits.map((bit) => 2 * bit));
    return received.filter((y, k) => (y > draw.intensities[Math.floor(k / 4)]! ? 1 : 0) !== bits[k]).length;
  }

  it('errs with Q(sqrt(snr)) in still air and with its mean over the intensity in turbulence', () => {
    const [low, high] = wilsonInterval(onOffErrors(undefined, 6, 20_000), 80_000, 0.999);
    expect(qFunction(10 ** 0.3)).toBeGreaterThan(low);
    expect(qFunction(10 ** 0.3)).toBeLessThan(high);
    const std = 0.25;
    let expected = 0;
    for (let z = -8; z < 8; z += 0.01) {
      const intensity = Math.exp(2 * (std * z - std ** 2));
      expected += 0.01 * Math.exp((-z * z) / 2) * qFunction(intensity * 10 ** 0.5);
    }
    expected /= Math.sqrt(2 * Math.PI);
    const errors = onOffErrors(logNormalTurbulence({ logAmplitudeStd: std }), 10, 60_000);
    const [bottom, top] = wilsonInterval(errors, 240_000, 0.9999);
    expect(expected).toBeGreaterThan(bottom);
    expect(expected).toBeLessThan(top);
  });

  it('gives the same on tensors, and the intensity as gradient', () => {
    for (const fading of ['block', 'fast'] as const) {
      const turbulence = gammaGammaTurbulence({ alpha: 3, beta: 2 });
      const draw = freeSpaceOptics({ snrDb: 10, turbulence, fading }).sample(Rng.of(1), {
        codewords: 3,
        uses: 5,
      });
      const sent = Rng.of('sent').fillUniform(new Float32Array(15), 0, 2);
      const x = tf.tensor2d(sent, [3, 5]);
      draw
        .applyTensor(x)
        .dataSync()
        .forEach((value, k) => {
          expect(value).toBeCloseTo(draw.apply(sent)[k]!, 5);
        });
      const slope = tf
        .grad((z: tf.Tensor) => tf.sum(draw.applyTensor(z as tf.Tensor2D)))(x)
        .dataSync();
      slope.forEach((value, k) => {
        expect(value).toBeCloseTo(draw.intensities[fading === 'fast' ? k : Math.floor(k / 5)]!, 5);
      });
    }
  });

  it('refuses what is out of range', () => {
    expect(() => logNormalTurbulence({ logAmplitudeStd: 2 })).toThrow('logAmplitudeStd is 2');
    expect(() => gammaGammaTurbulence({ alpha: 0, beta: 1 })).toThrow('alpha is 0');
    expect(() => gammaGammaShapes(0)).toThrow('rytovVariance is 0');
    expect(() => freeSpaceOptics({ snrDb: Number.NaN })).toThrow('snrDb is NaN');
    const draw = freeSpaceOptics({ snrDb: 0 }).sample(Rng.of(0), { codewords: 1, uses: 2 });
    expect(() => draw.apply(Float32Array.of(1, -1))).toThrow('intensity 1 is -1; allowed: 0 and above');
    expect(() => draw.apply(Float32Array.of(1, Number.NaN))).toThrow('intensity 1 is NaN');
    expect(() => draw.apply(new Float32Array(3))).toThrow('3 intensities; allowed: 2');
    expect(() => draw.applyTensor(tf.zeros([2, 1]))).toThrow('intensities of shape [2,1]; allowed: [1,2]');
  });
});

function productCdf(intensity: number): number {
  const step = 0.005;
  let tail = 0;
  for (let y = step / 2; y < 12; y += step) tail += step * 4 * y * Math.exp(-2 * y - intensity / y);
  return 1 - tail;
}
