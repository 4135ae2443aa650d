import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import {
  dropPackets,
  empiricalBits,
  featurePackets,
  forecastBits,
  independentEntropy,
  likelihood,
  quantise,
  receivedMap,
  temporalEntropy,
  trainTemporalModel,
} from './index.js';
import { likelihoodGradient } from './likelihood.js';
import { symbolReader, symbolTable, symbolWriter } from './range-coder.js';
import { recording } from './testing.js';

describe('likelihood of a symbol', () => {
  it('is that of a Gaussian over a step, and adds up to one', () => {
    // Phi(0.5) - Phi(-0.5) and Phi(1.5) - Phi(0.5) of the standard normal.
    expect(likelihood(0, { mean: 0, scale: 1 })).toBeCloseTo(0.3829249225480262, 12);
    expect(likelihood(4, { mean: 5, scale: 1 })).toBeCloseTo(0.2417303374571288, 12);
    expect(likelihood(1000, { mean: 0, scale: 1 })).toBe(1e-9);
    for (const forecast of [
      { mean: 0.3, scale: 0.11 },
      { mean: -7.45, scale: 3 },
    ]) {
      let sum = 0;
      for (let symbol = -60; symbol <= 60; symbol++) sum += likelihood(symbol, forecast);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it('has the slopes of finite differences', () => {
    const step = 1e-5;
    for (const [symbol, mean, scale] of [
      [0, 0.2, 0.4],
      [3, 1.1, 0.9],
      [-2, 1, 2.5],
    ] as const) {
      const nats = (m: number, s: number) => -Math.log(likelihood(symbol, { mean: m, scale: s }));
      const slope = likelihoodGradient(symbol, { mean, scale });
      expect(slope.mean).toBeCloseTo((nats(mean + step, scale) - nats(mean - step, scale)) / (2 * step), 6);
      expect(slope.scale).toBeCloseTo((nats(mean, scale + step) - nats(mean, scale - step)) / (2 * step), 6);
    }
  });
});

describe('range coder', () => {
  it('gives back what was written, at the cost of the entropy and 4 bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }),
        fc.array(fc.nat(1000), { maxLength: 400 }),
        (probabilities, picks) => {
          const table = symbolTable(probabilities);
          const symbols = picks.map((pick) => pick % probabilities.length);
          const writer = symbolWriter();
          for (const symbol of symbols) writer.write(table, symbol);
          const bytes = writer.finish();
          const reader = symbolReader(bytes);
          expect(symbols.map(() => reader.read(table))).toEqual(symbols);
          reader.finish();
          const share = (symbol: number) => (table.starts[symbol + 1]! - table.starts[symbol]!) / 65_536;
          const bits = symbols.reduce((sum, symbol) => sum - Math.log2(share(symbol)), 0);
          expect(bytes.length).toBeLessThan(bits / 8 + 5 + symbols.length / 1000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('notices bytes that are cut or changed', () => {
    const table = symbolTable([1, 2, 3]);
    const writer = symbolWriter();
    for (let n = 0; n < 100; n++) writer.write(table, n % 3);
    const bytes = writer.finish();
    const read = (some: Uint8Array) => {
      const reader = symbolReader(some);
      for (let n = 0; n < 100; n++) reader.read(table);
      reader.finish();
    };
    expect(() => read(bytes)).not.toThrow();
    expect(() => read(bytes.subarray(0, 10))).toThrow(InputError);
    expect(() => read(Uint8Array.from([...bytes, 1]))).toThrow(InputError);
  });
});

describe('maps as packets', () => {
  const { maps } = recording(101, 5);
  const model = trainTemporalModel(maps.slice(0, 4), { rng: Rng.of(1), steps: 60 });
  const entropy = temporalEntropy(model);
  const [map, past] = [maps[5]![4]!, [maps[5]![3]!, maps[5]![2]!]];
  const packets = featurePackets(5, 4, map, entropy, past);
  const bytes = packets.map((packet) => packet.bytes);

  it('come back exactly, in bytes near the bits of the forecast', () => {
    const back = receivedMap(5, 4, bytes, entropy, past);
    expect(back.map).toEqual(map);
    expect(back.available.every((one) => one === 1)).toBe(true);
    const sent = bytes.reduce((sum, { length }) => sum + length, 0);
    expect(sent).toBeLessThan((1.02 * forecastBits(map, model, past)) / 8 + 8 * packets.length);
  });

  it('take fewer bits than symbols by themselves, even after a short training', () => {
    const alone = [0, 1, 2, 3].reduce(
      (sum, channel) => sum + empiricalBits(map.subarray(channel * 3600, (channel + 1) * 3600)),
      0,
    );
    expect(forecastBits(map, model, past)).toBeLessThan(0.9 * alone);
    const independent = featurePackets(5, 4, map, independentEntropy(maps[0]!), []);
    const sent = independent.reduce((sum, packet) => sum + packet.bytes.length, 0);
    expect(sent).toBeGreaterThan(alone / 8);
    expect(sent).toBeLessThan((1.04 * alone) / 8 + 8 * packets.length);
  });

  it('keep what was there before where one is lost', () => {
    const { map: kept, available } = receivedMap(5, 4, bytes.slice(1), entropy, past);
    expect(available[0]).toBe(0);
    expect(kept[0]).toBe(past[0]![0]);
    expect(available.reduce((sum, one) => sum + one, 0)).toBe(3300);
  });

  it('carry symbols that no table foresees', () => {
    const strange = map.slice();
    strange.set([32_767, -32_768, 900], 40);
    const sent = featurePackets(5, 4, strange, entropy, past).map((packet) => packet.bytes);
    expect(receivedMap(5, 4, sent, entropy, past).map).toEqual(strange);
  });

  it('are refused when they are others or damaged', () => {
    const refused = (some: Uint8Array) => () => receivedMap(5, 4, [some], entropy, past);
    expect(refused(bytes[0]!.subarray(0, 3))).toThrow(/4 or more/);
    expect(refused(bytes[0]!.subarray(0, 60))).toThrow(InputError);
    expect(refused(Uint8Array.from(bytes[0]!, (byte, at) => (at === 1 ? 12 : byte)))).toThrow(/0 to 11/);
    expect(refused(Uint8Array.from(bytes[0]!, (byte, at) => (at === 0 ? 6 : byte)))).toThrow(/camera 6/);
  });

  it('are dropped from the emptiest, or at random, in the share asked for', () => {
    const drop = (order: 'priority' | 'random') =>
      dropPackets(packets, { lossProbability: 0.25, order }, Rng.of(3));
    expect(drop('priority')).toHaveLength(9);
    expect(drop('random')).toHaveLength(9);
    const left = drop('priority').map(({ weight }) => weight);
    const lost = packets.filter((packet) => !drop('priority').includes(packet)).map(({ weight }) => weight);
    expect(Math.max(...lost)).toBeLessThanOrEqual(Math.min(...left));
  });

  it('cost less the more a bit weighs, and round where it weighs nothing', () => {
    const features = Float64Array.from(map, (value, at) => value + 0.3 * Math.sin(at));
    expect(quantise(features, entropy, past, 0)).toEqual(map);
    const bits = [0, 0.2, 1].map((weight) =>
      forecastBits(quantise(features, entropy, past, weight), model, past),
    );
    expect(bits[1]).toBeLessThan(bits[0]!);
    expect(bits[2]).toBeLessThan(bits[1]!);
  });
});
