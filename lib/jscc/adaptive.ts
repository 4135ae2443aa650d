import * as tf from '@tensorflow/tfjs-core';
import type { Codeword, Reception } from '../link/index.js';
import type { Picture } from '../source/index.js';
import { type AdaptiveParameters, conditions, decodeBlocks, encodeBlocks } from './adaptive-model.js';
import { adaptiveParts } from './adaptive-parts.js';
import { blockGrid, blockValues, fromBlocks, toBlocks } from './blocks.js';
import type { NeuralCodec } from './codec-part.js';
import { knownSnrDb, quantiseScale, requireWholeBlocks, scaleBits, usesOf, usesPerBlock } from './rate.js';
import { fromSymbols, toSymbols, unitScale } from './symbols.js';

function told(snrDb: number): Float32Array {
  return Float32Array.of(Math.min(knownSnrDb.high, Math.max(knownSnrDb.low, snrDb)));
}

/**
 * The default codec: the linear codec plus learned residual branches, one model for all SNRs and ratios.
 *
 * The encoder knows the mean SNR of the link, the decoder the noise variance of each value it received (over fast
 * fading its gates are told the SNR of the same mean capacity). The codeword's
 * scale travels as 16 bits of side information, as in the linear codec.
 * @param options.ratio complex channel uses per source value, n/192, within [1/12, 1/3] for the weights that ship
 * @throws InputError for a ratio that is not n/192.
 */
export function adaptiveCodec({
  ratio,
  parameters,
  name = 'adaptive',
}: {
  ratio: number;
  parameters: AdaptiveParameters;
  name?: string;
}): NeuralCodec {
  const kept = 2 * usesPerBlock(ratio);
  return {
    name,
    ...adaptiveParts(ratio, parameters, name),
    channelUses: (picture) => usesOf(picture, ratio),
    shapeOf: ({ name: title, width, height }) => ({ name: title, width, height }),
    async encode(picture, { snrDb }): Promise<Codeword> {
      requireWholeBlocks(picture);
      const { rows, columns } = blockGrid(picture);
      const coefficients = tf.tidy(() => {
        const blocks = tf.tensor4d(toBlocks(picture), [1, rows, columns, blockValues]);
        return encodeBlocks(parameters.encoder, blocks, conditions(told(snrDb), ratio), kept);
      });
      const symbols = toSymbols(await valuesOf(coefficients), kept);
      const scale = quantiseScale(unitScale(symbols));
      for (let i = 0; i < symbols.length; i++) symbols[i]! *= scale;
      return { symbols, sideInformationBits: scaleBits, side: scale };
    },
    async decode(received: Reception, shape): Promise<Picture> {
      const { rows, columns } = blockGrid(shape);
      const output = tf.tidy(() => {
        const values = tf.tensor4d(fromSymbols(received.symbols, kept), [1, rows, columns, kept]);
        const condition = conditions(told(meanSnrDb(received.noiseVariance)), ratio);
        const scale = tf.tensor2d([[received.side as number]]);
        const noise = noiseOfValues(received.noiseVariance, [rows, columns, kept]);
        return decodeBlocks(parameters.decoder, values, scale, noise, condition);
      });
      return fromBlocks(await valuesOf(output), shape, shape.name);
    },
  };
}

/** The SNR of constant gain that has the mean capacity of these noise variances. */
function meanSnrDb(variances: Float32Array): number {
  const capacity = variances.reduce((sum, variance) => sum + Math.log1p(1 / variance), 0) / variances.length;
  return 10 * Math.log10(Math.expm1(capacity));
}

/** Noise variance of the real values: one of the codeword [1, 1], or each use's for the values that it carries. */
function noiseOfValues(
  variances: Float32Array,
  [rows, columns, kept]: [number, number, number],
): tf.Tensor2D | tf.Tensor4D {
  if (variances.length === 1) return tf.tensor2d([[variances[0]! / 2]]);
  const pairs = Float32Array.from({ length: 2 * variances.length }, (_, i) => variances[i >> 1]! / 2);
  return tf.tensor4d(fromSymbols(pairs, kept), [1, rows, columns, kept]);
}

/** Reads a tensor out of the engine and frees it. */
async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
