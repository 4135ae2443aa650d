import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { useEngine } from '../engine/index.js';
import { transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import {
  constantRate,
  countParameters,
  disposeTree,
  flatten,
  type LossParts,
  plainLoss,
  snapshot,
  TrainingDiverged,
} from '../nn/index.js';
import { patches } from '../source/index.js';
import { deepJsccCodec } from './deepjscc.js';
import {
  type DeepJsccParameters,
  decodeDeepJscc,
  encodeDeepJscc,
  initDeepJscc,
  latentMaps,
} from './deepjscc-model.js';
import { inputErrorOf, largestDifference, wavyPicture } from './testing.js';
import { deepJsccLoss, startDeepJscc, trainDeepJscc } from './train-deepjscc.js';

let parameters: DeepJsccParameters;
beforeAll(async () => {
  await useEngine('wasm');
  parameters = startDeepJscc(1, 1 / 6);
});
afterAll(() => disposeTree(parameters));

describe('DeepJSCC', () => {
  it('has the parameters of the architecture (c = 8)', () => {
    // Filters of 25 taps and a bias an output; one slope a feature map.
    const layer = (inputs: number, outputs: number) => 25 * inputs * outputs + outputs;
    const encoder = layer(3, 16) + layer(16, 32) + 2 * layer(32, 32) + layer(32, 16);
    const slopes = 16 + 32 + 32 + 32 + 16 + (32 + 32 + 32 + 16);
    const decoder = layer(16, 32) + 2 * layer(32, 32) + layer(32, 16) + layer(16, 3);
    expect(countParameters(parameters)).toBe(encoder + slopes + decoder);
    expect(encoder + slopes + decoder).toBe(156_483);
    expect(latentMaps(1 / 6)).toBe(16);
  });

  it.each([1 / 12, 1 / 6, 1 / 3])(
    'takes exactly the channel uses of the ratio %d, at unit power',
    (ratio) => {
      const own = initDeepJscc(Rng.of(1), ratio);
      tf.tidy(() => {
        const pictures = tf.tensor4d(wavyPicture(32, 3 * 24).data, [3, 24, 32, 3]);
        const { re, im } = encodeDeepJscc(
          own.encoder,
          tf.mul(pictures, tf.tensor4d([1, 2, 3], [3, 1, 1, 1])),
        );
        const uses = Math.round(24 * 32 * 3 * ratio);
        expect(re.shape).toEqual([3, uses]);
        expect(im.shape).toEqual([3, uses]);
        const energies = tf.mean(tf.add(tf.square(re), tf.square(im)), 1).dataSync();
        expect(largestDifference(energies, [1, 1, 1])).toBeLessThan(1e-4);
        const output = decodeDeepJscc(own.decoder, { re, im }, { height: 24, width: 32 });
        expect(output.shape).toEqual([3, 24, 32, 3]);
      });
      disposeTree(own);
    },
  );

  it('decodes each picture from its own codeword alone', () => {
    tf.tidy(() => {
      const pictures = tf.tensor4d(wavyPicture(16, 32).data, [2, 16, 16, 3]);
      const both = encodeDeepJscc(parameters.encoder, pictures);
      const one = encodeDeepJscc(parameters.encoder, tf.slice(pictures, [1, 0, 0, 0], [1, -1, -1, -1]));
      const uses = both.re.shape[1];
      expect(largestDifference(both.re.dataSync().slice(uses), one.re.dataSync())).toBeLessThan(1e-4);
    });
  });

  it('goes over a link: power, rate, no side information, output in (0, 1), no leak', async () => {
    const codec = deepJsccCodec({ ratio: 1 / 6, parameters });
    const pictures = [wavyPicture(32, 20, 'a'), wavyPicture(16, 16, 'b')];
    const before = tf.memory().numTensors;
    for (const channel of [
      awgn({ snrDb: 3 }),
      rayleigh({ snrDb: 3 }),
      rayleigh({ snrDb: 3, fading: 'fast' }),
    ]) {
      const result = await transmit(codec, channel, pictures, Rng.of(1));
      expect(result.channelUses).toEqual([320, 128]);
      expect(result.sideInformationBits).toEqual([0, 0]);
      for (const [i, { name, width, height, data }] of result.received.entries()) {
        const { data: sent, ...shape } = pictures[i]!;
        expect({ name, width, height }).toEqual(shape);
        expect(data).toHaveLength(sent.length);
        expect(data.every((value) => value > 0 && value < 1)).toBe(true);
      }
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps the mean symbol energy of a large picture at 1, however the engine sums', async () => {
    const codec = deepJsccCodec({ ratio: 1 / 6, parameters });
    const { symbols } = await codec.encode(wavyPicture(768, 512), {
      channel: 'awgn',
      fading: 'none',
      snrDb: 10,
    });
    const energy =
      symbols.reduce((sum, value) => sum + value * value, 0) / codec.channelUses(wavyPicture(768, 512));
    expect(Math.abs(energy - 1)).toBeLessThan(1e-6);
  });

  it('is the network that is trained: codec and loss give the same error', async () => {
    const picture = wavyPicture(16, 16);
    const channel = awgn({ snrDb: 40 });
    const codec = deepJsccCodec({ ratio: 1 / 6, parameters });
    const { received } = await transmit(codec, channel, [picture], Rng.of(1));
    const error = received[0]!.data.reduce((sum, v, i) => sum + (v - picture.data[i]!) ** 2, 0) / 768;
    const batch = () => ({ data: picture.data, shape: [1, 16, 16, 3] as [number, number, number, number] });
    const loss = tf.tidy(() => {
      const loss = plainLoss(deepJsccLoss(parameters, { batch, channel }));
      return (loss(0, Rng.of(2)) as LossParts).loss.dataSync()[0]!;
    });
    expect(loss / error).toBeCloseTo(1, 2);
  });

  it('refuses ratios, weights and pictures that do not fit, in one line', async () => {
    for (const ratio of [0, 0.1, 1 / 192, 49 / 48, Number.NaN]) {
      expect(await inputErrorOf(() => latentMaps(ratio))).toContain(
        `bandwidth ratio is ${ratio}; allowed for DeepJSCC`,
      );
    }
    expect(await inputErrorOf(() => deepJsccCodec({ ratio: 1 / 12, parameters }))).toBe(
      'deepjscc: weights for 16 latent maps; ratio 0.08333333333333333 needs 8',
    );
    const codec = deepJsccCodec({ ratio: 1 / 6, parameters });
    const odd = () => transmit(codec, awgn({ snrDb: 5 }), [wavyPicture(30, 32, 'odd')], Rng.of(3));
    expect(await inputErrorOf(odd)).toContain(
      'picture odd is 30 x 32; allowed: sides that are multiples of 4',
    );
  });
});

describe('training of DeepJSCC', () => {
  const pictures = [wavyPicture(64, 64)];
  const size = 16;
  const batch = (_: number, rng: Rng) => ({
    data: patches(pictures, { size, count: 4, rng }),
    shape: [4, size, size, 3] as [number, number, number, number],
  });
  const training = { batch, channel: awgn({ snrDb: 10 }) };
  const options = { seed: 3, steps: 12, schedule: constantRate(1e-3) };

  async function run(seed: number) {
    const own = startDeepJscc(seed, 1 / 6);
    const losses: number[] = [];
    await trainDeepJscc(own, training, { ...options, seed, onStep: ({ loss }) => void losses.push(loss) });
    disposeTree(own);
    return losses;
  }

  it('lowers the loss, and is a function of its seed', async () => {
    const [first, again, other] = [await run(3), await run(3), await run(4)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.at(-1)).toBeLessThan(0.8 * first[0]!);
  });

  it('stops at a NaN in a later batch, names step and tensor, and keeps finite weights', async () => {
    const own = startDeepJscc(3, 1 / 6);
    const failing = (step: number, rng: Rng) => {
      const drawn = batch(step, rng);
      if (step === 2) drawn.data[11] = Number.NaN;
      return drawn;
    };
    const before = tf.memory().numTensors;
    const error = await trainDeepJscc(own, { ...training, batch: failing }, options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TrainingDiverged);
    expect(error).toMatchObject({ step: 2, tensor: 'batch' });
    expect((error as Error).message).toContain('training diverged at step 2: batch is not finite');
    expect(tf.memory().numTensors).toBe(before);
    for (const [name, { data }] of await snapshot(own)) expect(data.every(Number.isFinite), name).toBe(true);
    expect(flatten(own).size).toBeGreaterThan(0);
    disposeTree(own);
  });
});
