import { join } from 'node:path';
import { awgn } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import {
  cosineRate,
  encodeSafetensors,
  type ParameterTree,
  type StepReport,
  snapshot,
  type TrainOptions,
} from '../nn/index.js';
import type { Picture } from '../source/index.js';
import { defaultTraining } from './adaptive-training.js';
import { trainingPatches } from './augmentation.js';
import { startAdaptive, trainAdaptive } from './train-adaptive.js';
import { startDeepJscc, trainDeepJscc } from './train-deepjscc.js';

/** How weights are made: everything besides the pictures that decides them. */
export interface Recipe {
  seed: number;
  /** Steps of the first stage of the adaptive codec; its second has a quarter, each of DeepJSCC's two a half. */
  steps: number;
}

/** How a training is watched and kept. */
export interface Watch {
  onStep?: (report: StepReport) => void;
  stop?: TrainOptions['stop'];
  /** Folder for checkpoints, from which an interrupted training goes on. */
  folder?: string;
}

/** Top of the cosine schedule of the default codec's first stage. */
export const adaptiveRate = 2e-3;
/** The second stage: a gentler schedule, half of the patches in their own colours. */
const polish = { learningRate: 5e-4, share: 1 / 4, recoloured: 0.5 };

/** SNR at which DeepJSCC is trained: the middle of the sweep. */
export const deepJsccSnrDb = 10;
const deepJsccRate = 1e-3;
/**
 * Many small patches first, then larger ones: the power is shared out over the codeword, so what has only
 * seen 32 x 32 pixels loses 10 dB on whole pictures.
 */
const deepJsccStages = [
  { batch: 64, side: 32 },
  { batch: 8, side: 96 },
];

/** Trains the default codec as the weights that ship were trained; returns a safetensors file (half precision). */
export async function trainAdaptiveWeights(
  pictures: readonly Picture[],
  { seed, steps }: Recipe,
  watch: Watch = {},
): Promise<Uint8Array> {
  const parameters = startAdaptive(pictures, seed);
  const training = { pictures, ...defaultTraining };
  const first = { seed, steps, learningRate: adaptiveRate, ...kept(watch, 'adaptive-1') };
  await trainAdaptive(parameters, training, first);
  const second = {
    seed: seed + 1,
    steps: Math.ceil(steps * polish.share),
    learningRate: polish.learningRate,
    ...kept(watch, 'adaptive-2'),
  };
  await trainAdaptive(parameters, { ...training, recoloured: polish.recoloured }, second);
  return file(parameters, { model: 'adaptive', seed: String(seed), steps: String(steps) });
}

/** Trains DeepJSCC for one ratio on recoloured patches, in two stages; returns a safetensors file (half precision). */
export async function trainDeepJsccWeights(
  pictures: readonly Picture[],
  ratio: number,
  { seed, steps }: Recipe,
  watch: Watch = {},
): Promise<Uint8Array> {
  const parameters = startDeepJscc(seed, ratio);
  const half = Math.ceil(steps / 2);
  for (const [stage, { batch, side }] of deepJsccStages.entries()) {
    const training = {
      channel: awgn({ snrDb: deepJsccSnrDb }),
      batch: (_: number, rng: Rng) => ({
        data: trainingPatches(pictures, { batch, side, rng }),
        shape: [batch, side, side, 3] as [number, number, number, number],
      }),
    };
    await trainDeepJscc(parameters, training, {
      seed: seed + stage,
      steps: half,
      schedule: cosineRate({ peak: deepJsccRate, steps: half }),
      ...kept(watch, `deepjscc-${Math.round(1 / ratio)}-${stage + 1}`),
    });
  }
  return file(parameters, {
    model: 'deepjscc',
    ratio: String(ratio),
    seed: String(seed),
    steps: String(half),
  });
}

function kept(
  { folder, ...rest }: Watch,
  name: string,
): Pick<TrainOptions, 'onStep' | 'stop' | 'checkpoint'> {
  if (folder === undefined) return rest;
  return {
    ...rest,
    checkpoint: { path: join(folder, `${name}.checkpoint.safetensors`), everySteps: 100, resume: true },
  };
}

async function file(parameters: ParameterTree, metadata: Record<string, string>): Promise<Uint8Array> {
  return encodeSafetensors(await snapshot(parameters), { dtype: 'F16', metadata });
}
