import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { fft, ifft, meanPower, Rng } from '../math/index.js';
import { equalise } from './equalise.js';
import { type ImpulseModel, type ImpulseResponses, maxDopplerHz, rmsDelaySpread } from './impulse.js';
import { frequencyResponse, ofdm, ofdmMimo, ofdmTdl } from './ofdm.js';
import { tdl } from './tdl/tdl.js';
import { fromPair, gradientGap, largestGap, type Pair, toPair } from './testing.js';
import { convolveTaps, timeTaps } from './time-taps.js';
import type { ComplexTensor } from './types.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const grid = { subcarriers: 12, subcarrierSpacingHz: 30e3 };

/** Fixed responses of one link, one pair of antennas and one moment. */
function fixed(delaysSec: number[], gains: number[]): ImpulseResponses {
  return {
    shape: { links: 1, receive: 1, transmit: 1, paths: delaysSec.length, times: 1 },
    delaysSec: Float64Array.from(delaysSec),
    gains: Float32Array.from(gains),
  };
}

describe('frequencyResponse', () => {
  it('of one path is an exact phase ramp', () => {
    const delay = 2e-6;
    const response = frequencyResponse(fixed([delay], [0.6, 0.8]), { ...grid, normalize: false });
    for (let k = 0; k < grid.subcarriers; k++) {
      const angle = Math.atan2(0.8, 0.6) - 2 * Math.PI * (k - 6) * 30e3 * delay;
      expect(response[2 * k]).toBeCloseTo(Math.cos(angle), 6);
      expect(response[2 * k + 1]).toBeCloseTo(Math.sin(angle), 6);
    }
  });

  it('normalizes the power of each link to 1 when asked to, and only then', () => {
    const responses = tdl({ profile: 'TDL-B', delaySpreadSec: 1e-7, receive: 2 }).draw(Rng.of(3), {
      links: 4,
      times: 2,
      periodSec: 0,
    });
    const perLink = 2 * 2 * 2 * grid.subcarriers;
    const plain = frequencyResponse(responses, { ...grid, normalize: false });
    const unit = frequencyResponse(responses, { ...grid, normalize: true });
    for (let link = 0; link < 4; link++) {
      const own = (values: Float32Array) => meanPower(values.subarray(link * perLink, (link + 1) * perLink));
      expect(own(unit)).toBeCloseTo(1, 5);
      expect(Math.abs(own(plain) - 1)).toBeGreaterThan(1e-3);
    }
    expect(
      largestGap(frequencyResponse(fixed([0], [0, 0]), { ...grid, normalize: true }), new Float32Array(24)),
    ).toBe(0);
  });

  it('has unit mean power and the frequency correlation of the profile', () => {
    const links = 4000;
    const responses = tdl({ profile: 'TDLC300' }).draw(Rng.of('fc'), { links, times: 1, periodSec: 0 });
    const response = frequencyResponse(responses, { ...grid, normalize: false });
    expect(Math.abs(meanPower(response) - 1)).toBeLessThan(0.05);
    // E H(f) conj(H(0)) is the sum of powers times exp(-j 2 pi f delay).
    let [re, im] = [0, 0];
    for (let link = 0; link < links; link++) {
      const [a, b] = [2 * (12 * link + 11), 2 * 12 * link];
      re += response[a]! * response[b]! + response[a + 1]! * response[b + 1]!;
      im += response[a + 1]! * response[b]! - response[a]! * response[b + 1]!;
    }
    const [er, ei] = expectedCorrelation(11 * 30e3);
    expect(Math.abs(re / links - er)).toBeLessThan(0.05);
    expect(Math.abs(im / links - ei)).toBeLessThan(0.05);
  });
});

