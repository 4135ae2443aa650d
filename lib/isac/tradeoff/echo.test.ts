import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError } from '../../math/index.js';
import { constellation } from '../../phy/index.js';
import { frameEcho, noiseless } from '../model/index.js';
import type { Observation } from '../types.js';
import {
  allocatePower,
  echoNoise,
  locateTarget,
  pilotTradeoff,
  symbolKurtosis,
  weightedBound,
} from './index.js';

const shape = [24, 10];
const target = { mu: [-0.7, 0.4], gains: Float64Array.of(0.6, 0.8) };
const channel = noiseless([target], { shape });

function received(sent: Float64Array, noiseVariance: number, rng: Rng): Observation {
  const echo = frameEcho(channel, sent);
  const noise = rng.fillComplexNormal(new Float64Array(sent.length), noiseVariance);
  return { ...echo, data: echo.data.map((value, at) => value + noise[at]!) };
}

const powersOf = (sent: Float64Array) =>
  Float64Array.from({ length: sent.length / 2 }, (_, k) => sent[2 * k]! ** 2 + sent[2 * k + 1]! ** 2);

/** Mean of squared errors over the bound of each frame, with its standard error. */
function efficiency(draw: (rng: Rng) => Float64Array, noiseVariance: number, near?: number[]) {
  const ratios = Array.from({ length: 200 }, (_, trial) => {
    const rng = Rng.of(trial).fork('efficiency');
    const sent = draw(rng);
    const found = locateTarget(received(sent, noiseVariance, rng.fork('noise')), sent, near ? { near } : {});
    expect(found.resolved).toBe(true);
    const bound = weightedBound(powersOf(sent), shape, 1 / noiseVariance);
    return mean(target.mu.map((mu, d) => (found.sources[0]!.mu[d]! - mu) ** 2 / bound[d]!));
  });
  return { ratio: mean(ratios), error: standardError(ratios) };
}

const gaussian = (power: Float64Array) => (rng: Rng) => {
  const sent = rng.fillComplexNormal(new Float64Array(2 * power.length));
  return sent.map((value, at) => value * Math.sqrt(power[at >> 1]!));
};

describe('a target in the frame that carries data', () => {
  const gains = Float64Array.from({ length: 24 }, (_, k) => 3 * (1.1 + Math.cos(k)));
  const goal = { range: 1, velocity: 0 };

  it('is located to the bound of the very powers sent, at high SNR, at 3.5 standard errors', () => {
    for (const price of [0, 1, 5]) {
      const { power } = allocatePower({ gains, symbols: 10, peak: 4 }, goal, price);
      const { ratio, error } = efficiency(gaussian(power), 0.05);
      expect(Math.abs(ratio - 1)).toBeLessThan(3.5 * error);
    }
  });

  it('from pure sensing too, once it is known to a bin; without that no one can tell, and the verdict says so', () => {
    const { power } = allocatePower({ gains, symbols: 10 }, goal, Number.POSITIVE_INFINITY);
    const { ratio, error } = efficiency(gaussian(power), 0.05, [-0.75, 0.5]);
    expect(Math.abs(ratio - 1)).toBeLessThan(3.5 * error);
    const sent = gaussian(power)(Rng.of(1));
    const found = locateTarget(received(sent, 0.05, Rng.of(2)), sent);
    expect(found).toMatchObject({ resolved: false, reason: expect.stringContaining('nearly as well') });
  });

  it('is not there in noise alone, and its gain is right without noise', () => {
    const sent = gaussian(new Float64Array(240).fill(1))(Rng.of(3));
    const noise = { ...channel, data: Rng.of(4).fillComplexNormal(new Float64Array(480)) };
    expect(locateTarget(noise, sent)).toMatchObject({
      resolved: false,
      reason: expect.stringContaining('noise'),
    });
    const known = sent.map((value, at) => (at % 20 < 6 ? value : 0));
    const { sources, resolved } = locateTarget(received(known, 0, Rng.of(5)), known);
    expect(resolved).toBe(true);
    for (const [d, mu] of target.mu.entries()) expect(sources[0]!.mu[d]!).toBeCloseTo(mu, 6);
  });

  it('refuses a frame without known symbols', () => {
    expect(() => locateTarget(channel, new Float64Array(480))).toThrow('without a known symbol');
  });
});

