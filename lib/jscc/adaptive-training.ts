import * as tf from '@tensorflow/tfjs-core';
import { awgn, type ChannelInputs, channelInputs, overChannel } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import type { Drawn, DrawnLoss } from '../nn/index.js';
import type { Picture } from '../source/index.js';
import { type AdaptiveParameters, conditionsOf, decodeBlocks, encodeBlocks } from './adaptive-model.js';
import { trainingBlocks } from './augmentation.js';
import { blockSide, blockValues } from './blocks.js';
import { usesPerBlock } from './rate.js';

/** What a training step of the default codec draws from. */
export interface AdaptiveTraining {
  pictures: readonly Picture[];
  /** Patches a step, and their side in pixels (a multiple of 8). */
  batch: number;
  side: number;
  /** Ratios drawn from, one a step; a ratio listed twice is drawn twice as often. */
  ratios: readonly number[];
  /** SNR of each codeword: uniform in dB between these. */
  snrDb: readonly [low: number, high: number];
  /** Share of the patches that are recoloured (default 1). */
  recoloured?: number;
}

/** The setting of the weights that ship. */
export const defaultTraining: Omit<AdaptiveTraining, 'pictures'> = {
  batch: 16,
  side: 64,
  ratios: [1 / 6, 1 / 6, 1 / 12, 1 / 3],
  snrDb: [-3, 20.5],
};

/** Keeps the logarithm of the error of a flat patch finite: 60 dB. */
const floor = 1e-6;

/**
 * The loss of one step: mean over patches of the logarithm of the squared error, over AWGN at an SNR of each
 * patch's own, i.e. minus the mean PSNR. (A plain mean of squared errors would be all low SNR.)
 */
export function adaptiveLoss(params: AdaptiveParameters, training: AdaptiveTraining): DrawnLoss {
  const { pictures, batch, side, ratios, snrDb, recoloured } = training;
  const cells = side / blockSide;
  return {
    draw(_, rng) {
      const ratio = rng.fork('ratio').choice(ratios);
      const snrs = new Float32Array(batch);
      rng.fork('snr').fillUniform(snrs, snrDb[0], snrDb[1]);
      const data = trainingBlocks(pictures, {
        batch,
        side,
        rng: rng.fork('patches'),
        ...(recoloured !== undefined && { recoloured }),
      });
      const shape = [batch, cells, cells, blockValues];
      const pass = { ratio, snrDb: snrs, rng: rng.fork('noise'), cells: cells * cells };
      return { batch: { shape, data }, ...passInputs(pass) };
    },
    compute(drawn) {
      const blocks = drawn.batch as tf.Tensor4D;
      const output = adaptivePass(params, blocks, drawn as PassInputs<tf.Tensor>);
      const errors = tf.mean(tf.reshape(tf.square(tf.sub(output, blocks)), [batch, -1]), 1);
      return tf.mean(tf.log(tf.add(errors, floor)));
    },
  };
}

/** What a pass draws or is told besides the pictures: the gates' conditions, noise variances, the channel's noise. */
type PassInputs<T> = ChannelInputs<T> & { condition: T; variance: T };

/** The inputs of a pass over AWGN at an SNR of each codeword's own; `cells` counts the blocks of a codeword. */
export function passInputs({
  ratio,
  snrDb,
  rng,
  cells,
}: {
  ratio: number;
  snrDb: Float32Array;
  rng: Rng;
  cells: number;
}): PassInputs<Drawn> {
  const codewords = snrDb.length;
  const uses = cells * usesPerBlock(ratio);
  return {
    ...channelInputs(awgn({ snrDb }).sample(rng, { codewords, uses })),
    condition: conditionsOf(snrDb, ratio),
    variance: { shape: [codewords, 1], data: snrDb.map((snr) => 10 ** (-snr / 10) / 2) },
  };
}

/** Blocks [n, rows, columns, 192] through encoder, AWGN of each codeword's own SNR, and decoder. */
export function adaptivePass(
  params: AdaptiveParameters,
  blocks: tf.Tensor4D,
  inputs: PassInputs<tf.Tensor>,
): tf.Tensor4D {
  const [n, rows, columns] = blocks.shape;
  const kept = (2 * inputs.noiseRe.shape[1]!) / (rows * columns);
  const condition = inputs.condition as tf.Tensor2D;
  const coefficients = encodeBlocks(params.encoder, blocks, condition, kept);
  const energy = tf.mean(tf.square(tf.reshape(coefficients, [n, -1])), 1, true);
  const scale = tf.div(Math.SQRT1_2, tf.sqrt(tf.add(energy, 1e-12))) as tf.Tensor2D;
  const sent = tf.mul(coefficients, tf.reshape(scale, [n, 1, 1, 1])) as tf.Tensor4D;
  const received = overAwgn(sent, inputs);
  return decodeBlocks(params.decoder, received, scale, inputs.variance as tf.Tensor2D, condition);
}

/** The first half of a block's values are the real parts of its symbols, the second half the imaginary ones. */
function overAwgn(sent: tf.Tensor4D, inputs: ChannelInputs<tf.Tensor>): tf.Tensor4D {
  const [n, rows, columns, kept] = sent.shape;
  const half = kept / 2;
  const flat = (x: tf.Tensor) => tf.reshape(x, [n, rows * columns * half]) as tf.Tensor2D;
  const re = flat(tf.slice(sent, [0, 0, 0, 0], [-1, -1, -1, half]));
  const im = flat(tf.slice(sent, [0, 0, 0, half], [-1, -1, -1, half]));
  const got = overChannel({ re, im }, inputs);
  const shaped = (x: tf.Tensor) => tf.reshape(x, [n, rows, columns, half]) as tf.Tensor4D;
  return tf.concat([shaped(got.re), shaped(got.im)], 3);
}