describe('time-domain taps', () => {
  const size = 64;
  const spacing = 15e3;
  const rate = size * spacing;

  /** One OFDM symbol with a cyclic prefix through the taps and back, from subcarriers to subcarriers. */
  function throughTime(symbols: Float64Array, responses: ImpulseResponses, margin: number): Float64Array {
    const prefix = 24;
    const body = ifft(shift(symbols, size / 2));
    const samples = Float32Array.from([
      ...body.subarray(2 * (size - prefix)),
      ...body,
      ...body.subarray(0, 40),
    ]);
    const taps = timeTaps(responses, { sampleRateHz: rate, normalize: false, margin });
    const received = convolveTaps(samples, taps);
    const start = 2 * (prefix - taps.firstTap);
    return shift(fft(Float64Array.from(received.subarray(start, start + 2 * size))), size / 2);
  }

  it('give OFDM the gains of the frequency response: exactly for whole samples, nearly between', () => {
    const symbols = Rng.of('ofdm').fillComplexNormal(new Float64Array(2 * size), 1);
    const whole = fixed([0, 3 / rate, 11 / rate], [0.8, 0.1, -0.3, 0.4, 0.2, -0.5]);
    const between = fixed([0.3 / rate, 4.5 / rate], [0.8, 0.1, -0.3, 0.4]);
    for (const [responses, margin, limit] of [
      [whole, 0, 1e-6],
      [between, 12, 0.05],
    ] as const) {
      const gains = frequencyResponse(responses, {
        subcarriers: size,
        subcarrierSpacingHz: spacing,
        normalize: false,
      });
      const received = throughTime(symbols, responses, margin);
      let error = 0;
      // The edges of the band, where a cut sinc rings, are left out.
      for (let k = 8; k < size - 8; k++) {
        const [hr, hi, xr, xi] = [gains[2 * k]!, gains[2 * k + 1]!, symbols[2 * k]!, symbols[2 * k + 1]!];
        error +=
          (received[2 * k]! - hr * xr + hi * xi) ** 2 + (received[2 * k + 1]! - hr * xi - hi * xr) ** 2;
      }
      expect(Math.sqrt(error / (size - 16))).toBeLessThan(limit);
    }
  });

  it('follow gains that move, sample by sample, over arrays', () => {
    const [sent, count] = [20, 4];
    const model = tdl({ profile: 'TDL-A', delaySpreadSec: 1e-9, dopplerHz: 1e5, receive: 2, transmit: 2 });
    const times = sent + count - 1;
    const responses = model.draw(Rng.of(8), { links: 2, times, periodSec: 1 / rate });
    const taps = timeTaps(responses, { sampleRateHz: rate, normalize: false, margin: 1 });
    expect(taps.count).toBe(count);
    const samples = Rng.of('x').fillNormal(new Float32Array(2 * 2 * 2 * sent));
    const received = convolveTaps(samples, taps);
    // Link 1, receive antenna 1, time 9: the sum over antennas and taps, written out.
    let [re, im] = [0, 0];
    for (let antenna = 0; antenna < 2; antenna++) {
      for (let tap = 0; tap < count; tap++) {
        const h = 2 * ((((1 * 2 + 1) * 2 + antenna) * times + 9) * count + tap);
        const x = 2 * ((1 * 2 + antenna) * sent + 9 - tap);
        re += taps.taps[h]! * samples[x]! - taps.taps[h + 1]! * samples[x + 1]!;
        im += taps.taps[h]! * samples[x + 1]! + taps.taps[h + 1]! * samples[x]!;
      }
    }
    const at = 2 * ((1 * 2 + 1) * times + 9);
    expect(received[at]).toBeCloseTo(re, 5);
    expect(received[at + 1]).toBeCloseTo(im, 5);
    expect(() => convolveTaps(new Float32Array(2 * 2 * 2 * 30), taps)).toThrow(
      'taps at 23 samples; allowed: 1, or 33',
    );
    expect(() => convolveTaps(new Float32Array(6), taps)).toThrow('6 numbers; allowed: a multiple of 8');
    const unit = timeTaps(responses, { sampleRateHz: rate, normalize: true, margin: 1 });
    expect(meanPower(unit.taps) * count).toBeCloseTo(1, 5);
  });
});

