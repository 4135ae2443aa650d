import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../math/index.js';
import {
  type Conv2dParameters,
  conv2d,
  type DenseParameters,
  dense,
  gelu,
  initConv2d,
  initDense,
  parameter,
} from '../nn/index.js';
import { blockValues, quadValues } from './blocks.js';
import type { PrincipalComponents } from './principal.js';
import { depthToSpace, scaleChannels, spaceToDepth } from './tensor-shapes.js';

/** Width and depth of the default codec; the defaults are those of the weights that ship. */
export interface AdaptiveShape {
  /** Channels at quad resolution (1/4 of the picture's side). */
  width: number;
  /** Residual units at quad resolution, encoder and decoder. */
  encoderUnits: number;
  decoderUnits: number;
  /** Channels inside the residual units at block resolution (1/8). */
  blockWidth: number;
}

/** The shape of the weights that ship. */
export const defaultShape: AdaptiveShape = { width: 64, encoderUnits: 2, decoderUnits: 3, blockWidth: 128 };

type Gate = { hidden: DenseParameters; out: DenseParameters };
type Unit = { first: Conv2dParameters; gate: Gate; second: Conv2dParameters };
type BlockUnit = { reduce: DenseParameters; mix: Conv2dParameters; gate: Gate; expand: DenseParameters };

/** Parameters of the default codec. */
export type AdaptiveParameters = {
  encoder: {
    analysis: DenseParameters;
    stem: Conv2dParameters;
    units: { [name: string]: Unit };
    merge: DenseParameters;
    block: BlockUnit;
  };
  decoder: {
    logVariance: tf.Variable;
    block: BlockUnit;
    synthesis: DenseParameters;
    spread: DenseParameters;
    stem: Conv2dParameters;
    units: { [name: string]: Unit };
    head: Conv2dParameters;
  };
};

/** What gates the features, one row a codeword: SNR in dB and the bandwidth ratio. */
const gateInputs = 2;
const gateHidden = 32;

function initGate(rng: Rng, channels: number): Gate {
  return {
    hidden: initDense(rng.fork('hidden'), gateInputs, gateHidden, { initialiser: 'he' }),
    out: initDense(rng.fork('out'), gateHidden, channels, { initialiser: 'zero' }),
  };
}

function initUnit(rng: Rng, channels: number): Unit {
  const shape = { inputs: channels, outputs: channels, size: 3 };
  return {
    first: initConv2d(rng.fork('first'), shape),
    gate: initGate(rng.fork('gate'), channels),
    second: initConv2d(rng.fork('second'), { ...shape, initialiser: 'zero' }),
  };
}

function initBlockUnit(rng: Rng, width: number): BlockUnit {
  return {
    reduce: initDense(rng.fork('reduce'), blockValues, width),
    mix: initConv2d(rng.fork('mix'), { inputs: width, outputs: width, size: 3 }),
    gate: initGate(rng.fork('gate'), width),
    expand: initDense(rng.fork('expand'), width, blockValues, { initialiser: 'zero' }),
  };
}

function initUnits(rng: Rng, count: number, width: number): { [name: string]: Unit } {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`unit${i}`, initUnit(rng.fork(i), width)]),
  );
}

/**
 * A model that is the linear codec: analysis and synthesis are the principal components with SoftCast
 * gains, and every learned branch ends in zeros.
 */
export function initAdaptive(
  components: PrincipalComponents,
  rng: Rng,
  shape: AdaptiveShape = defaultShape,
): AdaptiveParameters {
  const { mean, variances } = components;
  const { width, encoderUnits, decoderUnits, blockWidth } = shape;
  const [encoder, decoder] = [rng.fork('encoder'), rng.fork('decoder')];
  return {
    encoder: {
      analysis: analysis(components),
      stem: initConv2d(encoder.fork('stem'), { inputs: quadValues, outputs: width, size: 3 }),
      units: initUnits(encoder.fork('units'), encoderUnits, width),
      merge: initDense(encoder.fork('merge'), 4 * width, blockValues, { initialiser: 'zero' }),
      block: initBlockUnit(encoder.fork('block'), blockWidth),
    },
    decoder: {
      logVariance: parameter(
        Float32Array.from(variances, (value) => Math.log(value) / 2),
        [blockValues],
      ),
      block: initBlockUnit(decoder.fork('block'), blockWidth),
      synthesis: {
        weight: parameter(synthesisMatrix(components), [blockValues, blockValues]),
        bias: parameter(Float32Array.from(mean), [blockValues]),
      },
      spread: initDense(decoder.fork('spread'), blockValues, 4 * width),
      stem: initConv2d(decoder.fork('stem'), { inputs: quadValues, outputs: width, size: 3 }),
      units: initUnits(decoder.fork('units'), decoderUnits, width),
      head: initConv2d(decoder.fork('head'), {
        inputs: width,
        outputs: quadValues,
        size: 3,
        initialiser: 'zero',
      }),
    },
  };
}

/** Parameters of the default shape whose values are still to be loaded. */
export function blankAdaptive(): AdaptiveParameters {
  const one = new Float64Array(blockValues).fill(1);
  const vectors = new Float64Array(blockValues * blockValues);
  return initAdaptive({ mean: one, variances: one, vectors }, Rng.of(0));
}

/** Weight with columns v_k·λ_k^(-1/4): centred blocks (rows) times this are the weighted coefficients. */
function analysis({ mean, variances, vectors }: PrincipalComponents): DenseParameters {
  const weight = new Float32Array(blockValues * blockValues);
  const bias = new Float32Array(blockValues);
  for (let k = 0; k < blockValues; k++) {
    const gain = variances[k]! ** -0.25;
    for (let i = 0; i < blockValues; i++) {
      weight[i * blockValues + k] = vectors[k * blockValues + i]! * gain;
      bias[k]! -= mean[i]! * vectors[k * blockValues + i]! * gain;
    }
  }
  return { weight: parameter(weight, [blockValues, blockValues]), bias: parameter(bias, [blockValues]) };
}

