import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { meanPower, qFunction, Rng, wilsonInterval } from '../math/index.js';
import { awgn, rayleigh } from './channels.js';
import { equalise } from './equalise.js';
import { interfered, multiUser } from './multi-user.js';
import { fromPair, gradientGap, largestGap, type Pair, toPair } from './testing.js';
import type { ComplexTensor } from './types.js';

const shape = { codewords: 3, uses: 10 };
const symbolsOf = (name: string) => Rng.of(name).fillNormal(new Float32Array(2 * 30));
const links = {
  awgn,
  block: rayleigh,
  fast: (options: { snrDb: number }) => rayleigh({ ...options, fading: 'fast' }),
};

beforeAll(async () => {
  await useEngine('cpu');
});

describe('multiUser', () => {
  it('adds the users with their powers and one noise', () => {
    for (const link of Object.values(links)) {
      const draw = multiUser({ snrDb: 5, powersDb: [0, -6, 3], link }).sample(Rng.of(1), shape);
      const sent = ['a', 'b', 'c'].map(symbolsOf);
      const expected = draw.noise.slice();
      draw.users.forEach((user, k) => {
        user.apply(sent[k]!).forEach((value, at) => {
          expected[at]! += value;
        });
      });
      expect(largestGap(draw.apply(sent), expected)).toBeLessThan(1e-6);
    }
    const many = { codewords: 20_000, uses: 2 };
    const draw = multiUser({ snrDb: 5, powersDb: [0, -6], link: rayleigh }).sample(Rng.of(2), many);
    expect(meanPower(draw.users[1]!.gains)).toBeCloseTo(10 ** -0.6, 1);
    expect(meanPower(draw.noise) / 10 ** -0.5).toBeCloseTo(1, 1);
  });

  it('is the single-user channel with one user', () => {
    const draw = multiUser({ snrDb: 5, powersDb: [0] }).sample(Rng.of(3), shape);
    const single = awgn({ snrDb: 5 }).sample(Rng.of(3), shape);
    expect(largestGap(draw.apply([symbolsOf('a')]), single.apply(symbolsOf('a')))).toBeLessThan(1e-6);
  });

  it('states the SINR', () => {
    const draw = multiUser({ snrDb: 10, powersDb: [0, -3, -7] }).sample(Rng.of(0), shape);
    const powers = [1, 10 ** -0.3, 10 ** -0.7];
    powers.forEach((own, user) => {
      const expected = own / (powers[0]! + powers[1]! + powers[2]! - own + 0.1);
      for (const found of draw.sinr(user)) expect(found).toBeCloseTo(expected, 5);
    });
    expect(() => draw.sinr(3)).toThrow('user is 3; allowed: an integer from 0 to 2');
  });

  it('gives the same on tensors, and gradients that match finite differences', () => {
    for (const link of Object.values(links)) {
      const draw = multiUser({ snrDb: 5, powersDb: [0, 2], link }).sample(Rng.of(4), shape);
      const other = symbolsOf('other');
      const tensors = (pair: Pair) => [toPair(other, [3, 10]), pair] as ComplexTensor[];
      const applied = (pair: Pair) => draw.applyTensor(tensors(pair));
      const arrays = (values: Float32Array) => draw.apply([other, values]);
      const sent = symbolsOf('sent');
      expect(largestGap(fromPair(applied(toPair(sent, [3, 10]))), arrays(sent))).toBeLessThan(1e-5);
      expect(gradientGap(applied, arrays, sent, [3, 10])).toBeLessThan(1e-3);
    }
  });

  it('refuses what does not fit', () => {
    expect(() => multiUser({ snrDb: 0, powersDb: [] })).toThrow('0 powers; allowed: 1 to 256 users');
    expect(() => multiUser({ snrDb: 0, powersDb: [60] })).toThrow('powersDb is 60');
    expect(() => multiUser({ snrDb: Number.NaN, powersDb: [0] })).toThrow('snrDb is NaN');
    const draw = multiUser({ snrDb: 0, powersDb: [0, 0] }).sample(Rng.of(0), shape);
    expect(() => draw.apply([symbolsOf('a')])).toThrow('symbols of 1 users; allowed: 2');
    expect(() => draw.apply([symbolsOf('a'), new Float32Array(2)])).toThrow('2 numbers');
  });
});

describe('interfered', () => {
  it('raises the noise variance by the interference', () => {
    for (const link of [links.awgn, links.block]) {
      const channel = interfered({ channel: rayleigh({ snrDb: 10 }), powersDb: [-3, -9], link });
      const draw = channel.sample(Rng.of(5), { codewords: 4, uses: 20_000 });
      expect(channel.name).toBe('rayleigh-block-interfered');
      draw.noiseVariances.forEach((variance, codeword) => {
        const part = draw.noise.subarray(2 * 20_000 * codeword, 2 * 20_000 * (codeword + 1));
        expect(Math.abs(meanPower(part) / variance - 1)).toBeLessThan(0.05);
      });
    }
  });

  it('costs BPSK what an antipodal interferer in phase and quadrature costs', () => {
    // An interferer of power P moves the real part by +-sqrt(P/2): a mean of two Gaussian tails.
    const [snr, power] = [10 ** 0.6, 10 ** -0.5];
    const channel = interfered({ channel: awgn({ snrDb: 6 }), powersDb: [-5] });
    const uses = 200_000;
    const draw = channel.sample(Rng.of(6), { codewords: 1, uses });
    const sent = Float32Array.from({ length: 2 * uses }, (_, at) => (at % 2 === 0 ? 1 : 0));
    const { symbols } = equalise(draw.apply(sent), draw);
    let errors = 0;
    for (let at = 0; at < symbols.length; at += 2) if (symbols[at]! < 0) errors++;
    const tail = (sign: number) => qFunction(Math.sqrt(2 * snr) * (1 + sign * Math.sqrt(power / 2)));
    const [low, high] = wilsonInterval(errors, uses, 0.999);
    expect((tail(1) + tail(-1)) / 2).toBeGreaterThan(low);
    expect((tail(1) + tail(-1)) / 2).toBeLessThan(high);
  });
});
