import { cosineRate, type TrainOptions, type TrainResult, train } from '../../nn/index.js';
import type { PillarParameters } from '../pillars/index.js';
import { type AirDraws, airLoss } from './loss.js';
import type { AirParameters } from './model.js';
import { airStream } from './start.js';

/** What a training draws from, and how long it takes. */
export interface AirTraining extends AirDraws {
  /** Of the detector, whose heads read what is decoded; they stay as they are. */
  readonly detector: PillarParameters;
  readonly seed: number;
  readonly steps: number;
  /** Highest learning rate of the cosine schedule. */
  readonly learningRate: number;
}

/** Trains a codec in place. @throws InputError as `train`. */
export function trainAir(
  parameters: AirParameters,
  { detector, seed, steps, learningRate, ...draws }: AirTraining,
  watch: Pick<TrainOptions, 'checkpoint' | 'onStep' | 'stop' | 'progress'> = {},
): Promise<TrainResult> {
  return train({
    parameters,
    loss: airLoss(parameters, detector, draws),
    steps,
    rng: airStream(seed).fork('train'),
    schedule: cosineRate({ peak: learningRate, steps, warmUp: Math.min(50, steps - 1) }),
    clipNorm: 10,
    ...watch,
  });
}
