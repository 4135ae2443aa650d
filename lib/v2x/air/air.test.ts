import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, perCodeword, rayleigh } from '../../channel/index.js';
import { useEngine } from '../../engine/index.js';
import { transmit } from '../../link/index.js';
import { Rng } from '../../math/index.js';
import { mcs } from '../../phy/index.js';
import { type FeatureMap, featureMap, fusedByMaximum, PILLARS } from '../pillars/index.js';
import { type FeatureComponents, featureComponents } from './components.js';
import { digitalFeatures, latentCoder } from './digital.js';
import { latentMessage, readLatents } from './latent-message.js';
import { linearFeatures } from './linear.js';
import { initAir } from './model.js';
import { type AirNetwork, networkOf } from './network.js';
import { neuralFeatures } from './neural.js';
import { freshContexts, rangeDecoder, rangeEncode } from './range-coder.js';

const SIZE = PILLARS.featureCells ** 2 * PILLARS.channels;
const USES = 2500;
const origin = { x: 8, y: -4 };

/** A map with something about a few places, as cars are. */
function patchy(seed: number): FeatureMap {
  const rng = Rng.of(seed).fork('patchy');
  const values = new Float32Array(SIZE);
  for (let car = 0; car < 12; car++) {
    const [row, column] = [2 + rng.integer(45), 2 + rng.integer(45)];
    const own = rng.fillNormal(new Float32Array(PILLARS.channels));
    for (let j = -1; j <= 1; j++)
      for (let i = -1; i <= 1; i++)
        for (let c = 0; c < PILLARS.channels; c++)
          values[((row + j) * PILLARS.featureCells + column + i) * PILLARS.channels + c] = Math.max(
            0,
            own[c]! + 0.3 * rng.normal(),
          );
  }
  return featureMap(origin, values);
}

const errorOf = (a: FeatureMap, b: FeatureMap) =>
  a.values.reduce((sum, value, at) => sum + (value - b.values[at]!) ** 2, 0);
const energyOf = (symbols: Float32Array) =>
  symbols.reduce((sum, value) => sum + value * value, 0) / (symbols.length / 2);

describe('range coder', () => {
  const come = (bits: readonly (readonly [context: number, bit: number])[]) => {
    const contexts = freshContexts(4);
    const bytes = rangeEncode((coder) => {
      for (const [context, bit] of bits) coder(contexts, context, bit);
    });
    const again = freshContexts(4);
    const read = rangeDecoder(bytes);
    expect(bits.map(([context]) => read(again, context, 0))).toEqual(bits.map(([, bit]) => bit));
  };
  const anyBit = (most: number) =>
    fc.tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 1 }));

  it('gives back any bits in any contexts', () => {
    fc.assert(fc.property(fc.array(anyBit(3)), come), { numRuns: 1000 });
  });

  it('gives back bits whose bytes start with 255', () => {
    fc.assert(
      fc.property(fc.array(anyBit(3), { maxLength: 40 }), (bits) => {
        come([...Array.from({ length: 8 }, (_, n) => [n % 4, 1] as const), ...bits]);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes the entropy of rare bits and little more', () => {
    const rng = Rng.of(3).fork('rare');
    const bits = Array.from({ length: 40_000 }, () => (rng.uniform() < 0.05 ? 1 : 0));
    const contexts = freshContexts(1);
    const { length } = rangeEncode((coder) => {
      for (const bit of bits) coder(contexts, 0, bit);
    });
    const entropy = -0.05 * Math.log2(0.05) - 0.95 * Math.log2(0.95);
    expect((8 * length) / 40_000).toBeGreaterThan(entropy * 0.93);
    expect((8 * length) / 40_000).toBeLessThan(entropy * 1.2);
  });
});

describe('messages of values', () => {
  const values = Rng.of(1)
    .fork('values')
    .fillNormal(new Float32Array(PILLARS.featureCells ** 2 * 2));

  it('are as fine as fits, and never longer than allowed', () => {
    let coarser = Number.POSITIVE_INFINITY;
    for (const most of [300, 2400]) {
      const message = latentMessage(values, 2, most)!;
      expect(message.length).toBeLessThanOrEqual(most);
      const { levels, step } = readLatents(message, 2)!;
      expect(step).toBeLessThan(coarser);
      coarser = step;
      for (const [at, level] of levels.entries())
        expect(Math.abs(level * step - values[at]!)).toBeLessThanOrEqual(0.6 * step + 1e-6);
    }
    expect(latentMessage(values, 2, 0)).toBeUndefined();
  });

  it('of few and large values keep these: no step is so fine that they are clipped', () => {
    const few = new Float32Array(5000);
    few.set([40, -25, 0, 3], 100);
    const { levels, step } = readLatents(latentMessage(few, 2, 1000)!, 2)!;
    for (const [at, level] of levels.entries())
      expect(Math.abs(level * step - few[at]!)).toBeLessThanOrEqual(0.6 * step);
  });

  it('of any bytes are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readLatents(bytes, 2)?.levels.length ?? 5000).toBe(5000);
      }),
      { numRuns: 20 },
    );
  });
});

