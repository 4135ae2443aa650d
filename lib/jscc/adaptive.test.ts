import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { useEngine } from '../engine/index.js';
import { type LinkState, type Reception, transmit } from '../link/index.js';
import { mean, Rng } from '../math/index.js';
import { disposeTree, drawnTensors, flatten } from '../nn/index.js';
import { meanPsnr, type Picture, psnr } from '../source/index.js';
import { adaptiveCodec } from './adaptive.js';
import { type AdaptiveParameters, conditions, encodeBlocks } from './adaptive-model.js';
import { adaptivePass, passInputs } from './adaptive-training.js';
import { blockGrid, blockValues, fromBlocks, toBlocks } from './blocks.js';
import { linearCodec } from './linear.js';
import { type PrincipalComponents, principalComponents } from './principal.js';
import { fromSymbols, type PictureShape, toSymbols } from './symbols.js';
import { heldOutCrops, inputErrorOf, largestDifference, trainingCrops, wavyPicture } from './testing.js';
import { startAdaptive } from './train-adaptive.js';

const ratios = [1 / 12, 1 / 6, 1 / 3];
const shape = { width: 8, encoderUnits: 1, decoderUnits: 2, blockWidth: 8 };

let parameters: AdaptiveParameters;
let components: PrincipalComponents;
let pictures: Picture[];
beforeAll(async () => {
  await useEngine('wasm');
  const training = await trainingCrops(128);
  components = principalComponents(training);
  parameters = startAdaptive(training, 1, shape);
  pictures = await heldOutCrops(64);
});
afterAll(() => disposeTree(parameters));

const codecs = (ratio: number) =>
  [linearCodec({ ratio, components }), adaptiveCodec({ ratio, parameters })] as const;

describe('default codec at its start', () => {
  it.each(ratios)('sends the values of the linear codec (ratio %d)', async (ratio) => {
    const [linear, adaptive] = codecs(ratio);
    const link = { channel: 'awgn', fading: 'none', snrDb: 7 } as const;
    for (const picture of pictures) {
      const [a, b] = [await linear.encode(picture, link), await adaptive.encode(picture, link)];
      const values = fromSymbols(b.symbols, 384 * ratio);
      // Rounding may take the quantised scale one step of 0.07 % aside.
      expect(largestDifference(values, a.symbols) / Math.max(...a.symbols)).toBeLessThan(2e-3);
      expect(b.sideInformationBits).toBe(16);
      expect((b.side as number) / (a.side as number)).toBeCloseTo(1, 2);
    }
  });

  it.each(ratios)('shows the picture of the linear codec, of the same noise (ratio %d)', async (ratio) => {
    const [linear, adaptive] = codecs(ratio);
    const kept = 384 * ratio;
    for (const snrDb of [-2, 5, 12, 20]) {
      const link = { channel: 'awgn', fading: 'none', snrDb } as const;
      for (const picture of pictures) {
        const { symbols: values, side } = await linear.encode(picture, link);
        const variance = 10 ** (-snrDb / 10);
        const noisy = Rng.of('same noise').fillNormal(
          new Float32Array(values.length),
          0,
          (variance / 2) ** 0.5,
        );
        for (const [i, value] of values.entries()) noisy[i]! += value;
        const noiseVariance = Float32Array.of(variance);
        const a = await linear.decode({ symbols: noisy, noiseVariance, side }, picture, link);
        const b = await adaptive.decode(
          { symbols: toSymbols(noisy, kept), noiseVariance, side },
          picture,
          link,
        );
        expect(Math.abs(psnr(picture, b) - psnr(picture, a))).toBeLessThan(1e-3);
        expect(largestDifference(b.data, a.data)).toBeLessThan(1e-4);
      }
    }
  });

  it.each(ratios)('is as good as the linear codec over a link (ratio %d)', async (ratio) => {
    // The two pair values to symbols differently, so each value meets other noise: a mean over draws.
    const many = Array.from({ length: 4 }, () => pictures).flat();
    for (const [snrDb, tolerance] of [
      [0, 0.15],
      [10, 0.15],
      [60, 1e-3],
    ] as const) {
      const psnrs: number[] = [];
      for (const codec of codecs(ratio)) {
        const { received } = await transmit(codec, awgn({ snrDb }), many, Rng.of('link'));
        psnrs.push(meanPsnr(many, received));
      }
      expect(Math.abs(psnrs[1]! - psnrs[0]!)).toBeLessThan(tolerance);
    }
  });
});

