import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  type Conv2dParameters,
  conv2d,
  type DenseParameters,
  type DrawnLoss,
  dense,
  initConv2d,
  initDense,
  type TrainResult,
} from '../../nn/index.js';
import { fitNetwork, joined, type TrainingChoices, valuesOf } from '../learning/index.js';
import { candidateMap, mapChannels, mapSide, occupancyMap } from './maps.js';
import type { SpatialCase } from './rooms.js';

/** Two convolutions, the largest and mean value of each channel over the map, and two dense layers. */
export type ValidityNetwork = {
  layer0: Conv2dParameters;
  layer1: Conv2dParameters;
  hidden: DenseParameters;
  output: DenseParameters;
};

const widths = [12, 16] as const;

/** An untrained network. */
export function initValidityNetwork(rng: Rng): ValidityNetwork {
  return {
    layer0: initConv2d(rng.fork('layer0'), { inputs: mapChannels, outputs: widths[0], size: 3 }),
    layer1: initConv2d(rng.fork('layer1'), { inputs: widths[0], outputs: widths[1], size: 3 }),
    hidden: initDense(rng.fork('hidden'), 2 * widths[1], 16, { initialiser: 'he' }),
    output: initDense(rng.fork('output'), 16, 1),
  };
}

/** Log odds that a candidate is there, [candidates], of maps [candidates, side, side, channels]. */
function logits(network: ValidityNetwork, maps: tf.Tensor): tf.Tensor {
  const first = tf.relu(conv2d(network.layer0, maps));
  const second = tf.relu(conv2d(network.layer1, first, { stride: 2 }));
  const pooled = tf.concat([tf.max(second, [1, 2]), tf.mean(second, [1, 2])], 1);
  return tf.reshape(dense(network.output, tf.relu(dense(network.hidden, pooled))), [maps.shape[0]!]);
}

/** Cross-entropy of log odds against 0 or 1. */
function crossEntropy(odds: tf.Tensor, valid: tf.Tensor): tf.Tensor {
  const size = tf.log(tf.add(tf.exp(tf.neg(tf.abs(odds))), 1));
  return tf.mean(tf.add(tf.sub(tf.relu(odds), tf.mul(odds, valid)), size));
}

function validityLoss(
  network: ValidityNetwork,
  cases: readonly SpatialCase[],
  batch: number,
): DrawnLoss<'maps' | 'valid'> {
  const views = cases.map(({ room }) => occupancyMap(room));
  return {
    draw(_step, rng) {
      const maps = new Float32Array(batch * mapSide * mapSide * mapChannels);
      const valid = new Float32Array(batch);
      for (let item = 0; item < batch; item++) {
        const chosen = rng.integer(cases.length);
        const candidate = rng.choice(cases[chosen]!.candidates);
        maps.set(candidateMap(cases[chosen]!, candidate, views[chosen]!), (item * maps.length) / batch);
        valid[item] = candidate.valid ? 1 : 0;
      }
      return {
        maps: { shape: [batch, mapSide, mapSide, mapChannels], data: maps },
        valid: { shape: [batch], data: valid },
      };
    },
    compute: ({ maps, valid }) => crossEntropy(logits(network, maps), valid),
  };
}

/** Trains a network in place. @throws InputError as `train`, or when there is nothing to learn from. */
export function trainValidityNetwork(
  network: ValidityNetwork,
  cases: readonly SpatialCase[],
  { batch = 64, ...options }: TrainingChoices,
): Promise<TrainResult> {
  if (cases.length === 0) throw new InputError('0 training links; allowed: 1 or more');
  const loss = validityLoss(network, cases, batch);
  return fitNetwork({ parameters: network, loss, peak: 4e-3, warmUp: 20, ...options });
}

/** Which candidates of each link the network takes for there: those more likely than not. */
export async function predictValidity(
  network: ValidityNetwork,
  cases: readonly SpatialCase[],
): Promise<boolean[][]> {
  const predicted: boolean[][] = [];
  for (const one of cases) {
    const view = occupancyMap(one.room);
    const maps = one.candidates.map((candidate) => candidateMap(one, candidate, view));
    const shape = [maps.length, mapSide, mapSide, mapChannels];
    const odds = await valuesOf(() => logits(network, tf.tensor(joined(maps), shape)));
    predicted.push(Array.from(odds, (value) => value > 0));
  }
  return predicted;
}
