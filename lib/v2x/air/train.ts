import { Rng } from '../../math/index.js';
import { cosineRate, type TrainOptions, type TrainResult, train } from '../../nn/index.js';
import type { PillarParameters } from '../pillars/index.js';
import { type AirDraws, airLoss } from './loss.js';
import { type AirParameters, initAir } from './model.js';

/** What a training draws from, and how long it takes. */
export interface AirTraining extends AirDraws {
  /** Of the detector, whose heads read what is decoded; they stay as they are. */
  readonly detector: PillarParameters;
  readonly seed: number;
  readonly steps: number;
  /** Highest learning rate of the cosine schedule. */
  readonly learningRate: number;
}

/** An untrained codec, drawn from the seed. @throws InputError as `valuesPerCell`. */
export const startAir = (seed: number, uses: number): AirParameters =>
  initAir(stream(seed).fork('start'), uses);

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
    rng: stream(seed).fork('train'),
    schedule: cosineRate({ peak: learningRate, steps, warmUp: Math.min(50, steps - 1) }),
    clipNorm: 10,
    ...watch,
  });
}

const stream = (seed: number) => Rng.of(seed).fork('v2x').fork('air');
