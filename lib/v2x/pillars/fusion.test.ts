import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { type FeatureMap, featureMap, sameCell } from './feature-map.js';
import { fusedByAttention, fusedByMaximum } from './fusion.js';
import { attentionOf, gatherMembers, maximumOf } from './fusion-tensors.js';
import { type GridOrigin, PILLARS } from './grid.js';

const { channels, featureCells } = PILLARS;
const cells = featureCells ** 2;
const origin = { x: 8, y: -4 };

function drawn(seed: number, about: GridOrigin = origin, known?: Uint8Array): FeatureMap {
  const values = new Float32Array(cells * channels);
  Rng.of(seed).fillUniform(values, 0, 2);
  for (let at = 0; at < values.length; at++) if (known?.[Math.floor(at / channels)] === 0) values[at] = 0;
  return featureMap(about, values, known);
}

function expectSame(found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 5): void {
  let most = 0;
  for (let at = 0; at < wanted.length; at++) most = Math.max(most, Math.abs(found[at]! - wanted[at]!));
  expect(found.length).toBe(wanted.length);
  expect(most).toBeLessThan(10 ** -digits);
}

describe('fusion by attention', () => {
  const [own, second, third] = [drawn(1), drawn(2, { x: 0, y: 4 }), drawn(3, { x: 20, y: -4 })];

  it('is the softmax of scaled dot products, by hand for one cell', () => {
    const values = (first: number, next: number) => {
      const all = new Float32Array(cells * channels);
      all[0] = first;
      all[1] = next;
      return featureMap(origin, all);
    };
    // Scores (4 x 4 + 0) / 4 = 4 and (4 x 2 + 0) / 4 = 2.
    const fused = fusedByAttention([values(4, 0), values(2, 3)], origin).values;
    const mine = 1 / (1 + Math.exp(-2));
    expect(fused[0]).toBeCloseTo(4 * mine + 2 * (1 - mine), 5);
    expect(fused[1]).toBeCloseTo(3 * (1 - mine), 5);
  });

  it('of one agent alone, or of equal maps, changes nothing', () => {
    expectSame(fusedByAttention([own], origin).values, own.values);
    expectSame(fusedByAttention([own, own, own], origin).values, own.values);
  });

  it('does not depend on the order of the others, and stays within the largest', () => {
    const fused = fusedByAttention([own, second, third], origin).values;
    expectSame(fusedByAttention([own, third, second], origin).values, fused);
    const largest = fusedByMaximum([own, second, third], origin).values;
    expect(fused.every((value, at) => value >= 0 && value <= largest[at]! + 1e-5)).toBe(true);
  });

  it('gives no vote to who does not know a cell: not sent, or beyond the border after the shift', () => {
    const nothing = drawn(4, { x: 0, y: 4 }, new Uint8Array(cells));
    expectSame(fusedByAttention([own, nothing], origin).values, own.values);
    const fused = fusedByAttention([own, third], origin).values;
    const outside = Array.from({ length: cells }, (_, cell) => cell).filter(
      (cell) => sameCell(third.origin, origin, cell) < 0,
    );
    expect(outside.length).toBe(6 * featureCells);
    const taken = (values: Float32Array) =>
      outside.flatMap((cell) => [...values.subarray(cell * channels, (cell + 1) * channels)]);
    expectSame(taken(fused), taken(own.values));
  });
});

describe('fusion of tensors', () => {
  beforeAll(() => useEngine('onnx', { threads: 1 }));

  const origins: GridOrigin[] = [origin, { x: 0, y: 4 }, { x: 20, y: -4 }];
  const maps = origins.map((about, n) => drawn(n + 1, about));
  const order = [1, 0, 2];
  const places = order.flatMap((member) =>
    Array.from({ length: cells }, (_, cell) => {
      const source = sameCell(origins[member]!, origins[order[0]!]!, cell);
      return source < 0 ? 0 : 1 + member * cells + source;
    }),
  );
  const tensor = () =>
    tf.tensor(Float32Array.from(maps.flatMap(({ values }) => Array.from(values))), [
      3,
      featureCells,
      featureCells,
      channels,
    ]);
  const placesTensor = () => tf.tensor(places, [1, 3, cells], 'int32');

  it('is that of arrays', () => {
    const members = gatherMembers(tensor(), placesTensor());
    const ordered = order.map((member) => maps[member]!);
    const about = origins[order[0]!]!;
    expectSame(attentionOf(members).dataSync(), fusedByAttention(ordered, about).values);
    expectSame(maximumOf(members).dataSync(), fusedByMaximum(ordered, about).values);
  });

  it('has the gradient of its finite differences, and none from beyond the border', () => {
    const base = tensor();
    const weights = tf.tensor(Float32Array.from({ length: cells * channels }, (_, at) => Math.sin(at)));
    const loss = (input: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(tf.reshape(attentionOf(gatherMembers(input, placesTensor())), [-1]), weights));
    const gradient = tf.grad(loss)(base).dataSync();
    const seen = new Set(places);
    let hidden = 0;
    for (let cell = 0; cell < 3 * cells; cell++) {
      if (seen.has(cell + 1)) continue;
      hidden++;
      const part = gradient.subarray(cell * channels, (cell + 1) * channels);
      if (part.some((value) => value !== 0)) throw new Error(`cell ${cell} is beyond the border`);
    }
    expect(hidden).toBeGreaterThan(100);
    const values = Float32Array.from(base.dataSync());
    const step = 0.05;
    const middle = cells / 2 + featureCells / 2;
    for (const at of [
      middle * channels,
      (cells + middle) * channels + 3,
      (2 * cells + middle) * channels + 7,
    ]) {
      const at2 = (sign: number) => {
        const moved = values.slice();
        moved[at]! += sign * step;
        return fusedLoss(moved);
      };
      expect((at2(1) - at2(-1)) / (2 * step)).toBeCloseTo(gradient[at]!, 2);
    }
    function fusedLoss(moved: Float32Array): number {
      const all = origins.map((about, n) =>
        featureMap(about, moved.slice(n * cells * channels, (n + 1) * cells * channels)),
      );
      const fused = fusedByAttention(
        order.map((member) => all[member]!),
        origins[order[0]!]!,
      ).values;
      return fused.reduce((sum, value, place) => sum + value * Math.sin(place), 0);
    }
  });
});
