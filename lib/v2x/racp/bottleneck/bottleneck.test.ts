import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../base/index.js';
import { useEngine } from '../../../engine/index.js';
import { Rng } from '../../../math/index.js';
import { disposeTree } from '../../../nn/index.js';
import { MAP_SYMBOLS, PEDESTRIAN_CAMERAS, projector } from '../cameras.js';
import { featureSource } from '../features.js';
import { featurePackets, forecastBits, receivedMap, temporalEntropy } from '../index.js';
import { pedestrians } from '../pedestrians.js';
import { bottleneckAt } from './bottleneck.js';
import { cellPlace, GRID, GRID_CELLS, groundLookup, groundTarget } from './ground-grid.js';
import { type LearnedBottleneck, learnBottleneck, sentOf } from './index.js';
import { latentBits } from './model.js';
import { initBottleneck } from './start.js';
import { pictures } from './tables.js';
import type { BottleneckScene } from './train.js';

function sceneOf(seed: number, frames: number): BottleneckScene {
  const rng = Rng.of(seed);
  const people = pedestrians({ rng: rng.fork('people') });
  const see = featureSource({ rng: rng.fork('features') });
  const times = Array.from({ length: frames }, (_, frame) => frame / 2);
  return {
    truths: times.map((sec) => people(sec)),
    features: PEDESTRIAN_CAMERAS.map((camera) => times.map((sec, frame) => see(camera, frame, people(sec)))),
  };
}

const scene = sceneOf(1000, 4);
const training = { scenes: [scene], bitWeights: [0.003, 0.1], rng: Rng.of('bottleneck'), steps: 24 };
const losses: { error: number; bits: number }[] = [];
let learned: LearnedBottleneck;

beforeAll(async () => {
  await useEngine('onnx', { threads: 1 });
  learned = await learnBottleneck(training, {
    onStep: ({ parts }) => void losses.push(parts as (typeof losses)[number]),
  });
}, 30_000);

describe('the ground in the maps', () => {
  it('is where the cameras project it, between four cells whose shares add up to one', () => {
    const { foot, seen } = groundLookup();
    const cell = 90 * GRID.columns + 30;
    const { x, y } = cellPlace(cell);
    for (const [n, camera] of PEDESTRIAN_CAMERAS.entries()) {
      const at = n * GRID_CELLS + cell;
      if (!seen[at]) continue;
      const shares = foot.shares.subarray(4 * at, 4 * at + 4);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      const first = foot.first[at]! - n * 3600;
      const point = projector(camera)(x, y, 0)!;
      expect((first % 80) + shares[1]! + shares[3]! + 0.5).toBeCloseTo(point.column, 4);
      expect(Math.floor(first / 80) + shares[2]! + shares[3]! + 0.5).toBeCloseTo(point.row, 4);
    }
  });

  it('has a Gaussian of height 1 and 0.3 m at each person', () => {
    const target = groundTarget([cellPlace(5000)]);
    expect(target[5000]).toBe(1);
    expect(target[5001]).toBeCloseTo(Math.exp(-0.5 * (0.2 / 0.3) ** 2), 6);
    // The integral of the Gaussian, in cells.
    const sum = target.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo((2 * Math.PI * 0.3 ** 2) / 0.2 ** 2, 0);
  });
});

describe('an untrained bottleneck', () => {
  it('counts the bits that its weights in double precision take, and sends features rounded', () => {
    const params = initBottleneck(Rng.of(1), 2);
    const plain = bottleneckAt(params, 0);
    const [before, last, now] = [1, 2, 3].map((frame) => plain.encode([scene.features[0]![frame]!])[0]!);
    expect(now![5]).toBe(Math.round(scene.features[0]![3]![5]!));
    const bits = tf.tidy(() => {
      const [noisy, one, another] = [now!, last!, before!].map((map) => {
        const { shape, data } = pictures([map]);
        return tf.tensor(data, [...shape]);
      });
      const level = tf.tensor2d([[1, 0]]);
      return latentBits(params, level, { noisy: noisy!, last: one!, before: another! }).dataSync()[0]!;
    });
    const exact = forecastBits(now!, plain.model, [last!, before!]);
    expect(Math.abs(bits / exact - 1)).toBeLessThan(0.01);
    disposeTree(params);
  });
});

