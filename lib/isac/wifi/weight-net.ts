import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  constantRate,
  type DenseParameters,
  dense,
  disposeTree,
  gelu,
  initDense,
  train,
} from '../../nn/index.js';
import { joined, valuesOf } from '../learning/index.js';
import { type CsiNetParameters, type Similarity, similarityLoss, similarityScores } from './csi-net.js';
import { type LabelGroup, labelGroups, sameClass } from './labels.js';
import { classMeans, scoreMatrix, type Template } from './templates.js';

/** Parameters of the network that says how well a sample stands for its class. */
export type WeightNetParameters = { hidden: DenseParameters; output: DenseParameters };

/** How templates are learned. */
export interface WeightNetTraining {
  /** Updates (default 150). */
  steps?: number;
  /** Samples of each class that a sample is compared with (default 8). */
  perClass?: number;
  similarity?: Similarity;
}

const HIDDEN = 16;
const LEARNING_RATE = 3e-3;
/** No sample counts for less than this share of another: a template never rests on one sample, or on none. */
const LEAST_WEIGHT = 0.1;

/** Embedded samples of the source with their classes. */
export interface EmbeddedSource {
  readonly embedded: readonly Float32Array[];
  readonly labels: readonly number[];
}

/**
 * One template a class: the mean of its samples, weighted by a small network that sees how alike a sample is to others of
 * its class and to other classes. The network learns, on the source alone, the weights whose templates of one batch
 * classify another batch best; the embedding stays as it is.
 * @throws InputError when a class has fewer than 2 · perClass samples.
 */
export async function weightedTemplates(
  net: CsiNetParameters,
  source: EmbeddedSource,
  options: WeightNetTraining,
  rng: Rng,
): Promise<Template[]> {
  const { steps = 150, perClass = 8, similarity = 'attention' } = options;
  requireInteger('perClass', perClass, 2, 1000);
  const groups = groupsOf(source.labels, 2 * perClass);
  const scores = await scoreMatrix(net, source.embedded, source.embedded, similarity);
  const task: Task = { source, groups, scores, perClass };
  const inputs = groups.length * perClass - 1;
  const parameters: WeightNetParameters = {
    hidden: initDense(rng.fork('hidden'), inputs, HIDDEN),
    output: initDense(rng.fork('output'), HIDDEN, 1),
  };
  try {
    await train({
      parameters,
      steps,
      rng: rng.fork('steps'),
      clipNorm: 1,
      schedule: constantRate(LEARNING_RATE),
      loss: {
        draw: (_step, stream) => drawTask(task, stream),
        compute: ({ rows, support, query, same }) => {
          const weights = weigh(parameters, rows!);
          const templates = weightedMeans(weights, support!, groups.length);
          const found = similarityScores(net, query!, templates, similarity);
          return similarityLoss(found, same!, similarity, groups.length);
        },
      },
    });
    const weights = await weightsOfAll(parameters, task, rng.fork('final'));
    return classMeans(source.embedded, source.labels, weights);
  } finally {
    disposeTree(parameters);
  }
}

interface Task {
  source: EmbeddedSource;
  /** The samples of each class. */
  groups: readonly LabelGroup[];
  scores: Float32Array[];
  perClass: number;
}

function groupsOf(labels: readonly number[], least: number): LabelGroup[] {
  const groups = labelGroups(labels);
  const short = groups.find(({ members }) => members.length < least);
  if (short) {
    const { label, members } = short;
    throw new InputError(`class ${label} has ${members.length} samples; allowed: ${least} or more`);
  }
  return groups;
}

/** Weights from rows of similarities, [samples, 1]. */
function weigh(parameters: WeightNetParameters, rows: tf.Tensor): tf.Tensor {
  const share = tf.sigmoid(dense(parameters.output, gelu(dense(parameters.hidden, rows))));
  return tf.add(LEAST_WEIGHT, tf.mul(1 - LEAST_WEIGHT, share));
}

function weightedMeans(weights: tf.Tensor, embedded: tf.Tensor, classes: number): tf.Tensor {
  const split = (x: tf.Tensor) => tf.reshape(x, [classes, x.shape[0]! / classes, x.shape[1]!]);
  const total = tf.sum(split(weights), 1);
  return tf.div(tf.sum(split(tf.mul(embedded, weights)), 1), tf.add(total, 1e-6));
}

/** Similarity of sample `one` to the others of its class, then to all other classes, each from high to low. */
function rowOf({ scores }: Task, batch: readonly (readonly number[])[], own: number, one: number): number[] {
  const falling = (indices: readonly number[]) =>
    indices.map((index) => scores[one]![index]!).sort((a, b) => b - a);
  const same = batch[own]!.filter((index) => index !== one);
  const different = batch.filter((_, group) => group !== own).flat();
  return [...falling(same), ...falling(different)];
}

function drawTask(task: Task, rng: Rng) {
  const { source, groups, perClass } = task;
  const orders = groups.map(({ members }) => shuffled(members, rng));
  const support = orders.map((order) => order.slice(0, perClass));
  const query = orders.map((order) => order.slice(perClass, 2 * perClass));
  const rows = support.flatMap((group, own) => group.map((one) => rowOf(task, support, own, one)));
  const labels = query.flat().map((index) => source.labels[index]!);
  const matrix = (vectors: readonly ArrayLike<number>[]) => ({
    shape: [vectors.length, vectors[0]!.length],
    data: joined(vectors),
  });
  const vectors = (batch: number[][]) => matrix(batch.flat().map((index) => source.embedded[index]!));
  return {
    rows: matrix(rows),
    support: vectors(support),
    query: vectors(query),
    same: sameClass(
      labels,
      groups.map(({ label }) => label),
    ),
  };
}

const shuffled = (members: readonly number[], rng: Rng) =>
  [...rng.permutation(members.length)].map((at) => members[at]!);

/** The weight of every sample: each in turn joins a batch that was drawn at random otherwise. */
function weightsOfAll(parameters: WeightNetParameters, task: Task, rng: Rng): Promise<Float32Array> {
  const { source, groups, perClass } = task;
  const rows = new Map<number, number[]>();
  for (const [own, { members }] of groups.entries()) {
    for (const one of members) {
      const stream = rng.fork(one);
      const batch = groups.map((group, index) => {
        const others = shuffled(group.members, stream).filter((other) => other !== one);
        return index === own ? [one, ...others.slice(0, perClass - 1)] : others.slice(0, perClass);
      });
      rows.set(one, rowOf(task, batch, own, one));
    }
  }
  const all = source.labels.map((_, index) => rows.get(index)!);
  return valuesOf(() => weigh(parameters, tf.tensor2d(all)));
}
