import { describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import { patches } from '../source/index.js';
import { trainingBlocks, trainingPatches } from './augmentation.js';
import { toBlocks } from './blocks.js';
import { largestDifference, wavyPicture } from './testing.js';

const grey = wavyPicture(64, 64);
for (let at = 0; at < grey.data.length; at += 3) grey.data.fill(grey.data[at]!, at, at + 3);
const pictures = [grey];
const [batch, side] = [24, 16];
const size = side * side * 3;
const draw = (seed: string) => ({ batch, side, rng: Rng.of(seed) });
const each = (data: Float32Array) =>
  Array.from({ length: batch }, (_, i) => data.subarray(i * size, (i + 1) * size));
const colourfulness = (patch: Float32Array) => {
  let sum = 0;
  for (let at = 0; at < patch.length; at += 3) sum += Math.abs(patch[at]! - patch[at + 1]!);
  return sum / (patch.length / 3);
};

describe('training patches', () => {
  it('stay in [0, 1] and depend on the stream alone', () => {
    const first = trainingPatches(pictures, draw('a'));
    expect(first).toHaveLength(batch * size);
    expect(first.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(trainingPatches(pictures, draw('a'))).toEqual(first);
    expect(trainingPatches(pictures, draw('b'))).not.toEqual(first);
  });

  it('are cut from the pictures; most stay nearly as they are, some take on colour', () => {
    const rng = Rng.of('a').fork('position');
    const plain = each(patches(pictures, { size: side, count: 2 * batch, rng, flips: true }));
    const found = each(trainingPatches(pictures, draw('a')));
    const changes = found.map((patch, i) => largestDifference(patch, plain[i]!)).sort((a, b) => a - b);
    expect(changes[batch >> 2]).toBeLessThan(0.15);
    expect(changes.at(-1)).toBeGreaterThan(0.1);
    expect(Math.max(...plain.map(colourfulness))).toBe(0);
    expect(found.every((patch) => colourfulness(patch) > 0)).toBe(true);
    expect(Math.max(...found.map(colourfulness))).toBeGreaterThan(0.05);
  });

  it('become blocks patch by patch', () => {
    const found = each(trainingBlocks(pictures, draw('a')));
    for (const [i, data] of each(trainingPatches(pictures, draw('a'))).entries()) {
      expect(found[i]).toEqual(toBlocks({ name: 'patch', width: side, height: side, data }));
    }
  });
});
