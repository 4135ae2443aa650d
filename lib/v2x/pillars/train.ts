import { Rng } from '../../math/index.js';
import { cosineRate, type TrainOptions, type TrainResult, train } from '../../nn/index.js';
import { pillarLoss } from './loss.js';
import { initPillars, type PillarParameters } from './network.js';
import { trainingBatch } from './training-batch.js';
import type { TrainingFrames } from './training-frames.js';

/** What a training draws from, and how long it takes. */
export interface PillarTraining {
  readonly seed: number;
  readonly steps: number;
  /** Highest learning rate of the cosine schedule. */
  readonly learningRate: number;
  /** Frames of a step; each is seen in seven ways and fused in four. */
  readonly batch: number;
  readonly frames: TrainingFrames;
}

/** An untrained network, drawn from the seed. */
export function startPillars(seed: number): PillarParameters {
  return initPillars(stream(seed).fork('start'));
}

/** Trains a network in place. @throws InputError as `train`. */
export function trainPillars(
  parameters: PillarParameters,
  { seed, steps, learningRate, batch, frames }: PillarTraining,
  watch: Pick<TrainOptions, 'checkpoint' | 'onStep' | 'stop' | 'progress'> = {},
): Promise<TrainResult> {
  return train({
    parameters,
    loss: pillarLoss(parameters, (_, rng) => {
      const chosen = Array.from({ length: batch }, (_, n) => rng.fork('frame').fork(n).integer(frames.count));
      return trainingBatch(
        chosen.map((index) => frames.frame(index)),
        rng.fork('views'),
      );
    }),
    steps,
    rng: stream(seed).fork('train'),
    schedule: cosineRate({
      peak: learningRate,
      steps,
      warmUp: Math.min(50, steps - 1),
      floor: learningRate / 100,
    }),
    clipNorm: 10,
    ...watch,
  });
}

const stream = (seed: number) => Rng.of(seed).fork('v2x').fork('pillars');
