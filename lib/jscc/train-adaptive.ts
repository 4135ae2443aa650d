import { Rng } from '../math/index.js';
import {
  adam,
  cosineRate,
  type ParameterTree,
  type TrainOptions,
  type TrainResult,
  train,
} from '../nn/index.js';
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
 * @param options.learningRate top of the schedule
 * @param options.branchesOnly leaves the linear maps as they are: what a high rate does to their small
 *   entries costs more at high SNR than the branches gain in the first few hundred steps
 */
export async function trainAdaptive(
  parameters: AdaptiveParameters,
  training: AdaptiveTraining,
  options: { seed: number; steps: number; learningRate: number; branchesOnly?: boolean } & Pick<
    TrainOptions,
    'checkpoint' | 'onStep' | 'progress' | 'stop' | 'logEvery'
  >,
): Promise<TrainResult> {
  const { seed, steps, learningRate, branchesOnly = false, ...rest } = options;
  const trained = branchesOnly ? branches(parameters) : parameters;
  const optimiser = adam(trained, { learningRate });
  try {
    return await train({
      parameters: trained,
      loss: adaptiveLoss(parameters, training),
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

/** All parameters but those that make the linear codec. */
function branches({ encoder, decoder }: AdaptiveParameters): ParameterTree {
  const { analysis: _analysis, ...encoding } = encoder;
  const { synthesis: _synthesis, logVariance: _variance, ...decoding } = decoder;
  return { encoder: encoding, decoder: decoding };
}

function stream(seed: number): Rng {
  return Rng.of(seed).fork('jscc').fork('adaptive');
}