describe('ofdmTdl', () => {
  const options = { profile: 'TDL-C', delaySpreadSec: 3e-7, dopplerHz: 200, snrDb: 12, ...grid } as const;
  const shape = { codewords: 3, uses: 40 };

  it('gives each use the gain of its subcarrier and OFDM symbol', () => {
    const model = tdl(options);
    const { gains } = ofdmTdl(options).sample(Rng.of(4), shape);
    expect(gains).toHaveLength(2 * 3 * 40);
    // The same draw by hand: noise first, then the taps of 3 codewords at 4 symbols.
    const rng = Rng.of(4);
    rng.fillComplexNormal(new Float32Array(2 * 3 * 40), 1);
    const responses = model.draw(rng, { links: 3, times: 4, periodSec: (1 + 144 / 2048) / 30e3 });
    const response = frequencyResponse(responses, { ...grid, normalize: false });
    expect(gains.subarray(80, 160)).toEqual(response.subarray(2 * 48, 2 * 48 + 80));
  });

  it('gives the same on tensors, and gradients that match finite differences', () => {
    const draw = ofdmTdl(options).sample(Rng.of(5), shape);
    const sent = Rng.of('sent').fillNormal(new Float32Array(2 * 3 * 40));
    const applied = (pair: Pair) => draw.applyTensor(pair as ComplexTensor);
    expect(largestGap(fromPair(applied(toPair(sent, [3, 40]))), draw.apply(sent))).toBeLessThan(1e-5);
    expect(gradientGap(applied, draw.apply, sent, [3, 40])).toBeLessThan(1e-3);
  });

  it('draws frames of ofdmSymbols independently of each other', () => {
    const still = { ...options, dopplerHz: 0, ofdmSymbols: 1, snrDb: 0 };
    const { gains } = ofdmTdl(still).sample(Rng.of(6), { codewords: 1, uses: 36 });
    expect(gains[24]).not.toBe(gains[0]);
    const slow = ofdmTdl({ ...still, ofdmSymbols: 3 }).sample(Rng.of(6), { codewords: 1, uses: 36 });
    expect(slow.gains[24]).toBe(slow.gains[0]);
  });

  it('leaves equalised symbols with noise of the stated variance', () => {
    const draw = ofdmTdl(options).sample(Rng.of(7), { codewords: 50, uses: 1200 });
    const { symbols, noiseVariance } = equalise(draw.apply(new Float32Array(2 * 50 * 1200)), draw);
    let sum = 0;
    for (let k = 0; k < noiseVariance.length; k++) {
      sum += (symbols[2 * k]! ** 2 + symbols[2 * k + 1]! ** 2) / noiseVariance[k]!;
    }
    expect(Math.abs(sum / noiseVariance.length - 1)).toBeLessThan(5 / Math.sqrt(noiseVariance.length));
  });

  it('gives arrays the matrices of the same responses, on tensors too', () => {
    const model = tdl({ ...options, receive: 3, transmit: 2 });
    const channel = ofdmMimo(model, { ...grid, snrDb: 30, normalize: false, ofdmSymbols: 2 });
    const draw = channel.sample(Rng.of(9), { codewords: 2, uses: 30 });
    const rng = Rng.of(9);
    rng.fillComplexNormal(new Float32Array(2 * 2 * 30 * 3), 1);
    const responses = model.draw(rng, { links: 4, times: 2, periodSec: (1 + 144 / 2048) / 30e3 });
    const response = frequencyResponse(responses, { ...grid, normalize: false });
    // Codeword 1, use 27, antennas 2 and 1: frame 1 of the codeword, symbol 0, subcarrier 3.
    const found = draw.gains[2 * (((1 * 30 + 27) * 3 + 2) * 2 + 1)];
    expect(found).toBe(response[2 * (((3 * 3 + 2) * 2 + 1) * 24 + 3)]);
    const sent = Rng.of('x').fillNormal(new Float32Array(2 * 2 * 30 * 2));
    const applied = draw.applyTensor(toPair(sent, [2, 30, 2]) as Parameters<typeof draw.applyTensor>[0]);
    expect(largestGap(fromPair(applied), draw.apply(sent))).toBeLessThan(1e-5);
  });

  it('refuses what is out of range', () => {
    expect(() => ofdmTdl({ ...options, subcarriers: 0 })).toThrow('subcarriers is 0');
    expect(() => ofdmTdl({ ...options, subcarrierSpacingHz: Number.NaN })).toThrow(
      'subcarrierSpacingHz is NaN',
    );
    expect(() => ofdmTdl({ ...options, ofdmSymbols: 1.5 })).toThrow('ofdmSymbols is 1.5');
    expect(() => ofdmTdl({ ...options, cyclicPrefixShare: -1 })).toThrow('cyclicPrefixShare is -1');
    const array: ImpulseModel = tdl({ ...options, receive: 2 });
    expect(() => ofdm(array, { ...options, normalize: false })).toThrow(
      'tdl-c of 2 x 1 antennas; allowed: 1 x 1',
    );
    expect(() => timeTaps(fixed([0], [1, 0]), { sampleRateHz: 0, normalize: false })).toThrow(
      'sampleRateHz is 0',
    );
  });
});

describe('helpers', () => {
  it('give Doppler shifts and delay spreads of closed form', () => {
    expect(maxDopplerHz(30, 3.5e9)).toBeCloseTo(350.24, 2);
    expect(rmsDelaySpread([0, 1], [1, 1])).toBeCloseTo(0.5, 12);
    expect(() => rmsDelaySpread([0], [1, 2])).toThrow('1 delays of 2 powers');
    expect(() => rmsDelaySpread([0], [0])).toThrow('all powers are 0');
    expect(() => maxDopplerHz(-1, 1e9)).toThrow('speedMps is -1');
  });
});

/** Rotates complex values by `by` places. */
function shift(values: Float64Array, by: number): Float64Array {
  return Float64Array.from([...values.subarray(2 * by), ...values.subarray(0, 2 * by)]);
}

function expectedCorrelation(frequency: number): [re: number, im: number] {
  const model = tdl({ profile: 'TDLC300' });
  const { delaysSec } = model.draw(Rng.of(0), { links: 1, times: 1, periodSec: 0 });
  const powers = [-6.9, 0, -7.7, -2.5, -2.4, -9.9, -8, -6.6, -7.1, -13, -14.2, -16].map(
    (db) => 10 ** (db / 10),
  );
  const total = powers.reduce((sum, power) => sum + power, 0);
  const part = (wave: (angle: number) => number) =>
    powers.reduce((sum, power, path) => sum + power * wave(-2 * Math.PI * frequency * delaysSec[path]!), 0) /
    total;
  return [part(Math.cos), part(Math.sin)];
}
