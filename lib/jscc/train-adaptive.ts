import { Rng } from '../math/index.js';
import { adam, cosineRate, type TrainOptions, type TrainResult, train } from '../nn/index.js';
import { type AdaptiveParameters, type AdaptiveShape, defaultShape, initAdaptive } from './adaptive-model.js';
import { type AdaptiveTraining, adaptiveLoss } from './adaptive-training.js';
import { principalComponents } from './principal.js';

/** Steps from zero to the full learning rate. */
const warmUp = 50;
/** The loss is a logarithm, so its gradients do not shrink with the error; the clip keeps steps even. */
const clipNorm = 1;

/** The warm start: the linear codec of the pictures as a model of the given shape; the draws are the seed's. */
export function startAdaptive(
  pictures: AdaptiveTraining['pictures'],
  seed: number,
  shape: AdaptiveShape = defaultShape,
): AdaptiveParameters {
  return initAdaptive(principalComponents(pictures), stream(seed).fork('start'), shape);
}

/**
 * Trains the default codec in place: Adam, cosine schedule to zero, one draw of ratio, patches, SNRs and
 * noise a step. The result depends on the arguments alone (on one backend).
 * @param learningRate of the schedule's top
 */
export async function trainAdaptive(
  parameters: AdaptiveParameters,
  training: AdaptiveTraining,
  options: { seed: number; steps: number; learningRate: number } & Pick<
    TrainOptions,
    'checkpoint' | 'onStep' | 'progress' | 'stop' | 'logEvery'
  >,
): Promise<TrainResult> {
  const { seed, steps, learningRate, ...rest } = options;
  const optimiser = adam(parameters, { learningRate });
  try {
    return await train({
      parameters,
      loss: (_, rng) => adaptiveLoss(parameters, training, rng),
      steps,
      rng: stream(seed).fork('train'),
      optimiser,
      schedule: cosineRate({ peak: learningRate, steps, warmUp: Math.min(warmUp, Math.floor(steps / 5)) }),
      clipNorm,
      ...rest,
    });
  } finally {
    optimiser.dispose();
  }
}

function stream(seed: number): Rng {
  return Rng.of(seed).fork('jscc').fork('adaptive');
}
