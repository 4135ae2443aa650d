import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { awgn, nakagami, rayleigh, rician } from './channels.js';
import { equalise, equaliseTensor } from './equalise.js';
import { type ChannelInputs, channelInputs, overChannel } from './inputs.js';
import { jakes } from './jakes.js';
import { independentLosses, packetErasure } from './losses.js';
import { ofdmTdl } from './ofdm.js';
import { averageOverEnsemble, peak, perCodeword } from './power.js';
import type { Channel, ComplexTensor } from './types.js';

const shape = { codewords: 5, uses: 12 };
const count = shape.codewords * shape.uses;

const channels: readonly Channel[] = [
  awgn({ snrDb: 3 }),
  awgn({ snrDb: Float32Array.of(-10, 0, 5, 10, 30) }),
  rayleigh({ snrDb: 8 }),
  rayleigh({ snrDb: 8, fading: 'fast' }),
  rician({ snrDb: 8, kFactorDb: 4 }),
  rician({ snrDb: 8, kFactorDb: 4, fading: 'fast' }),
  nakagami({ snrDb: 8, m: 2 }),
  jakes({ snrDb: 8, dopplerHz: 100, usePeriodSec: 1e-3 }),
  packetErasure({ snrDb: 8, losses: independentLosses({ lossProbability: 0.3 }), usesPerPacket: 3 }),
  ofdmTdl({ snrDb: 8, profile: 'TDLA30', subcarriers: 4, subcarrierSpacingHz: 1e6, ofdmSymbols: 2 }),
];
const constraints = [perCodeword(), averageOverEnsemble(), peak({ peakEnergy: 1.5 })];

const randomSymbols = (name: string) => Rng.of(name).fillNormal(new Float32Array(2 * count));

function toTensor(symbols: Float32Array): ComplexTensor {
  const part = (offset: number) =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, k) => symbols[2 * k + offset]!),
      [shape.codewords, shape.uses],
    );
  return { re: part(0), im: part(1) };
}

function toArray({ re, im }: ComplexTensor): Float32Array {
  const [real, imaginary] = [re.dataSync(), im.dataSync()];
  return Float32Array.from(
    { length: 2 * real.length },
    (_, index) => (index % 2 === 0 ? real : imaginary)[index >> 1]!,
  );
}

/** Largest difference relative to the larger of 1 and the value. */
function expectSame(tensor: ComplexTensor, array: Float32Array): void {
  const found = toArray(tensor);
  expect(found.length).toBe(array.length);
  found.forEach((value, index) => {
    expect(Math.abs(value - array[index]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(array[index]!)));
  });
}

/** Compares the gradient of sum(w * f(z)^2) with central differences of the array form, in doubles. */
function expectGradient(
  tensorForm: (z: ComplexTensor) => ComplexTensor,
  arrayForm: (z: Float32Array) => Float32Array,
  at: Float32Array,
): void {
  const weights = Rng.of('weights').fillUniform(new Float32Array(2 * count), 0.5, 1.5);
  const w = toTensor(weights);
  const loss = (re: tf.Tensor, im: tf.Tensor): tf.Scalar => {
    const out = tensorForm({ re: re as tf.Tensor2D, im: im as tf.Tensor2D });
    const weighted = tf.add(tf.mul(w.re, tf.square(out.re)), tf.mul(w.im, tf.square(out.im)));
    return tf.sum(weighted) as tf.Scalar;
  };
  const z = toTensor(at);
  const [re, im] = tf.grads(loss)([z.re, z.im]) as [tf.Tensor2D, tf.Tensor2D];
  const gradient = toArray({ re, im });
  const value = (symbols: Float32Array) =>
    arrayForm(symbols).reduce((sum, x, k) => sum + weights[k]! * x * x, 0);
  for (const index of [0, 1, 7, 30, 61, 2 * count - 1]) {
    const step = 1 / 128;
    const [up, down] = [at.slice(), at.slice()];
    up[index]! += step;
    down[index]! -= step;
    const slope = (value(up) - value(down)) / (up[index]! - down[index]!);
    expect(Math.abs(gradient[index]! - slope)).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
  }
}