describe('default codec', () => {
  /** Away from the start, so that every branch and gate takes part. */
  function disturbed(): AdaptiveParameters {
    const own = startAdaptive([wavyPicture(128, 128)], 2, shape);
    for (const [name, variable] of flatten(own)) {
      const noise = Rng.of(name).fillNormal(new Float32Array(variable.size), 0, 0.05);
      tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(noise, variable.shape))));
    }
    return own;
  }

  it('keeps power, ratio and shape, also where it is not the linear codec', async () => {
    const own = disturbed();
    for (const ratio of ratios) {
      const codec = adaptiveCodec({ ratio, parameters: own });
      const picture = wavyPicture(48, 24);
      const { received, channelUses, sideInformationBits } = await transmit(
        codec,
        rayleigh({ snrDb: 5 }),
        [picture],
        Rng.of(1),
      );
      expect(channelUses[0]).toBe(Math.round(48 * 24 * 3 * ratio));
      expect(sideInformationBits).toEqual([16]);
      const { symbols } = await codec.encode(picture, { channel: 'awgn', fading: 'none', snrDb: 5 });
      expect(mean(symbols.map((value) => 2 * value * value))).toBeGreaterThan(1 - 0.0015);
      expect(received[0]!.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect([received[0]!.width, received[0]!.height]).toEqual([48, 24]);
    }
    disposeTree(own);
  });

  it('hears the SNR at the encoder and the noise at the decoder', async () => {
    const own = disturbed();
    const codec = adaptiveCodec({ ratio: 1 / 6, parameters: own });
    const picture = wavyPicture(32, 32);
    const encoded = async (snrDb: number) =>
      (await codec.encode(picture, { channel: 'awgn', fading: 'none', snrDb })).symbols;
    expect(largestDifference(await encoded(0), await encoded(15))).toBeGreaterThan(1e-3);
    // Outside of what it was trained for, it is told the end of the range.
    expect(largestDifference(await encoded(-3), await encoded(-30))).toBe(0);
    expect(largestDifference(await encoded(20.5), await encoded(60))).toBe(0);
    const symbols = await encoded(10);
    const link = { channel: 'awgn', fading: 'none', snrDb: 10 } as const;
    const decoded = async (noise: number) =>
      (await codec.decode({ symbols, noiseVariance: Float32Array.of(noise), side: 1 }, picture, link)).data;
    expect(largestDifference(await decoded(0.01), await decoded(1))).toBeGreaterThan(1e-2);
    disposeTree(own);
  });

  it('is the model that is trained: codec and training pass show the same picture, of the same noise', async () => {
    const own = disturbed();
    const picture = wavyPicture(32, 24);
    const { rows, columns } = blockGrid(picture);
    for (const [snrDb, ratio] of [
      [1, 1 / 6],
      [14, 1 / 12],
    ] as const) {
      const codec = adaptiveCodec({ ratio, parameters: own });
      const rng = Rng.of('trained');
      const { received } = await transmit(codec, awgn({ snrDb }), [picture], rng);
      const values = tf.tidy(() => {
        const blocks = tf.tensor4d(toBlocks(picture), [1, rows, columns, blockValues]);
        const snrs = Float32Array.of(snrDb);
        const inputs = passInputs({ ratio, snrDb: snrs, rng: rng.fork(0), cells: rows * columns });
        return Float32Array.from(adaptivePass(own, blocks, drawnTensors(inputs)).dataSync());
      });
      // The codec's scale is rounded by up to 0.07 %.
      expect(largestDifference(received[0]!.data, fromBlocks(values, picture, 'x').data)).toBeLessThan(2e-3);
    }
    disposeTree(own);
  });

  it('starts with gates of 1', () => {
    const own = startAdaptive([wavyPicture(128, 128)], 2, shape);
    const { reduce, mix, expand } = own.encoder.block;
    const set = (variable: tf.Variable, value: number) =>
      tf.tidy(() => variable.assign(tf.fill(variable.shape, value)));
    const encoded = () =>
      tf.tidy(() => {
        const blocks = tf.tensor4d(toBlocks(wavyPicture(8, 8)), [1, 1, 1, blockValues]);
        const condition = conditions(Float32Array.of(3), 1 / 6);
        return encodeBlocks(own.encoder, blocks, condition, 64).dataSync().slice();
      });
    const before = encoded();
    // All features inside the branch are 7, the width is 8: the branch adds 0.1 · 8 · 7 to each value.
    set(reduce.weight, 0);
    set(mix.weight, 0);
    set(mix.bias, 7);
    set(expand.weight, 0.1);
    expect(
      largestDifference(
        encoded(),
        before.map((value) => value + 5.6),
      ),
    ).toBeLessThan(1e-3);
    disposeTree(own);
  });

  it('takes a noise variance of each use: as one where all are equal, and weighs deep fades less', async () => {
    const codec = adaptiveCodec({ ratio: 1 / 6, parameters });
    const link = { channel: 'awgn', fading: 'none', snrDb: 5 } as const;
    const { symbols, side } = await codec.encode(pictures[0]!, link);
    const shape = codec.shapeOf(pictures[0]!);
    const decoded = async (received: Float32Array, noiseVariance: Float32Array) =>
      (await codec.decode({ symbols: received, noiseVariance, side }, shape, link)).data;
    const one = await decoded(symbols, Float32Array.of(0.3));
    const each = await decoded(symbols, new Float32Array(symbols.length / 2).fill(0.3));
    for (const [i, value] of each.entries()) expect(Math.abs(value - one[i]!)).toBeLessThan(1e-5);

    const fast = rayleigh({ snrDb: 10, fading: 'fast' });
    const { received } = await transmit(codec, fast, pictures, Rng.of(4));
    const ignorant = {
      ...codec,
      decode: (reception: Reception, like: PictureShape, known: LinkState) =>
        codec.decode({ ...reception, noiseVariance: Float32Array.of(0.1) }, like, known),
    };
    const unweighted = await transmit(ignorant, fast, pictures, Rng.of(4));
    expect(meanPsnr(pictures, received)).toBeGreaterThan(meanPsnr(pictures, unweighted.received) + 1);
  });

  it('leaks no tensor', async () => {
    const codec = adaptiveCodec({ ratio: 1 / 6, parameters });
    const before = tf.memory().numTensors;
    await transmit(codec, awgn({ snrDb: 5 }), pictures, Rng.of(2));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot do, in one line', async () => {
    expect(await inputErrorOf(() => adaptiveCodec({ ratio: 0.15, parameters }))).toContain('bandwidth ratio');
    const codec = adaptiveCodec({ ratio: 1 / 6, parameters });
    const odd = () => transmit(codec, awgn({ snrDb: 5 }), [wavyPicture(30, 30, 'odd')], Rng.of(3));
    expect(await inputErrorOf(odd)).toContain(
      'picture odd is 30 x 30; allowed: sides that are multiples of 8',
    );
    const broken = wavyPicture(16, 16, 'broken');
    broken.data[7] = Number.NaN;
    expect(await inputErrorOf(() => transmit(codec, awgn({ snrDb: 5 }), [broken], Rng.of(3)))).toContain(
      'NaN',
    );
  });
});
