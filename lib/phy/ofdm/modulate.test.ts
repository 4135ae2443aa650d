import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convolveTaps, frequencyResponse, tdl, timeTaps } from '../../channel/index.js';
import {
  complexAdd,
  complexDivide,
  complexMultiply,
  complexSubtract,
  meanPower,
  qFunction,
  Rng,
  wilsonInterval,
} from '../../math/index.js';
import {
  equaliseZeroForcing,
  gridSamples,
  ofdmDemodulate,
  ofdmModulate,
  placeOnGrid,
  prefixInterference,
  resourceGrid,
} from './index.js';
import { gainsOf, rayleighTaps, throughTaps } from './testing.js';

const randomGrid = (grid: { symbols: number; subcarriers: number }, seed: number) =>
  Rng.of(seed).fillComplexNormal(new Float64Array(2 * grid.symbols * grid.subcarriers));
const largest = (values: Float64Array) =>
  values.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);

/** QPSK errors of `received` against `sent` by the signs of both parts. */
const signErrors = (received: Float64Array, sent: Float64Array) =>
  received.reduce((errors, value, index) => errors + (value * sent[index]! < 0 ? 1 : 0), 0);

function qpsk(count: number, seed: string): Float64Array {
  const rng = Rng.of(seed);
  return Float64Array.from({ length: 2 * count }, () => (rng.integer(2) ? -1 : 1) * Math.SQRT1_2);
}

