import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../base/index.js';
import { joined, valuesOf } from '../learning/index.js';
import { type CsiNetParameters, type Similarity, similarityScores } from './csi-net.js';
import { labelGroups } from './labels.js';

/** What stands for a class: a point among the embeddings. */
export interface Template {
  readonly label: number;
  readonly embedding: Float32Array;
}

/**
 * The mean embedding of each class, weighted if asked for, by ascending label.
 * @param weights not negative, one a sample; default equal
 * @throws InputError when the lists are empty or of different lengths.
 */
export function classMeans(
  embedded: readonly Float32Array[],
  labels: readonly number[],
  weights?: ArrayLike<number>,
): Template[] {
  if (embedded.length === 0 || embedded.length !== labels.length) {
    throw new InputError(
      `${embedded.length} embeddings and ${labels.length} labels; allowed: as many, 1 or more`,
    );
  }
  return labelGroups(labels).map(({ label, members }) => {
    const sum = new Float64Array(embedded[0]!.length);
    let total = 0;
    for (const index of members) {
      const weight = weights ? weights[index]! : 1;
      total += weight;
      for (const [at, value] of embedded[index]!.entries()) sum[at]! += weight * value;
    }
    return { label, embedding: Float32Array.from(sum, (value) => value / total) };
  });
}

/** Scores of embeddings (rows) against keys (columns), by the network's similarity. */
export async function scoreMatrix(
  parameters: CsiNetParameters,
  queries: readonly Float32Array[],
  keys: readonly Float32Array[],
  similarity: Similarity,
): Promise<Float32Array[]> {
  const values = await valuesOf(() =>
    similarityScores(parameters, matrixOf(queries), matrixOf(keys), similarity),
  );
  return queries.map((_, row) => values.slice(row * keys.length, (row + 1) * keys.length));
}

const matrixOf = (vectors: readonly Float32Array[]): tf.Tensor =>
  tf.tensor(joined(vectors), [vectors.length, vectors[0]?.length ?? 0]);

const indexOfMax = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
};

/** The label of the template that each embedding is most alike. */
export async function nearestTemplates(
  parameters: CsiNetParameters,
  queries: readonly Float32Array[],
  templates: readonly Template[],
  similarity: Similarity,
): Promise<number[]> {
  const keys = templates.map(({ embedding }) => embedding);
  const scores = await scoreMatrix(parameters, queries, keys, similarity);
  return scores.map((row) => templates[indexOfMax(row)]!.label);
}

/**
 * Templates moved to a new domain without labels: each becomes the embedding of that target sample which is most alike. It
 * looks at the target samples as a whole, so what they are then classified by is transductive.
 */
export async function adoptTargets(
  parameters: CsiNetParameters,
  templates: readonly Template[],
  targets: readonly Float32Array[],
  similarity: Similarity,
): Promise<Template[]> {
  const keys = templates.map(({ embedding }) => embedding);
  const scores = await scoreMatrix(parameters, targets, keys, similarity);
  return templates.map(({ label }, column) => {
    const chosen = indexOfMax(scores.map((row) => row[column]!));
    return { label, embedding: targets[chosen]! };
  });
}