describe('a bottleneck in training', () => {
  it('learns to find people and to save bits', () => {
    const mean = (name: 'error' | 'bits', from: number) =>
      losses.slice(from, from + 6).reduce((sum, parts) => sum + parts[name] / 6, 0);
    expect(mean('error', 18)).toBeLessThan(0.7 * mean('error', 0));
    expect(mean('bits', 18)).toBeLessThan(0.95 * mean('bits', 0));
  });

  it('sends maps whose packets come back exactly', () => {
    const [fine, coarse] = learned.levels.map((level) => ({ ...level, sent: sentOf(level, scene)[2]! }));
    for (const { model, sent } of [fine!, coarse!]) {
      const past = [sent[2]!, sent[1]!];
      const entropy = temporalEntropy(model);
      const packets = featurePackets(2, 3, sent[3]!, entropy, past).map(({ bytes }) => bytes);
      expect(receivedMap(2, 3, packets, entropy, past).map).toEqual(sent[3]);
    }
    const bitsOf = ({ model, sent }: typeof fine & object) =>
      forecastBits(sent[3]!, model, [sent[2]!, sent[1]!]);
    expect(bitsOf(coarse!)).toBeLessThan(bitsOf(fine!));
  });

  it('reads the ground of cameras that are there, and says in one line what is none', () => {
    const [level] = learned.levels;
    const maps = sentOf(level!, scene).map((sequence) => ({ map: sequence[3]! }));
    for (const views of [maps, maps.map((view, n) => (n < 3 ? view : undefined))])
      for (const { x, y } of level!.read(views, 0.1)) expect(Number.isFinite(x + y)).toBe(true);
    expect(
      level!.read(
        maps.map(() => undefined),
        1,
      ),
    ).toEqual([]);
    const high = { map: new Int16Array(MAP_SYMBOLS).fill(32_767) };
    for (const { x, y } of level!.read(maps.map(() => high))) expect(Number.isFinite(x + y)).toBe(true);
    const refused: [() => unknown, RegExp][] = [
      [() => level!.read(maps.slice(1)), /6 cameras; allowed: 7/],
      [() => level!.read(maps, Number.NaN), /threshold is NaN/],
      [() => level!.read([...maps.slice(1), { map: new Int16Array(3) }]), /map of 3 values; allowed: 14400/],
      [() => level!.encode([new Float64Array(3)]), /features of 3 values/],
      [() => bottleneckAt(initBottleneck(Rng.of(1), 1), 1), /level is 1; allowed: an integer from 0 to 0/],
    ];
    for (const [act, words] of refused) {
      expect(act).toThrow(InputError);
      expect(act).toThrow(words);
    }
  });

  it('refuses scenes and weights that are none', async () => {
    const short = {
      truths: scene.truths.slice(0, 2),
      features: scene.features.map((sequence) => sequence.slice(0, 2)),
    };
    const few = { ...scene, features: scene.features.slice(1) };
    const uneven = { ...scene, features: scene.features.map((sequence) => sequence.slice(1)) };
    await expect(learnBottleneck({ ...training, scenes: [] })).rejects.toThrow(/number of scenes is 0/);
    await expect(learnBottleneck({ ...training, scenes: [short] })).rejects.toThrow(/frames of a scene is 2/);
    await expect(learnBottleneck({ ...training, scenes: [few] })).rejects.toThrow(/6 cameras; allowed: 7/);
    await expect(learnBottleneck({ ...training, scenes: [uneven] })).rejects.toThrow(/maps of a camera is 3/);
    await expect(learnBottleneck({ ...training, bitWeights: [] })).rejects.toThrow(/bitWeights is 0/);
    await expect(learnBottleneck({ ...training, gain: 0 })).rejects.toThrow(/gain is 0/);
    await expect(learnBottleneck({ ...training, bitWeights: [-1] })).rejects.toThrow(/bitWeight is -1/);
    await expect(learnBottleneck({ ...training, steps: 0 })).rejects.toThrow(/steps is 0/);
  });
});
