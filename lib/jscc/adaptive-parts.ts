import * as tf from '@tensorflow/tfjs-core';
import { type AdaptiveParameters, decodeBlocks, encodeBlocks } from './adaptive-model.js';
import { blockSide, quadSide } from './blocks.js';
import { type CodecParts, type PictureSize, pictureInput, symbolsInput } from './codec-part.js';
import { knownSnrDb, scaleBits, stepsPerOctave, usesPerBlock } from './rate.js';
import { depthToSpace, spaceToDepth } from './tensor-shapes.js';

const oneNumber = { shape: [1] };

/** The networks of the default codec with all that stands around them: blocks, symbols, power and scale. */
export function adaptiveParts(ratio: number, parameters: AdaptiveParameters, codec: string): CodecParts {
  const kept = 2 * usesPerBlock(ratio);
  const described = {
    ratio,
    codec,
    sideMultiple: blockSide,
    snrRangeDb: [knownSnrDb.low, knownSnrDb.high] as const,
    sideInformationBits: scaleBits,
  };
  return {
    encoder: {
      ...described,
      role: 'encoder',
      parameters: parameters.encoder,
      inputs: (size) => ({ ...pictureInput(size), snr_db: oneNumber }),
      apply: ({ picture, snr_db }) => {
        const blocks = picturesToBlocks(picture as tf.Tensor4D);
        const condition = conditionOf(snr_db!, ratio);
        const symbols = valuesToSymbols(encodeBlocks(parameters.encoder, blocks, condition, kept));
        const scale = quantised(unitScale(symbols));
        return { symbols: tf.mul(symbols, scale), scale };
      },
    },
    decoder: {
      ...described,
      role: 'decoder',
      parameters: parameters.decoder,
      inputs: (size) => ({ ...symbolsInput(ratio, size), scale: oneNumber, snr_db: oneNumber }),
      apply: ({ symbols, scale, snr_db }, size) => {
        const values = symbolsToValues(symbols!, size, kept);
        const noise = tf.mul(0.5, tf.exp(tf.mul(snr_db!, -Math.LN10 / 10)));
        const [scales, noises] = [scale!, noise].map((x) => tf.reshape(x, [1, 1]) as tf.Tensor2D);
        const condition = conditionOf(snr_db!, ratio);
        const blocks = decodeBlocks(parameters.decoder, values, scales!, noises!, condition);
        return { picture: tf.clipByValue(blocksToPictures(blocks), 0, 1) };
      },
    },
  };
}

/** As `conditions`, of an SNR [1] in dB, which is told within the range of training. */
function conditionOf(snrDb: tf.Tensor, ratio: number): tf.Tensor2D {
  const told = tf.clipByValue(snrDb, knownSnrDb.low, knownSnrDb.high);
  const rate = tf.fill([1], Math.log2(6 * ratio));
  return tf.stack([tf.sub(tf.div(told, 10), 0.5), rate], 1) as tf.Tensor2D;
}

/** The factor [1] that gives symbols [1, uses, 2] unit mean energy. */
function unitScale(symbols: tf.Tensor): tf.Tensor {
  const energy = tf.mul(2, tf.mean(tf.square(symbols)));
  return tf.reshape(tf.rsqrt(tf.maximum(energy, 1e-12)), [1]);
}

/** As `quantiseScale`, in single precision. */
function quantised(scale: tf.Tensor): tf.Tensor {
  const steps = tf.floor(tf.mul(tf.log(scale), stepsPerOctave / Math.LN2));
  return tf.exp(tf.mul(steps, Math.LN2 / stepsPerOctave));
}

/** As `toBlocks`: [n, h, w, 3] to [n, h/8, w/8, 192]. */
function picturesToBlocks(pictures: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c] = pictures.shape;
  const [rows, columns] = [h / quadSide, w / quadSide];
  const lines = tf.reshape(pictures, [n * rows, quadSide, columns, quadSide * c]);
  const quads = tf.reshape(tf.transpose(lines, [0, 2, 1, 3]), [n, rows, columns, quadSide * quadSide * c]);
  return spaceToDepth(quads as tf.Tensor4D);
}

/** The inverse of `picturesToBlocks`. */
function blocksToPictures(blocks: tf.Tensor4D): tf.Tensor4D {
  const quads = depthToSpace(blocks);
  const [n, rows, columns, values] = quads.shape;
  const c = values / (quadSide * quadSide);
  const lines = tf.reshape(quads, [n * rows, columns, quadSide, quadSide * c]);
  return tf.reshape(tf.transpose(lines, [0, 2, 1, 3]), [n, rows * quadSide, columns * quadSide, c]);
}

/** As `toSymbols`: [1, rows, columns, kept] to [1, uses, 2]. */
function valuesToSymbols(values: tf.Tensor4D): tf.Tensor {
  const kept = values.shape[3];
  const halves = tf.reshape(values, [values.size / kept, 2, kept / 2]);
  return tf.reshape(tf.transpose(halves, [0, 2, 1]), [1, values.size / 2, 2]);
}

/** As `fromSymbols`. */
function symbolsToValues(symbols: tf.Tensor, { width, height }: PictureSize, kept: number): tf.Tensor4D {
  const pairs = tf.reshape(symbols, [symbols.size / kept, kept / 2, 2]);
  const shape: [number, number, number, number] = [1, height / blockSide, width / blockSide, kept];
  return tf.reshape(tf.transpose(pairs, [0, 2, 1]), shape);
}