describe('random symbols and pilots', () => {
  it('have the fourth moments of their points', () => {
    expect(symbolKurtosis(constellation('psk', 8))).toBeCloseTo(1, 12);
    expect(symbolKurtosis(constellation('qam', 16))).toBeCloseTo(1.32, 12);
    // Of a square filled evenly, 7/5.
    expect(symbolKurtosis(constellation('qam', 1024))).toBeCloseTo(1.4, 2);
    const noise = { noiseVariance: 0.1, others: 10 };
    expect(echoNoise('divide', constellation('qam', 16), noise)).toBeCloseTo(0.17 / 0.9, 12);
    expect(echoNoise('matched', constellation('qam', 16), noise)).toBeCloseTo(3.3, 12);
    expect(echoNoise('matched', constellation('psk', 4), noise)).toBeCloseTo(0.1, 12);
    expect(echoNoise('matched', 'gaussian', noise)).toBeCloseTo(10.1, 12);
    expect(echoNoise('divide', 'gaussian', noise)).toBe(Number.POSITIVE_INFINITY);
  });

  it('leave a floor of (E|x|^4 - 1) / N under a matched periodogram', () => {
    const one = constellation('qam', 16);
    const count = 4096;
    const floors = Array.from({ length: 200 }, (_, trial) => {
      const rng = Rng.of(trial).fork('floor');
      let [re, im] = [0, 0];
      for (let n = 0; n < count; n++) {
        const at = 2 * rng.integer(16);
        const power = one.points[at]! ** 2 + one.points[at + 1]! ** 2;
        re += power * Math.cos((2 * Math.PI * 100 * n) / count);
        im += power * Math.sin((2 * Math.PI * 100 * n) / count);
      }
      return (re * re + im * im) / count;
    });
    expect(Math.abs(mean(floors) - 0.32)).toBeLessThan(3.5 * standardError(floors));
  });

  it('share a frame: both uses of pilots end where communication and sensing end', () => {
    const setup = { linkSnr: 10, echoSnr: 0.2 };
    for (const use of ['multiplexed', 'superimposed'] as const) {
      expect(pilotTradeoff(use, { ...setup, share: 0 })).toEqual({ rate: Math.log2(11), known: 0 });
      expect(pilotTradeoff(use, { ...setup, share: 1 })).toEqual({ rate: 0, known: 1 });
      let last = pilotTradeoff(use, { ...setup, share: 0 });
      for (let share = 0.1; share < 1; share += 0.1) {
        const next = pilotTradeoff(use, { ...setup, share });
        expect(next.rate).toBeLessThan(last.rate);
        expect(next.known).toBeGreaterThan(last.known);
        last = next;
      }
    }
    expect(pilotTradeoff('decoded', { ...setup, share: 0.1 })).toEqual({
      rate: 0.9 * Math.log2(11),
      known: 1,
    });
  });

  it('superimposed, hold the information of their likelihood', () => {
    // Central differences of the log-density of CN(b s e^{i mu}, sigma^2 + |b|^2 (1 - share)) about its mean.
    const [share, echoSnr] = [0.3, 0.5];
    const variance = 1 + echoSnr * (1 - share);
    const divergence = (step: number) => (echoSnr * share * (2 - 2 * Math.cos(step))) / variance;
    const fisher = (2 * divergence(1e-3)) / 1e-6;
    const { known } = pilotTradeoff('superimposed', { share, echoSnr, linkSnr: 1 });
    expect(fisher / (2 * echoSnr * known)).toBeCloseTo(1, 5);
  });

  it('refuse what is out of range', () => {
    const setup = { linkSnr: 10, echoSnr: 0.2, share: 0.5 };
    expect(() => pilotTradeoff('multiplexed', { ...setup, share: 2 })).toThrow('share is 2');
    expect(() => echoNoise('divide', constellation('qam', 4), { noiseVariance: -1, others: 0 })).toThrow(
      'noiseVariance',
    );
  });
});
