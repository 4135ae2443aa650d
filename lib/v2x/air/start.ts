import * as tf from '@tensorflow/tfjs-core';
import { Rng, symmetricEigen } from '../../math/index.js';
import { detectPillars, PILLARS, type PillarParameters } from '../pillars/index.js';
import { type AirParameters, initAir, valuesPerCell } from './model.js';
import type { MapPairs } from './pairs.js';

const { channels: C, featureCells: SIDE } = PILLARS;
/** Maps that the start is drawn from. */
const MAPS = 60;
/** Weight of cells of which the heads make nothing; next to a centre it is 1. */
const ELSEWHERE = 0.02;

/** The stream of a training. */
export const airStream = (seed: number): Rng => Rng.of(seed).fork('v2x').fork('air');

/** What the heads read from each cell's surroundings: the largest probability of a centre [n, 50, 50, 1]. */
export function importanceOf(centre: tf.Tensor): tf.Tensor {
  return tf.add(tf.maxPool(centre as tf.Tensor4D, 3, 1, 'same'), ELSEWHERE);
}

/**
 * A codec that starts as the linear code of the components of single cells, each cell counted by how likely a centre is next to
 * it, with the gains lambda^(-1/4) of least error under a total power; its layers add nothing yet.
 * @throws InputError as `valuesPerCell`.
 */
export function startAir(
  seed: number,
  uses: number,
  { pairs, detector }: { readonly pairs: MapPairs; readonly detector: PillarParameters },
): AirParameters {
  const kept = valuesPerCell(uses);
  const maps = Array.from(
    { length: Math.min(MAPS, pairs.count) },
    (_, n) => pairs.pair(Math.floor((n * pairs.count) / Math.min(MAPS, pairs.count))).sent,
  );
  const { values, vectors } = symmetricEigen(moments(maps, detector), C);
  const floor = 1e-6 * Math.max(values[0]!, 1e-6);
  const gains = values.slice(0, kept).map((value) => Math.max(value, floor) ** -0.25);
  const energy = usualEnergy(maps, vectors, gains);
  const analysis = new Float32Array(C * kept);
  const synthesis = new Float32Array(kept * C);
  for (let k = 0; k < kept; k++) {
    for (let c = 0; c < C; c++) {
      const direction = vectors[k * C + c]!;
      analysis[c * kept + k] = direction * gains[k]!;
      synthesis[k * C + c] = (direction / gains[k]!) * Math.sqrt(2 * energy);
    }
  }
  const params = initAir(airStream(seed).fork('start'), uses);
  for (const [half, data, shape] of [
    [params.encoder, analysis, [1, 1, C, kept]],
    [params.decoder, synthesis, [1, 1, kept, C]],
  ] as const)
    tf.tidy(() => half.linear.weight.assign(tf.tensor(data, [...shape])));
  return params;
}

/** Second moments of the features of a cell, weighted by importance. */
function moments(maps: readonly Float32Array[], detector: PillarParameters): Float64Array {
  const sums = new Float64Array(C * C);
  for (const map of maps) {
    const weights = tf.tidy(() => {
      const outputs = detectPillars(detector, tf.tensor4d(map.slice(), [1, SIDE, SIDE, C]));
      return importanceOf(tf.sigmoid(tf.slice(outputs, [0, 0, 0, 0], [-1, -1, -1, 1])));
    });
    for (const [cell, weight] of (weights.dataSync() as Float32Array).entries()) {
      for (let i = 0; i < C; i++)
        for (let j = 0; j < C; j++) sums[i * C + j]! += weight * map[cell * C + i]! * map[cell * C + j]!;
    }
    weights.dispose();
  }
  return sums;
}

/** Mean square of what is sent of the maps. */
function usualEnergy(maps: readonly Float32Array[], vectors: Float64Array, gains: Float64Array): number {
  let sum = 0;
  for (const map of maps) {
    for (let at = 0; at < map.length; at += C) {
      for (const [k, gain] of gains.entries()) {
        let value = 0;
        for (let c = 0; c < C; c++) value += gain * vectors[k * C + c]! * map[at + c]!;
        sum += value * value;
      }
    }
  }
  return sum / (maps.length * SIDE * SIDE * gains.length);
}
