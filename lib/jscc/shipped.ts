import { awgn } from '../channel/index.js';
import { cosineRate, encodeSafetensors, type StepReport, snapshot, type TrainOptions } from '../nn/index.js';
import type { Picture } from '../source/index.js';
import { defaultTraining } from './adaptive-training.js';
import { trainingPatches } from './augmentation.js';
import { startAdaptive, trainAdaptive } from './train-adaptive.js';
import { startDeepJscc, trainDeepJscc } from './train-deepjscc.js';

/** How weights are made: everything besides the pictures that decides them. */
export interface Recipe {
  seed: number;
  steps: number;
}

type Watch = { onStep?: (report: StepReport) => void } & Pick<TrainOptions, 'checkpoint' | 'stop'>;

/** Top of the cosine schedule of the default codec. */
export const adaptiveRate = 2e-3;

/** SNR at which DeepJSCC is trained: the middle of the sweep. */
export const deepJsccSnrDb = 10;
const deepJsccRate = 1e-3;
const deepJsccPatches = { batch: 64, side: 32 };

/** Trains the default codec as the weights that ship were trained; returns a safetensors file (half precision). */
export async function trainAdaptiveWeights(
  pictures: readonly Picture[],
  { seed, steps }: Recipe,
  watch: Watch = {},
): Promise<Uint8Array> {
  const parameters = startAdaptive(pictures, seed);
  const training = { pictures, ...defaultTraining };
  await trainAdaptive(parameters, training, { seed, steps, learningRate: adaptiveRate, ...watch });
  return encodeSafetensors(await snapshot(parameters), {
    dtype: 'F16',
    metadata: { model: 'adaptive', seed: String(seed), steps: String(steps) },
  });
}

/** Trains DeepJSCC for one ratio on recoloured patches; returns a safetensors file (half precision). */
export async function trainDeepJsccWeights(
  pictures: readonly Picture[],
  ratio: number,
  { seed, steps }: Recipe,
  watch: Watch = {},
): Promise<Uint8Array> {
  const parameters = startDeepJscc(seed, ratio);
  const { batch, side } = deepJsccPatches;
  const training = {
    channel: awgn({ snrDb: deepJsccSnrDb }),
    batch: (_: number, rng: Parameters<typeof trainingPatches>[1]['rng']) => ({
      data: trainingPatches(pictures, { batch, side, rng }),
      shape: [batch, side, side, 3] as [number, number, number, number],
    }),
  };
  const schedule = cosineRate({ peak: deepJsccRate, steps });
  await trainDeepJscc(parameters, training, { seed, steps, schedule, ...watch });
  return encodeSafetensors(await snapshot(parameters), {
    dtype: 'F16',
    metadata: { model: 'deepjscc', ratio: String(ratio), seed: String(seed), steps: String(steps) },
  });
}
