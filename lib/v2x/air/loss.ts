import * as tf from '@tensorflow/tfjs-core';
import { awgn, type ChannelInputs, channelInputs, overChannel } from '../../channel/index.js';
import type { Rng } from '../../math/index.js';
import type { Drawn, DrawnLoss } from '../../nn/index.js';
import { detectPillars, PILLARS, type PillarParameters } from '../pillars/index.js';
import { type AirParameters, decodeMaps, encodeMaps, unitScales } from './model.js';
import type { MapPairs } from './pairs.js';
import { importanceOf } from './start.js';

/** What a training step draws from. */
export interface AirDraws {
  readonly pairs: MapPairs;
  /** Pairs a step. */
  readonly batch: number;
  /** SNR of each codeword behind the equaliser: uniform in dB between these. */
  readonly snrDb: readonly [low: number, high: number];
  /** Channel uses of a codeword. */
  readonly uses: number;
}

type AirBatch<T> = ChannelInputs<T> & { sent: T; own: T; noise: T };

/** Share of the pairs whose receiver sees nothing itself. */
const BLIND = 0.25;
/** How much the features themselves count, beside what the heads make of them. */
const FEATURE_WEIGHT = 2;
/** Of the values of a box: places and headings decide whether boxes overlap. */
const IMPORTANCE = [2, 2, 0.2, 1, 1, 0.2, 2, 2];

/**
 * What is lost in the heads' answers: divergence of the probabilities of a centre, and absolute error of the boxes where
 * one is, of the receiver's map fused with the decoded one against the same with the map that was sent.
 */
export function airLoss(params: AirParameters, heads: PillarParameters, draws: AirDraws): DrawnLoss {
  return {
    draw: (_, rng) => drawn(draws, rng),
    compute(inputs) {
      const { sent, own, noise } = inputs as AirBatch<tf.Tensor>;
      const values = encodeMaps(params.encoder, sent);
      const symbols = tf.mul(values, unitScales(values));
      const received = overTensor(symbols, inputs as AirBatch<tf.Tensor>);
      const decoded = decodeMaps(params.decoder, received, noise);
      const answers = (maps: tf.Tensor) =>
        tf.split(detectPillars(heads, tf.maximum(maps, own)), [1, IMPORTANCE.length], 3);
      const [truth, boxes] = answers(sent);
      const [logits, found] = answers(decoded);
      const centre = tf.sigmoid(truth!);
      const count = tf.add(tf.sum(centre), 1);
      const cross = (x: tf.Tensor) => tf.sum(tf.sub(tf.softplus(x), tf.mul(centre, x)));
      const score = tf.div(tf.sub(cross(logits!), cross(truth!)), count);
      const error = tf.mul(tf.abs(tf.sub(found!, boxes!)), tf.tensor1d(IMPORTANCE));
      const box = tf.div(tf.sum(tf.mul(error, centre)), count);
      const near = importanceOf(centre);
      const energyOf = (x: tf.Tensor) => tf.sum(tf.mul(near, tf.square(x)));
      const feature = tf.div(energyOf(tf.sub(decoded, sent)), tf.add(energyOf(sent), 1e-6));
      const loss = tf.add(tf.add(score, box), tf.mul(FEATURE_WEIGHT, feature));
      return { loss, parts: { score, box, feature } };
    },
  };
}

function drawn({ pairs, batch, snrDb, uses }: AirDraws, rng: Rng): AirBatch<Drawn> {
  const { featureCells: side, channels } = PILLARS;
  const size = side * side * channels;
  const [sent, own] = [new Float32Array(batch * size), new Float32Array(batch * size)];
  const places = rng.fork('pairs');
  for (let n = 0; n < batch; n++) {
    const pair = pairs.pair(places.integer(pairs.count));
    sent.set(pair.sent, n * size);
    if (places.uniform() >= BLIND) own.set(pair.own, n * size);
  }
  const snrs = rng.fork('snr').fillUniform(new Float32Array(batch), snrDb[0], snrDb[1]);
  const shape = [batch, side, side, channels];
  return {
    ...channelInputs(awgn({ snrDb: snrs }).sample(rng.fork('noise'), { codewords: batch, uses })),
    sent: { shape, data: sent },
    own: { shape, data: own },
    noise: { shape: [batch, 1, 1, 1], data: snrs.map((snr) => 10 ** (-snr / 10)) },
  };
}

/** Values, one after the other the real and imaginary parts of symbols, through the drawn channel. */
function overTensor(values: tf.Tensor, inputs: ChannelInputs<tf.Tensor>): tf.Tensor {
  const { featureCells } = PILLARS;
  const [codewords, uses] = inputs.noiseRe.shape as [number, number];
  const [re, im] = tf.split(tf.reshape(values, [codewords, uses, 2]), 2, 2) as [tf.Tensor, tf.Tensor];
  const flat = (x: tf.Tensor) => tf.reshape(x, [codewords, uses]) as tf.Tensor2D;
  const got = overChannel({ re: flat(re), im: flat(im) }, inputs);
  return tf.reshape(tf.stack([got.re, got.im], 2), [codewords, featureCells, featureCells, -1]);
}
