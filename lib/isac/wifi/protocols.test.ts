import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { countParameters, disposeTree } from '../../nn/index.js';
import { initCsiNet, similarities, similarityLoss, similarityScores } from './csi-net.js';
import { crossPeople, crossPerson, inDomain, newClass, type PersonFeatures } from './protocols.js';
import { adoptTargets, classMeans, nearestTemplates } from './templates.js';
import { weightedTemplates } from './weight-net.js';

beforeAll(async () => {
  await useEngine('onnx', { threads: 1 });
});

/** Samples whose class is how fast the first channel oscillates, whoever performs them. */
function easySamples(people: number, repetitions: number, seed = 1): PersonFeatures[] {
  const rng = Rng.of(seed);
  const shape = [16, 8, 2] as const;
  return Array.from({ length: people * 3 * repetitions }, (_, index) => {
    const [label, person] = [Math.floor(index / repetitions) % 3, Math.floor(index / repetitions / 3)];
    const values = rng.fillNormal(new Float32Array(16 * 8 * 2), 0, 0.3);
    const begin = rng.uniform(0, 0.6);
    for (let at = 0; at < values.length; at++) {
      values[at]! += 1.3 * Math.sin(begin + (2 * Math.PI * (label + 1) * Math.floor(at / 16)) / 16);
    }
    return { person, label, features: { shape, values }, profile: profileOf(values) };
  });
}