describe('ofdmModulate', () => {
  it('is undone by ofdmDemodulate for any length, prefix and guards', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 90 }),
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        fc.integer(),
        (fftSize, cpLength, dcNull, seed) => {
          const grid = resourceGrid({ fftSize, symbols: 3, cpLength, guards: [1, 1], dcNull });
          const resources = randomGrid(grid, seed);
          const samples = ofdmModulate(grid, resources);
          expect(samples).toHaveLength(2 * gridSamples(grid));
          expect(largest(complexSubtract(ofdmDemodulate(grid, samples), resources))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  it('is unitary: samples and resource elements have the same energy, and the prefix repeats the end', () => {
    const grid = resourceGrid({ fftSize: 48, symbols: 4, cpLength: 12 });
    const resources = randomGrid(grid, 1);
    const plain = { ...grid, cpLength: 0 };
    expect(meanPower(ofdmModulate(plain, resources))).toBeCloseTo(meanPower(resources), 12);
    const samples = ofdmModulate(grid, resources);
    expect(samples.subarray(0, 24)).toEqual(samples.subarray(96, 120));
  });

  it('a subcarrier of frequency k turns k times a symbol', () => {
    const grid = resourceGrid({ fftSize: 16, symbols: 1, cpLength: 0 });
    const resources = new Float64Array(32);
    resources[2 * (8 - 3)] = 4;
    const samples = ofdmModulate(grid, resources);
    for (let n = 0; n < 16; n++) {
      expect(samples[2 * n]).toBeCloseTo(Math.cos((2 * Math.PI * -3 * n) / 16), 12);
      expect(samples[2 * n + 1]).toBeCloseTo(Math.sin((2 * Math.PI * -3 * n) / 16), 12);
    }
  });

  it('refuses lengths that do not fit', () => {
    const grid = resourceGrid({ fftSize: 8, symbols: 2, cpLength: 2 });
    expect(() => ofdmModulate(grid, new Float64Array(30))).toThrow('30 numbers for 2 symbols of 8');
    expect(() => ofdmDemodulate(grid, new Float64Array(38))).toThrow('19 samples');
  });
});

describe('over channels', () => {
  it('over AWGN the error rate is that of single carriers', () => {
    const grid = resourceGrid({ fftSize: 64, symbols: 1400, cpLength: 16, guards: [6, 5], dcNull: true });
    const count = grid.symbols * grid.subcarriers;
    const sent = qpsk(count, 'bits');
    const noiseVariance = 10 ** -0.7;
    const noise = () =>
      Rng.of('noise').fillComplexNormal(new Float64Array(2 * gridSamples(grid)), noiseVariance);
    const received = ofdmDemodulate(grid, complexAdd(ofdmModulate(grid, placeOnGrid(grid, sent)), noise()));
    const overOfdm = signErrors(received, sent);
    const single = signErrors(complexAdd(sent, noise().subarray(0, 2 * count)), sent);
    // Q(sqrt(Es/N0)) of QPSK, 1.25e-2 at 7 dB.
    const exact = qFunction(Math.sqrt(1 / noiseVariance));
    for (const errors of [overOfdm, single]) {
      const [low, high] = wilsonInterval(errors, 2 * count, 0.999);
      expect(exact).toBeGreaterThan(low);
      expect(exact).toBeLessThan(high);
    }
    expect(meanPower(complexSubtract(received, sent)) / noiseVariance).toBeCloseTo(1, 1);
  });

  it('a prefix no shorter than the channel makes one-tap equalisation exact', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 12, max: 50 }),
        fc.integer(),
        (taps, fftSize, seed) => {
          const grid = resourceGrid({ fftSize, symbols: 3, cpLength: taps - 1, guards: [1, 2] });
          const channel = rayleighTaps(Rng.of(seed), new Array(taps).fill(1 / taps));
          const resources = randomGrid(grid, seed);
          const received = ofdmDemodulate(grid, throughTaps(ofdmModulate(grid, resources), channel));
          const gains = gainsOf(grid, channel);
          expect(largest(complexSubtract(received, complexMultiply(gains, resources)))).toBeLessThan(1e-12);
          const { symbols } = equaliseZeroForcing(received, { channel: gains }, 1e-9);
          expect(largest(complexSubtract(symbols, complexDivide(received, gains)))).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });

  it('a shorter prefix lets in the interference of its closed form', () => {
    const grid = resourceGrid({ fftSize: 64, symbols: 400, cpLength: 4 });
    const powers = [0.5, 0.3, 0.2];
    const delays = [0, 9, 20];
    const rng = Rng.of('interference');
    const draws = 24;
    let [error, useful] = [0, 0];
    const { useful: expectedUseful, interference } = prefixInterference(grid, powers, delays);
    for (let draw = 0; draw < draws; draw++) {
      const taps = new Float64Array(42);
      // Fixed powers, random phases: paths are uncorrelated over the draws.
      const scaled = new Float64Array(42);
      delays.forEach((delay, path) => {
        const phase = rng.uniform(0, 2 * Math.PI);
        const share = 1 - Math.max(0, delay - 4) / 64;
        for (const [out, gain] of [
          [taps, 1],
          [scaled, share],
        ] as const) {
          out[2 * delay] = gain * Math.sqrt(powers[path]!) * Math.cos(phase);
          out[2 * delay + 1] = gain * Math.sqrt(powers[path]!) * Math.sin(phase);
        }
      });
      const resources = qpsk(grid.symbols * 64, `draw ${draw}`);
      const received = ofdmDemodulate(grid, throughTaps(ofdmModulate(grid, resources), taps));
      const wanted = complexMultiply(gainsOf(grid, scaled), resources);
      error += meanPower(complexSubtract(received, wanted)) / draws;
      useful += meanPower(wanted) / draws;
    }
    expect(interference).toBeCloseTo(0.3 * (1 - (59 / 64) ** 2) + 0.2 * (1 - (48 / 64) ** 2), 12);
    expect(Math.abs(error / interference - 1)).toBeLessThan(0.02);
    expect(Math.abs(useful / expectedUseful - 1)).toBeLessThan(0.05);
    expect(() => prefixInterference(grid, [1], [1, 2])).toThrow('1 powers for 2 delays');
  });

  it('over a tapped delay line in time, the gains are the frequency response of its paths', () => {
    const grid = resourceGrid({ fftSize: 256, symbols: 3, cpLength: 40, guards: [40, 39] });
    const sampleRateHz = 256 * 15e3;
    const model = tdl({ profile: 'TDL-C', delaySpreadSec: 300e-9 });
    const responses = model.draw(Rng.of('tdl'), { links: 1, times: 1, periodSec: 0 });
    const taps = timeTaps(responses, { sampleRateHz, normalize: false, margin: 8 });
    const resources = randomGrid(grid, 7);
    const sent = ofdmModulate(grid, resources);
    const heard = Float64Array.from(convolveTaps(Float32Array.from(sent), taps));
    // The sinc of each path rises before it; windows start a little early, inside the prefix.
    const early = 4;
    const start = -2 * taps.firstTap - 2 * early;
    const received = ofdmDemodulate(grid, heard.subarray(start, start + sent.length));
    const response = Float64Array.from(
      frequencyResponse(responses, { subcarriers: 256, subcarrierSpacingHz: 15e3, normalize: false }),
    );
    let [error, power] = [0, 0];
    for (let index = 0; index < resources.length / 2; index++) {
      const frequency = (index % grid.subcarriers) + 40 - 128;
      const angle = (-2 * Math.PI * early * frequency) / 256;
      const gain = complexMultiply(
        response.slice(2 * (frequency + 128), 2 * (frequency + 129)),
        Float64Array.of(Math.cos(angle), Math.sin(angle)),
      );
      const wanted = complexMultiply(gain, resources.slice(2 * index, 2 * index + 2));
      error += meanPower(complexSubtract(received.slice(2 * index, 2 * index + 2), wanted));
      power += meanPower(wanted);
    }
    // What is left is the end of the sinc beyond the margin.
    expect(error / power).toBeLessThan(3e-4);
  });
});
