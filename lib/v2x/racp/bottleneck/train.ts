import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger, requireRange } from '../../../base/index.js';
import type { Rng } from '../../../math/index.js';
import {
  cosineRate,
  type Drawn,
  type DrawnLoss,
  type TrainOptions,
  train,
  withGradient,
} from '../../../nn/index.js';
import type { Position } from '../../evaluate/index.js';
import { MAP, MAP_CELLS } from '../cameras.js';
import { PAST } from '../context.js';
import { type Features, requireSymbols } from '../features.js';
import { CAMERAS, GRID, groundTarget } from './ground-grid.js';
import {
  type BottleneckParameters,
  dequantised,
  encodeFeatures,
  type GroundViews,
  latentBits,
  occupancy,
  USUAL_GAIN,
} from './model.js';
import { pictures, viewsOf } from './tables.js';

/** What a training learns from: people, and what seven cameras make of them. */
export interface BottleneckScene {
  readonly truths: readonly (readonly Position[])[];
  /** By camera, then frame. */
  readonly features: readonly (readonly Features[])[];
}

export interface BottleneckTraining {
  readonly scenes: readonly BottleneckScene[];
  /** Weight of 1,000 bits of all cameras against the squared error a person, of each level; each 0 to 1000. */
  readonly bitWeights: readonly number[];
  readonly rng: Rng;
  /** Updates, 1 to 1e6; each is of one level. */
  readonly steps: number;
  /** Steps that a person raises the features by, as of `featureSource`: 0.5 to 100, 6 unless told otherwise. */
  readonly gain?: number;
  /** Highest rate of the cosine schedule; 5e-3 unless told otherwise. */
  readonly learningRate?: number;
}

/**
 * Trains a bottleneck in place: mean squared error of the occupancy against a Gaussian at each person, plus the bits by the
 * temporal entropy model. Latents are rounded for the read-out, with the slope of the identity, and noisy for the bits.
 * @throws InputError for a scene of fewer than 3 frames or other than seven cameras, or a number out of range.
 */
export async function trainBottleneck(
  parameters: BottleneckParameters,
  { scenes, bitWeights, rng, steps, gain = USUAL_GAIN, learningRate = 5e-3 }: BottleneckTraining,
  watch: Pick<TrainOptions, 'onStep' | 'stop' | 'progress'> = {},
): Promise<void> {
  requireInteger('steps', steps, 1, 1_000_000);
  requireRange('gain', gain, 0.5, 100);
  for (const weight of bitWeights) requireRange('bitWeight', weight, 0, 1000);
  requireInteger('number of scenes', scenes.length, 1);
  scenes.forEach(requireScene);
  await train({
    parameters,
    loss: bottleneckLoss(parameters, { scenes, bitWeights, factor: USUAL_GAIN / gain }),
    steps,
    rng,
    schedule: cosineRate({ peak: learningRate, steps, warmUp: Math.min(20, steps - 1) }),
    clipNorm: 20,
    ...watch,
  });
}

function requireScene({ truths, features }: BottleneckScene): void {
  if (features.length !== CAMERAS)
    throw new InputError(`a scene of ${features.length} cameras; allowed: ${CAMERAS}`);
  requireInteger('frames of a scene', truths.length, PAST + 1);
  for (const sequence of features) {
    requireInteger('maps of a camera', sequence.length, truths.length, truths.length);
    for (const map of sequence) requireSymbols('features', map);
  }
}

/** Cameras whose bits are counted in a step, and rows of the ground that are read out, without those next to where it is cut. */
const COUNTED = 2;
const BAND = { rows: 60, margin: 3 } as const;

type Batch<T> = GroundViews<T> &
  Record<'seenNow' | 'counted' | 'noise' | 'target' | 'level' | 'weight' | 'people', T>;

/** What the steps of a training draw from. */
interface Source extends Pick<BottleneckTraining, 'scenes' | 'bitWeights'> {
  readonly factor: number;
}

function bottleneckLoss(params: BottleneckParameters, source: Source): DrawnLoss {
  return {
    draw: (step, rng) => drawn(source, step, rng),
    compute(inputs) {
      const { seenNow, counted, noise, target, level, weight, people, ...views } = inputs as Batch<tf.Tensor>;
      const latents = encodeFeatures(params, counted, level);
      const [now, last, before] = tf.split(latents, PAST + 1, 0);
      const past = { last: tf.round(last!), before: tf.round(before!) };
      const counts = latentBits(params, level, { noisy: tf.add(now!, noise), ...past });
      const bits = tf.mul(CAMERAS / COUNTED / 1000, counts);
      const shared = roundedThrough(encodeFeatures(params, seenNow, level));
      const found = occupancy(params, dequantised(params, shared, level), views);
      const inner = [BAND.margin, 0];
      const size = [BAND.rows - 2 * BAND.margin, GRID.columns];
      const error = tf.div(
        tf.sum(tf.squaredDifference(tf.slice(found, inner, size), tf.slice(target, inner, size))),
        people,
      );
      return { loss: tf.add(error, tf.mul(weight, bits)), parts: { error, bits } };
    },
  };
}

function drawn({ scenes, bitWeights, factor }: Source, step: number, rng: Rng): Batch<Drawn> {
  const any = () => {
    const scene = scenes[rng.integer(scenes.length)]!;
    return { ...scene, frame: PAST + rng.integer(scene.truths.length - PAST) };
  };
  const [seen, counted] = [any(), any()];
  const row = rng.integer(GRID.rows - BAND.rows + 1);
  const cameras = rng.permutation(CAMERAS).subarray(0, COUNTED);
  const past = Array.from({ length: PAST + 1 }, (_, age) =>
    Array.from(cameras, (camera) => counted.features[camera]![counted.frame - age]!),
  );
  const people = seen.truths[seen.frame]!;
  const noise = new Float32Array(COUNTED * MAP_CELLS * MAP.channels);
  const from = row * GRID.columns;
  return {
    ...viewsOf(row, BAND.rows),
    seenNow: pictures(
      seen.features.map((sequence) => sequence[seen.frame]!),
      factor,
    ),
    counted: pictures(past.flat(), factor),
    noise: {
      shape: [COUNTED, MAP.rows, MAP.columns, MAP.channels],
      data: rng.fork('noise').fillUniform(noise, -0.5, 0.5),
    },
    target: {
      shape: [BAND.rows, GRID.columns],
      data: groundTarget(people).subarray(from, from + BAND.rows * GRID.columns),
    },
    level: {
      shape: [1, bitWeights.length],
      data: Float32Array.from(bitWeights, (_, n) => Number(n === step % bitWeights.length)),
    },
    weight: { shape: [], data: Float32Array.of(bitWeights[step % bitWeights.length]!) },
    people: {
      shape: [],
      data: Float32Array.of((Math.max(1, people.length) * (BAND.rows - 2 * BAND.margin)) / GRID.rows),
    },
  };
}

/** Rounded, with the slope of the identity. */
const roundedThrough = (x: tf.Tensor): tf.Tensor =>
  withGradient([x], ([value]) => ({ value: tf.round(value!), gradients: (dy) => [tf.clone(dy)] }));