describe('codecs of feature maps', () => {
  let network: AirNetwork;
  let components: FeatureComponents;
  const maps = Array.from({ length: 4 }, (_, n) => patchy(n));
  beforeAll(async () => {
    await useEngine('wasm');
    network = networkOf(initAir(Rng.of(3), USES), USES);
    components = featureComponents(Array.from({ length: 12 }, (_, n) => patchy(100 + n)));
  });

  it('keep to their channel uses and to unit mean energy', async () => {
    const codecs = [neuralFeatures(network), linearFeatures({ uses: USES, components })];
    const link = { channel: 'awgn', fading: 'none', snrDb: 3 } as const;
    for (const codec of codecs)
      for (const map of maps.slice(0, 2)) {
        const { symbols } = await codec.encode(map, link);
        expect(symbols.length).toBe(2 * USES);
        expect(codec.channelUses(map)).toBe(USES);
        perCodeword().check(symbols, USES);
        expect(energyOf(symbols)).toBeGreaterThan(0.99);
      }
    expect(() => networkOf(initAir(Rng.of(3), 2501), 2501)).toThrow(
      /channel uses are 2501; allowed: multiples/,
    );
  });

  it('digital ones count their bytes, and what fails leaves the ego what it has', async () => {
    const coder = latentCoder(network);
    const codec = digitalFeatures({ name: 'digital', coder, uses: USES, scheme: mcs(5) });
    const link = { channel: 'awgn', fading: 'none', snrDb: 3 } as const;
    const message = codec.message(maps[0]!);
    expect(message.length).toBeLessThanOrEqual(Math.floor((USES * mcs(5).efficiency) / 8) - 3);
    expect((await codec.encode(maps[0]!, link)).symbols.length).toBe(2 * USES);
    const good = await transmit(codec, awgn({ snrDb: 20 }), maps.slice(0, 2), Rng.of(1));
    for (const [n, map] of good.received.entries())
      expect(map).toEqual(coder.read(codec.message(maps[n]!), origin));
    const bad = await transmit(codec, awgn({ snrDb: -5 }), maps.slice(0, 1), Rng.of(1));
    expect(fusedByMaximum([maps[3]!, bad.received[0]!], origin).values).toEqual(maps[3]!.values);
  });

  it('neural: without noise the decoder has what the encoder made', async () => {
    const { received } = await transmit(
      neuralFeatures(network),
      awgn({ snrDb: 100 }),
      maps.slice(0, 1),
      Rng.of(1),
    );
    const whole = network.decode(network.encode(maps[0]!), 0, origin);
    expect(errorOf(received[0]!, whole)).toBeLessThan(1e-6 * SIZE);
  });

  it('linear: all components without noise give the map back', async () => {
    const codec = linearFeatures({ uses: SIZE / 2, components });
    const { received } = await transmit(codec, awgn({ snrDb: 100 }), maps.slice(0, 2), Rng.of(1));
    for (const [n, map] of received.entries())
      expect(errorOf(map, maps[n]!)).toBeLessThan(
        1e-4 * errorOf(featureMap(origin, new Float32Array(SIZE)), maps[n]!),
      );
  });

  it('linear: less error at each higher SNR, over noise and over fades of the same draws', async () => {
    const codec = linearFeatures({ uses: USES, components });
    for (const channel of [awgn, rayleigh]) {
      let before = Number.POSITIVE_INFINITY;
      for (const snrDb of [-5, 15]) {
        const { received } = await transmit(codec, channel({ snrDb }), maps, Rng.of(2));
        const error = received.reduce((sum, map, n) => sum + errorOf(map, maps[n]!), 0);
        expect(error).toBeLessThan(before);
        before = error;
      }
    }
  });

  it.each([
    ['no numbers', Number.NaN, 1],
    ['endless values', Number.NEGATIVE_INFINITY, 1],
    ['huge values', 3e38, 1e-9],
    ['noise that is no number', 1, Number.NaN],
    ['endless noise', 1, Number.POSITIVE_INFINITY],
  ])('read %s as something finite', (_, value, noise) => {
    const map = network.decode(new Float32Array(2 * USES).fill(value), noise, origin);
    expect(map.values.every(Number.isFinite)).toBe(true);
    expect(() => network.decode(new Float32Array(5), 1, origin)).toThrow(/received 5 values; allowed: 5000/);
    const linear = linearFeatures({ uses: USES, components });
    const received = {
      symbols: new Float32Array(2 * USES).fill(value),
      noiseVariance: Float32Array.of(noise),
    };
    const link = { channel: 'awgn', fading: 'none', snrDb: 3 } as const;
    expect(() => linear.decode({ ...received, side: undefined }, origin, link)).toThrow(
      /scale of the codeword/,
    );
    const read = linear.decode({ ...received, side: 1 }, origin, link) as FeatureMap;
    expect(read.values.every(Number.isFinite)).toBe(true);
  });

  it('read nothing out of a dead channel that is not finite', async () => {
    const link = { channel: 'rayleigh', fading: 'block', snrDb: 0 } as const;
    const dead = {
      symbols: new Float32Array(2 * USES),
      noiseVariance: Float32Array.of(Number.POSITIVE_INFINITY),
    };
    for (const codec of [neuralFeatures(network), linearFeatures({ uses: USES, components })]) {
      const map = await codec.decode({ ...dead, side: 1 }, origin, link);
      expect(map.values.every(Number.isFinite)).toBe(true);
    }
  });
});
