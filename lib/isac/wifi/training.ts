import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { assignTree, type Drawn, type Snapshot, snapshot } from '../../nn/index.js';
import { fitNetwork, joined, valuesOf } from '../learning/index.js';
import {
  type CsiNetParameters,
  embed,
  initCsiNet,
  type Similarity,
  similarityLoss,
  similarityScores,
} from './csi-net.js';
import type { SensingFeatures } from './features.js';
import { labelGroups, sameClass } from './labels.js';
import { labelOf } from './split.js';
import { classMeans, nearestTemplates } from './templates.js';

/** A sample with its class. */
export interface LabelledFeatures {
  readonly features: SensingFeatures;
  readonly label: number;
}

/** How the similarity network is trained. */
export interface CsiNetTraining {
  /** Updates (default 300), each of `perClass` samples of each class (default 10). */
  steps?: number;
  perClass?: number;
  /** Peak of the cosine schedule (default 2e-3). */
  learningRate?: number;
  similarity?: Similarity;
}

/** Looks at the validation set this many times in a run. */
const LOOKS = 6;

/**
 * Trains a similarity network to tell the same class from different ones, and keeps the weights of the look that classified
 * most of `validation` right by class means of `source`. Nothing else enters: test samples are not its business.
 * @returns the parameters, which the caller disposes
 * @throws InputError when a set is empty, or shapes or settings do not fit.
 */
export async function trainCsiNet(
  source: readonly LabelledFeatures[],
  validation: readonly LabelledFeatures[],
  options: CsiNetTraining,
  rng: Rng,
): Promise<CsiNetParameters> {
  const { steps = 300, perClass = 10, learningRate = 2e-3, similarity = 'attention' } = options;
  requireInteger('steps', steps, 1);
  requireInteger('perClass', perClass, 2, 1000);
  const shape = commonShape([...source, ...validation]);
  const groups = byClass(source);
  const parameters = initCsiNet(rng.fork('initial'), shape);
  const every = Math.ceil(steps / LOOKS);
  let best: { accuracy: number; weights: Snapshot } | undefined;
  await fitNetwork({
    parameters,
    steps,
    rng: rng.fork('steps'),
    peak: learningRate,
    warmUp: 20,
    floor: 0,
    clipNorm: 1,
    loss: {
      draw: (_step, stream) => drawBatch(groups, perClass, shape, stream),
      compute: ({ features, same }) => {
        const embedded = embed(parameters, features!);
        const scores = similarityScores(parameters, embedded, embedded, similarity);
        return similarityLoss(scores, same!, similarity, groups.length);
      },
    },
    onStep: async ({ step }) => {
      if ((step + 1) % every !== 0 && step + 1 !== steps) return;
      const accuracy = await validationAccuracy(parameters, { source, validation, similarity });
      if (!best || accuracy > best.accuracy) best = { accuracy, weights: await snapshot(parameters) };
    },
  });
  assignTree(parameters, best!.weights);
  return parameters;
}

async function validationAccuracy(
  parameters: CsiNetParameters,
  {
    source,
    validation,
    similarity,
  }: {
    source: readonly LabelledFeatures[];
    validation: readonly LabelledFeatures[];
    similarity: Similarity;
  },
): Promise<number> {
  const [seen, unseen] = [await embeddings(parameters, source), await embeddings(parameters, validation)];
  const means = classMeans(seen, source.map(labelOf));
  const found = await nearestTemplates(parameters, unseen, means, similarity);
  return found.filter((label, index) => label === validation[index]!.label).length / found.length;
}

/** The embedding of each sample. */
export async function embeddings(
  parameters: CsiNetParameters,
  samples: readonly LabelledFeatures[],
): Promise<Float32Array[]> {
  const shape = commonShape(samples);
  const values = await valuesOf(() => {
    const { data } = stack(samples, shape);
    return embed(parameters, tf.tensor(data, [samples.length, ...shape]));
  });
  const length = values.length / samples.length;
  return samples.map((_, index) => values.slice(index * length, (index + 1) * length));
}

function commonShape(samples: readonly LabelledFeatures[]): SensingFeatures['shape'] {
  const [first] = samples;
  if (!first) throw new InputError('a set of 0 samples; allowed: 1 or more');
  const { shape } = first.features;
  const odd = samples.find(({ features }) => features.shape.join() !== shape.join());
  if (odd) {
    throw new InputError(
      `a sample of shape ${odd.features.shape.join(' x ')}; allowed: ${shape.join(' x ')} as the first`,
    );
  }
  return shape;
}

function byClass(samples: readonly LabelledFeatures[]): LabelledFeatures[][] {
  const groups = labelGroups(samples.map(labelOf));
  if (groups.length < 2) throw new InputError(`samples of ${groups.length} classes; allowed: 2 or more`);
  return groups.map(({ members }) => members.map((index) => samples[index]!));
}

/** As many samples of each class, and the matrix of which pairs are of one class. */
function drawBatch(
  groups: readonly (readonly LabelledFeatures[])[],
  perClass: number,
  shape: SensingFeatures['shape'],
  rng: Rng,
): Record<'features' | 'same', Drawn> {
  const drawn = groups.flatMap((group) => Array.from({ length: perClass }, () => rng.choice(group)));
  const stacked = stack(drawn, shape);
  shiftTimes(stacked.data, shape, rng);
  const labels = drawn.map(labelOf);
  return { features: stacked, same: sameClass(labels, labels) };
}

/** Moves each sample in time by up to an eighth of it, zeros following: when a stroke begins tells nothing. */
function shiftTimes(
  data: Float32Array,
  [packets, subcarriers, channels]: SensingFeatures['shape'],
  rng: Rng,
): void {
  const [row, most] = [subcarriers * channels, Math.floor(packets / 8)];
  const each = packets * row;
  for (let start = 0; start < data.length; start += each) {
    const sample = data.subarray(start, start + each);
    const by = (rng.integer(2 * most + 1) - most) * row;
    sample.copyWithin(Math.max(0, by), Math.max(0, -by), each - Math.max(0, by));
    if (by > 0) sample.fill(0, 0, by);
    else if (by < 0) sample.fill(0, each + by);
  }
}

const stack = (samples: readonly LabelledFeatures[], shape: SensingFeatures['shape']) => ({
  shape: [samples.length, ...shape],
  data: joined(samples.map(({ features }) => features.values)),
});
