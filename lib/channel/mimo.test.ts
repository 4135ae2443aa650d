import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { complexMatrix, conjugateTranspose, matrixMultiply, meanPower, Rng } from '../math/index.js';
import { correlationRoot, exponentialCorrelation } from './correlation.js';
import { mimoRayleigh } from './mimo.js';
import type { ComplexVectors, MimoRealisation } from './mimo-realisation.js';
import { fromPair, gradientGap, largestGap, type Pair, toPair } from './testing.js';

const receiveCorrelation = exponentialCorrelation(3, 0.7, 0.9);
const transmitCorrelation = exponentialCorrelation(2, 0.4, -0.5);
const correlated = { receive: 3, transmit: 2, receiveCorrelation, transmitCorrelation };

const vectors = (pair: Pair) => pair as { re: tf.Tensor3D; im: tf.Tensor3D };
const applied = (realisation: MimoRealisation) => (pair: Pair) =>
  realisation.applyTensor(vectors(pair)) as ComplexVectors;

beforeAll(async () => {
  await useEngine('cpu');
});

describe('mimoRayleigh', () => {
  it('has the Kronecker covariance, within 5 standard errors and 0.05', () => {
    const codewords = 20_000;
    const channel = mimoRayleigh({ snrDb: 10, ...correlated });
    const { gains } = channel.sample(Rng.of('kronecker'), { codewords, uses: 1 });
    const limit = Math.min(0.05, 5 / Math.sqrt(codewords));
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) {
        const [i, j, k, l] = [Math.floor(a / 2), a % 2, Math.floor(b / 2), b % 2];
        const [re, im] = covariance(gains, a, b);
        const [er, ei] = product(
          receiveCorrelation.data,
          2 * (3 * i + k),
          transmitCorrelation.data,
          2 * (2 * j + l),
        );
        expect(Math.abs(re - er)).toBeLessThan(limit);
        expect(Math.abs(im - ei)).toBeLessThan(limit);
      }
    }
  });

  it('gives independent antennas of unit gain without correlation, and noise of variance N0', () => {
    const draw = mimoRayleigh({ snrDb: 5, receive: 2, transmit: 2 }).sample(Rng.of(1), {
      codewords: 20_000,
      uses: 2,
    });
    expect(Math.abs(covariance(draw.gains.subarray(0), 0, 3, 4)[0])).toBeLessThan(0.04);
    expect(meanPower(draw.gains)).toBeCloseTo(1, 1);
    const noise = draw.apply(new Float32Array(2 * 20_000 * 2 * 2));
    expect(meanPower(noise) / draw.noiseVariance).toBeGreaterThan(0.98);
    expect(meanPower(noise) / draw.noiseVariance).toBeLessThan(1.02);
  });

  it('gives the same on tensors, gradients included', () => {
    for (const fading of ['block', 'fast'] as const) {
      const draw = mimoRayleigh({ snrDb: 8, ...correlated, fading }).sample(Rng.of(2), {
        codewords: 3,
        uses: 4,
      });
      const sent = Rng.of('sent').fillNormal(new Float32Array(2 * 3 * 4 * 2));
      expect(largestGap(fromPair(applied(draw)(toPair(sent, [3, 4, 2]))), draw.apply(sent))).toBeLessThan(
        1e-5,
      );
      expect(gradientGap(applied(draw), draw.apply, sent, [3, 4, 2])).toBeLessThan(1e-3);
    }
  });

  it('refuses what does not fit', () => {
    expect(() => mimoRayleigh({ snrDb: 0, receive: 0, transmit: 1 })).toThrow('receive is 0');
    expect(() => mimoRayleigh({ snrDb: 0, receive: 2, transmit: 2, receiveCorrelation })).toThrow(
      'correlation matrix is 3 x 3; allowed: 2 x 2',
    );
    const draw = mimoRayleigh({ snrDb: 0, receive: 2, transmit: 1 }).sample(Rng.of(0), {
      codewords: 1,
      uses: 3,
    });
    expect(() => draw.apply(new Float32Array(4))).toThrow('4 numbers; allowed: 6');
    expect(() => applied(draw)(toPair(new Float32Array(12), [1, 3, 2]))).toThrow(
      'shape [1,3,2]; allowed: [1,3,1]',
    );
  });
});

describe('correlation matrices', () => {
  it('are Hermitian and the product of their root', () => {
    const root = correlationRoot(receiveCorrelation, 3);
    for (const [at, value] of matrixMultiply(root, conjugateTranspose(root)).data.entries()) {
      expect(value).toBeCloseTo(receiveCorrelation.data[at]!, 12);
    }
  });

  it('refuse a matrix that is none', () => {
    const root = (size: number, ...values: number[]) =>
      correlationRoot(complexMatrix(size, size, Float64Array.from(values)), size);
    expect(() => root(2, 1, 0, 1, 0, 1, 0, 1, 0)).toThrow('positive definite');
    expect(() => root(2, 1, 0, 0.5, 0.5, 0.5, 0.5, 1, 0)).toThrow('Hermitian');
    expect(() => root(1, 2, 0)).toThrow('has 2 at (0, 0); allowed: a diagonal of ones');
    expect(() => root(1, Number.NaN, 0)).toThrow('diagonal of ones');
    expect(() => root(1, 1, 0.1)).toThrow('diagonal of ones');
    expect(() => exponentialCorrelation(2, 1)).toThrow('magnitude is 1');
  });
});

/** Mean of z[a] conj(z[b]) over vectors of `size` complex numbers. */
function covariance(values: Float32Array, a: number, b: number, size = 6): [re: number, im: number] {
  let [re, im] = [0, 0];
  const count = values.length / (2 * size);
  for (let base = 0; base < values.length; base += 2 * size) {
    const [ar, ai] = [values[base + 2 * a]!, values[base + 2 * a + 1]!];
    const [br, bi] = [values[base + 2 * b]!, values[base + 2 * b + 1]!];
    re += ar * br + ai * bi;
    im += ai * br - ar * bi;
  }
  return [re / count, im / count];
}

function product(a: Float64Array, atA: number, b: Float64Array, atB: number): [re: number, im: number] {
  const [ar, ai, br, bi] = [a[atA]!, a[atA + 1]!, b[atB]!, b[atB + 1]!];
  return [ar * br - ai * bi, ar * bi + ai * br];
}
