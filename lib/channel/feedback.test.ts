import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { meanPower, Rng } from '../math/index.js';
import { awgn, rayleigh } from './channels.js';
import { exchange, type FeedbackLink, feedbackChannel } from './feedback.js';
import { fromPair, gradientGap, largestGap, type Pair, toPair } from './testing.js';
import type { ComplexTensor } from './types.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const minus = (a: Float32Array, b: Float32Array) => a.map((value, k) => value - b[k]!);
const scaled = (a: Float32Array, factor: number) => a.map((value) => value * factor);

describe('a feedback channel', () => {
  it('lets Schalkwijk and Kailath reach the error 1/(1 + snr)^n without noise on the way back', () => {
    const [snrDb, uses, codewords] = [3, 4, 20_000];
    const snr = 10 ** (snrDb / 10);
    const draw = feedbackChannel({ forward: awgn({ snrDb }) }).sample(Rng.of('sk'), { codewords, uses });
    const message = Rng.of('message').fillComplexNormal(new Float32Array(2 * codewords), 1);
    // The estimate of the last error from each use is snr/(1 + snr) of what was received, scaled back.
    const gain = snr / (1 + snr);
    const errorStd = (use: number) => (1 + snr) ** (-use / 2);
    const residual = (received: readonly Float32Array[]) =>
      received.reduce((left, y, use) => minus(left, scaled(y, gain * errorStd(use))), message);
    const received = exchange(draw.arrays, {
      encode: (use, heard) => {
        const symbols = scaled(residual(heard), 1 / errorStd(use));
        expect(Math.abs(meanPower(symbols) - 1)).toBeLessThan(0.05);
        return symbols;
      },
    });
    const error = meanPower(residual(received)) * (1 + snr) ** uses;
    expect(Math.abs(error - 1)).toBeLessThan(5 / Math.sqrt(codewords));
  });

  it('adds noise on the way back, and keeps its delay of one use', () => {
    const shape = { codewords: 5000, uses: 3 };
    const channel = feedbackChannel({ forward: awgn({ snrDb: 10 }), back: awgn({ snrDb: 4 }) });
    const draw = channel.sample(Rng.of(1), shape);
    const seen: number[] = [];
    const zero = new Float32Array(2 * shape.codewords);
    const heards: Float32Array[] = [];
    const received = exchange(draw.arrays, {
      encode: (use, heard) => {
        seen.push(heard.length);
        expect(use).toBe(heard.length);
        heards.push(...heard.slice(-1));
        return zero;
      },
      reply: (use, got) => {
        expect(got).toHaveLength(use + 1);
        return zero;
      },
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(meanPower(received[0]!)).toBeCloseTo(0.1, 2);
    expect(meanPower(heards[0]!) / 10 ** -0.4).toBeCloseTo(1, 1);
    expect(channel.name).toBe('feedback-awgn-awgn');
  });

  it('gives the block channel when the code does not listen', () => {
    const shape = { codewords: 4, uses: 5 };
    for (const fading of ['block', 'fast'] as const) {
      const draw = feedbackChannel({ forward: rayleigh({ snrDb: 8, fading }) }).sample(Rng.of(2), shape);
      const sent = Rng.of('sent').fillNormal(new Float32Array(2 * 20));
      const column = (use: number) =>
        Float32Array.from({ length: 8 }, (_, k) => sent[2 * ((k >> 1) * 5 + use) + (k & 1)]!);
      const received = exchange(draw.arrays, { encode: (use) => column(use) });
      const whole = draw.forward.apply(sent);
      received.forEach((symbols, use) => {
        symbols.forEach((value, k) => {
          expect(value).toBeCloseTo(whole[2 * ((k >> 1) * 5 + use) + (k & 1)]!, 5);
        });
      });
    }
  });

  it('gives the same on tensors, and gradients through all uses that match finite differences', () => {
    const draw = feedbackChannel({ forward: rayleigh({ snrDb: 8 }), back: awgn({ snrDb: 15 }) }).sample(
      Rng.of(3),
      { codewords: 6, uses: 3 },
    );
    const sent = Rng.of('sent').fillNormal(new Float32Array(12));
    // A code that sends its message less what it last heard.
    const run = <T>(link: FeedbackLink<T>, message: T, less: (a: T, b: T) => T) =>
      exchange(link, { encode: (_, heard) => heard.reduce(less, message) }).at(-1)!;
    const arrays = (values: Float32Array) => run(draw.arrays, values, minus);
    const tensors = (pair: Pair) =>
      run(
        draw.tensors,
        pair as ComplexTensor,
        (a, b) => ({ re: tf.sub(a.re, b.re), im: tf.sub(a.im, b.im) }) as ComplexTensor,
      );
    expect(largestGap(fromPair(tensors(toPair(sent, [6, 1]))), arrays(sent))).toBeLessThan(1e-5);
    expect(gradientGap(tensors, arrays, sent, [6, 1])).toBeLessThan(1e-3);
  });

  it('refuses what does not fit', () => {
    const draw = feedbackChannel({ forward: awgn({ snrDb: 0 }) }).sample(Rng.of(0), {
      codewords: 2,
      uses: 3,
    });
    expect(() => draw.arrays.forward(3, new Float32Array(4))).toThrow('use is 3');
    expect(() => draw.arrays.forward(0, new Float32Array(2))).toThrow('2 numbers; allowed: 4');
    expect(() => draw.tensors.forward(0, toPair(new Float32Array(4), [1, 2]) as ComplexTensor)).toThrow(
      'symbols of shape [1,2]; allowed: [2,1]',
    );
  });
});