/** The power of the first harmonics over time, of the mean over the rest. */
function profileOf(values: Float32Array): Float64Array {
  return Float64Array.from({ length: 4 }, (_, harmonic) => {
    let [re, im] = [0, 0];
    for (const [at, value] of values.entries()) {
      const angle = (2 * Math.PI * harmonic * Math.floor(at / 16)) / 16;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    return Math.hypot(re, im);
  });
}

const options = {
  csiNet: { steps: 40, perClass: 6 },
  weightNet: { steps: 10, perClass: 4 },
  similarity: 'cosine',
} as const;
const rng = Rng.of('protocols');
const share = ({ correct, trials }: { correct: number; trials: number }) => correct / trials;

describe('the similarity network', () => {
  it('has about 50,000 parameters for three links', () => {
    const net = initCsiNet(rng, [40, 13, 6]);
    expect(countParameters(net)).toBe(43_136);
    disposeTree(net);
  });

  it.each(similarities)('scores a sample highest against itself: %s', async (kind) => {
    const net = initCsiNet(rng, [16, 8, 2]);
    const vectors = tf.tensor2d(rng.fork('vectors').fillNormal(new Float32Array(4 * 64)), [4, 64]);
    if (kind === 'attention') net.key.weight.assign(net.query.weight);
    const scores = (await similarityScores(net, vectors, vectors, kind).array()) as number[][];
    scores.forEach((row, index) => {
      expect(row[index]).toBe(Math.max(...row));
    });
    disposeTree(net);
  });

  it('has the losses it states', async () => {
    const same = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    const lossOf = (scores: number[], kind: 'cosine' | 'euclidean', classes: number) =>
      similarityLoss(tf.tensor2d(scores, [2, 2]), same, kind, classes).data();
    expect((await lossOf([1, 0, 0, 1], 'cosine', 6))[0]).toBeCloseTo(0, 6);
    // Same-class pairs weigh 5 of 6 classes' worth: (5 · 0.25 + 0.25 + 0.25 + 5 · 0.25) / 4.
    expect((await lossOf([0.5, 0.5, 0.5, 0.5], 'cosine', 6))[0]).toBeCloseTo(0.75, 6);
    // Distances 2 to the own class, 1 and 4 to the other: (4 + 4 + 0 + 4) / 4 at two classes.
    expect((await lossOf([-2, -1, -4, -2], 'euclidean', 2))[0]).toBeCloseTo(3, 5);
  });
});

describe('templates', () => {
  const e = (...values: number[]) => Float32Array.from(values);
  it('are means by class, weighted where asked', () => {
    const vectors = [e(0, 2), e(4, 4), e(2, 0)];
    expect(classMeans(vectors, [7, 3, 7])).toEqual([
      { label: 3, embedding: e(4, 4) },
      { label: 7, embedding: e(1, 1) },
    ]);
    expect(classMeans(vectors, [7, 3, 7], [3, 1, 1])[1]!.embedding).toEqual(e(0.5, 1.5));
    expect(() => classMeans([], [])).toThrow('0 embeddings and 0 labels');
  });

  it('move to the most similar target samples', async () => {
    const net = initCsiNet(rng, [16, 8, 2]);
    const templates = [
      { label: 0, embedding: e(1, 0) },
      { label: 1, embedding: e(0, 1) },
    ];
    const targets = [e(2, 1.9), e(3, 0.1), e(0.2, 1)];
    const adopted = await adoptTargets(net, templates, targets, 'cosine');
    expect(adopted.map(({ embedding }) => embedding)).toEqual([targets[1], targets[2]]);
    expect(await nearestTemplates(net, targets, adopted, 'cosine')).toEqual([1, 0, 1]);
    disposeTree(net);
  });

  it('learn weights whose templates have a lower loss than plain means', async () => {
    const net = initCsiNet(rng, [16, 8, 2]);
    const stream = rng.fork('outliers');
    // Class c lies at angle c · 120°, a third of its samples at that of the next class.
    const labels = Array.from({ length: 90 }, (_, index) => index % 3);
    const angles = labels.map((label) => (label + Number(stream.uniform() < 1 / 3)) * ((2 * Math.PI) / 3));
    const embedded = angles.map((angle) =>
      e(Math.cos(angle) + stream.normal(0, 0.1), Math.sin(angle) + stream.normal(0, 0.1)),
    );
    const settings = { steps: 100, perClass: 8, similarity: 'cosine' } as const;
    const learned = await weightedTemplates(net, { embedded, labels }, settings, stream);
    const same = tf.tensor2d(labels.map((label) => [0, 1, 2].map((other) => Number(other === label))));
    const lossOf = async (templates: readonly { embedding: Float32Array }[]) => {
      const keys = tf.tensor2d(templates.map(({ embedding }) => [...embedding]));
      const queries = tf.tensor2d(embedded.map((vector) => [...vector]));
      return (
        await similarityLoss(similarityScores(net, queries, keys, 'cosine'), same, 'cosine', 3).data()
      )[0]!;
    };
    const plain = await lossOf(classMeans(embedded, labels));
    expect(await lossOf(learned)).toBeLessThan(0.98 * plain);
    disposeTree(net);
  });
});

describe('protocols', () => {
  it('recognise what is the same in all people, and score what they should', async () => {
    const samples = easySamples(4, 10);
    const before = tf.memory().numTensors;
    const known = await inDomain(samples, options, rng.fork('in'));
    const unknown = await crossPerson(samples, 2, options, rng.fork('cross'));
    const added = await newClass(samples, 1, options, rng.fork('new'));
    expect(tf.memory().numTensors).toBe(before);
    expect(known.map(({ method, trials }) => `${method} ${trials}`)).toEqual([
      'templates 24',
      'class means 24',
      'ridge 24',
      '1-NN 24',
    ]);
    expect(unknown.map(({ protocol, method, trials }) => `${protocol} ${method} ${trials}`)).toEqual([
      'zero-shot templates 30',
      'zero-shot class means 30',
      'zero-shot adopted 30',
      'one-shot labelled sample 135',
      'zero-shot ridge 30',
      'zero-shot 1-NN 30',
      'one-shot 1-NN 135',
    ]);
    expect(added.map(({ trials }) => trials)).toEqual([24, 24]);
    for (const score of [known[0]!, unknown[0]!, unknown[3]!, unknown[4]!])
      expect(share(score)).toBeGreaterThan(0.8);
    expect(share(added[0]!)).toBeGreaterThan(0.6);
  });

  it('give the same numbers again, whatever the labels of the test samples are', async () => {
    const samples = easySamples(3, 8);
    const short = { ...options, csiNet: { steps: 6, perClass: 4 }, weightNet: { steps: 3, perClass: 4 } };
    const run = (some: readonly PersonFeatures[]) => crossPerson(some, 0, short, Rng.of('again'));
    const [first, second] = [await run(samples), await run(samples)];
    expect(second).toEqual(first);
    // With the labels of the target person cyclically renamed, right answers of the three namings cover each sample once.
    const renamed = (by: number) =>
      samples.map((sample) => (sample.person === 0 ? { ...sample, label: (sample.label + by) % 3 } : sample));
    const others = [await run(renamed(1)), await run(renamed(2))];
    const total = [first, ...others].reduce((sum, [score]) => sum + score!.correct, 0);
    expect(total).toBe(first[0]!.trials);
  });

  it('leave people out in turn and add up', async () => {
    const samples = easySamples(3, 8);
    const short = { ...options, csiNet: { steps: 6, perClass: 4 }, weightNet: { steps: 3, perClass: 4 } };
    const both = await crossPeople(samples, { ...short, people: 2 }, rng);
    const apart = [
      await crossPerson(samples, 0, short, rng.fork(0)),
      await crossPerson(samples, 1, short, rng.fork(1)),
    ];
    expect(both.map(({ correct, trials }) => [correct, trials])).toEqual(
      apart[0]!.map((one, at) => [one.correct + apart[1]![at]!.correct, 2 * one.trials]),
    );
    await expect(crossPeople(samples, { ...short, people: 4 }, rng)).rejects.toThrow(
      'people left out is 4; allowed: an integer from 1 to 3',
    );
  });

  it('refuse too few people, samples and unknown classes', async () => {
    const samples = easySamples(2, 8);
    const failing = [
      () => crossPerson(samples, 0, options, rng),
      () => inDomain(easySamples(2, 3), options, rng),
      () => newClass(samples, 9, options, rng),
    ];
    const lines = [
      'among 2 people; allowed: one of 3 or more',
      'has 3 samples; allowed: 4 or more',
      'class 9 has no',
    ];
    for (const [index, fail] of failing.entries()) {
      await expect(async () => fail()).rejects.toThrow(lines[index]);
    }
  });
});