/** Rows v_k·λ_k^(1/4): the inverse of the analysis. */
function synthesisMatrix({ variances, vectors }: PrincipalComponents): Float32Array {
  return Float32Array.from(vectors, (value, at) => value * variances[Math.floor(at / blockValues)]! ** 0.25);
}

/** Conditions of a batch: SNR in dB and bandwidth ratio of each codeword, scaled to about [-1, 1]: [n, 2]. */
export function conditions(snrDb: Float32Array, ratio: number): tf.Tensor2D {
  const { shape, data } = conditionsOf(snrDb, ratio);
  return tf.tensor2d(data, shape);
}

/** The numbers of `conditions`. */
export function conditionsOf(
  snrDb: Float32Array,
  ratio: number,
): { shape: [number, number]; data: Float32Array } {
  const rows = Array.from(snrDb, (snr) => [snr / 10 - 0.5, Math.log2(6 * ratio)]);
  return { shape: [snrDb.length, gateInputs], data: Float32Array.from(rows.flat()) };
}

/** Attention-feature gate (Xu et al. 2022), here on SNR and ratio alone: 2·sigmoid, so it starts at 1. */
function gated(gate: Gate, x: tf.Tensor, condition: tf.Tensor2D): tf.Tensor {
  const factors = tf.mul(2, tf.sigmoid(dense(gate.out, tf.relu(dense(gate.hidden, condition)))));
  return scaleChannels(x as tf.Tensor4D, factors as tf.Tensor2D);
}

function unit(params: Unit, x: tf.Tensor, condition: tf.Tensor2D): tf.Tensor {
  const inner = conv2d(params.first, gelu(x));
  return tf.add(x, conv2d(params.second, gated(params.gate, gelu(inner), condition)));
}

function blockUnit(params: BlockUnit, x: tf.Tensor, condition: tf.Tensor2D): tf.Tensor {
  const inner = gelu(conv2d(params.mix, gelu(dense(params.reduce, x))));
  return tf.add(x, dense(params.expand, gated(params.gate, inner, condition)));
}

/** Mid-grey of the training pictures, so that the convolutions' zero padding is no edge. */
const grey = 0.45;

/**
 * Blocks [n, rows, columns, 192] to coefficients [n, rows, columns, 2·uses] before power normalisation.
 */
export function encodeBlocks(
  params: AdaptiveParameters['encoder'],
  blocks: tf.Tensor4D,
  condition: tf.Tensor2D,
  kept: number,
): tf.Tensor4D {
  const linear = dense(params.analysis, blocks);
  let features = conv2d(params.stem, tf.sub(depthToSpace(blocks), grey));
  for (const each of Object.values(params.units)) features = unit(each, features, condition);
  const learned = dense(params.merge, spaceToDepth(gelu(features) as tf.Tensor4D));
  const all = blockUnit(params.block, tf.add(linear, learned), condition);
  return tf.slice(all, [0, 0, 0, 0], [-1, -1, -1, kept]) as tf.Tensor4D;
}

/**
 * Received coefficients [n, rows, columns, kept] to blocks.
 * @param scale the transmitter's scale of each codeword [n, 1]
 * @param noise noise variance of a real value: of each codeword [n, 1], or of each value [n, rows, columns, kept]
 */
export function decodeBlocks(
  params: AdaptiveParameters['decoder'],
  received: tf.Tensor4D,
  scale: tf.Tensor2D,
  noise: tf.Tensor2D | tf.Tensor4D,
  condition: tf.Tensor2D,
): tf.Tensor4D {
  const kept = received.shape[3];
  const estimate = shrink(params.logVariance, received, scale, noise);
  const padded = tf.pad(estimate, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, blockValues - kept],
  ]);
  const coefficients = blockUnit(params.block, padded, condition);
  const linear = dense(params.synthesis, coefficients);
  const quads = depthToSpace(linear as tf.Tensor4D);
  const spread = depthToSpace(dense(params.spread, coefficients) as tf.Tensor4D);
  let features = tf.add(conv2d(params.stem, tf.sub(quads, grey)), spread);
  for (const each of Object.values(params.units)) features = unit(each, features, condition);
  const refined = tf.add(quads, conv2d(params.head, gelu(features)));
  return spaceToDepth(refined as tf.Tensor4D);
}

/** LMMSE estimate of each coefficient, its prior variance scaled to the codeword's loudness. */
function shrink(
  logVariance: tf.Variable,
  received: tf.Tensor4D,
  scale: tf.Tensor2D,
  noise: tf.Tensor2D | tf.Tensor4D,
): tf.Tensor {
  const variance = tf.exp(tf.slice(logVariance as tf.Tensor as tf.Tensor1D, 0, received.shape[3]));
  const energy = tf.square(scale);
  const prior = tf.div(tf.div(variance, tf.mul(2, tf.mean(variance))), energy);
  const weightAt = (strength: tf.Tensor, power: tf.Tensor) => tf.div(strength, tf.add(power, noise));
  const [strength, power] = [tf.mul(scale, prior), tf.mul(energy, prior)];
  if (noise.rank === 2) return scaleChannels(received, weightAt(strength, power) as tf.Tensor2D);
  const overPlaces = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]);
  return tf.mul(received, weightAt(overPlaces(strength), overPlaces(power)));
}