beforeAll(async () => {
  await useEngine('cpu');
});

describe('a realisation on arrays and on tensors', () => {
  it('gives the same received symbols', () => {
    for (const channel of channels) {
      const realisation = channel.sample(Rng.of(4), shape);
      const symbols = randomSymbols('x');
      expectSame(realisation.applyTensor(toTensor(symbols)), realisation.apply(symbols));
    }
  });

  it('gives the same equalised symbols', () => {
    for (const channel of channels) {
      const realisation = channel.sample(Rng.of(4), shape);
      const received = realisation.apply(randomSymbols('x'));
      expectSame(equaliseTensor(toTensor(received), realisation), equalise(received, realisation).symbols);
    }
  });

  it('lets gradients through the channel and the equaliser', () => {
    for (const channel of channels) {
      const realisation = channel.sample(Rng.of(6), shape);
      const at = randomSymbols('gradient');
      expectGradient(realisation.applyTensor, realisation.apply, at);
      expectGradient(
        (z) => equaliseTensor(realisation.applyTensor(z), realisation),
        (z) => equalise(realisation.apply(z), realisation).symbols,
        at,
      );
    }
  });

  it('leaves no tensors behind and refuses the wrong shape', () => {
    const realisation = rayleigh({ snrDb: 0 }).sample(Rng.of(0), shape);
    const z = toTensor(randomSymbols('memory'));
    const before = tf.memory().numTensors;
    const y = realisation.applyTensor(z);
    equaliseTensor(y, realisation);
    expect(tf.memory().numTensors).toBe(before + 4);
    const wrong = { re: tf.zeros([2, 2]) as tf.Tensor2D, im: tf.zeros([2, 2]) as tf.Tensor2D };
    expect(() => realisation.applyTensor(wrong)).toThrow('symbols of shape [2,2]; allowed: [5,12]');
    expect(() => equaliseTensor(wrong, realisation)).toThrow('shape [2,2]');
  });
});

describe('power constraints on arrays and on tensors', () => {
  it('give the same symbols, a silent codeword included', () => {
    for (const constraint of constraints) {
      const symbols = randomSymbols('power').map(
        (value, index) => value * (index < 2 * shape.uses ? 0 : 1 + index / 30),
      );
      expectSame(constraint.normaliseTensor(toTensor(symbols)), constraint.normalise(symbols, shape.uses));
    }
  });

  it('let gradients through, finite at a silent codeword too', () => {
    for (const constraint of constraints) {
      expectGradient(
        constraint.normaliseTensor,
        (z) => constraint.normalise(z, shape.uses),
        randomSymbols('slope'),
      );
      const zero = toTensor(new Float32Array(2 * count));
      const [slope] = tf.grads((re: tf.Tensor, im: tf.Tensor) => {
        const out = constraint.normaliseTensor({ re: re as tf.Tensor2D, im: im as tf.Tensor2D });
        return tf.sum(tf.add(tf.square(out.re), out.im)) as tf.Scalar;
      })([zero.re, zero.im]);
      expect(slope!.dataSync().every(Number.isFinite)).toBe(true);
    }
  });
});

describe('a draw as inputs of a compiled function', () => {
  it('gives what the realisation gives and equalisation makes of it', () => {
    for (const channel of channels) {
      const realisation = channel.sample(Rng.of('draw'), shape);
      const inputs = Object.entries(channelInputs(realisation)).map(([name, { shape: sides, data }]) => [
        name,
        tf.tensor2d(data, sides),
      ]);
      const tensors = Object.fromEntries(inputs) as ChannelInputs<tf.Tensor>;
      const sent = toTensor(randomSymbols('sent'));
      const expected = toArray(equaliseTensor(realisation.applyTensor(sent), realisation));
      expect(toArray(overChannel(sent, tensors))).toEqual(expected);
      const short = { re: tf.zeros([5, 11]) as tf.Tensor2D, im: tf.zeros([5, 11]) as tf.Tensor2D };
      expect(() => overChannel(short, tensors)).toThrow(/shape \[5,11\]; allowed: \[5,12\]/);
    }
  });
});
