import { describe, expect, it } from 'vitest';
import { blockValues, toBlocks } from './blocks.js';
import { principalComponents } from './principal.js';
import { inputErrorOf, wavyPicture } from './testing.js';

const pictures = [wavyPicture(128, 96, 'a'), wavyPicture(96, 64, 'b')];
const components = principalComponents(pictures);
const all = pictures.flatMap((picture) => [...toBlocks(picture)]);
const count = all.length / blockValues;
const vector = (k: number) => components.vectors.subarray(k * blockValues, (k + 1) * blockValues);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const centred = (block: number) =>
  Float64Array.from(components.mean, (mean, i) => all[block * blockValues + i]! - mean);

describe('principal components', () => {
  it('are orthonormal', () => {
    for (let k = 0; k < blockValues; k++) {
      for (let j = 0; j <= k; j++) {
        expect(Math.abs(dot(vector(k), vector(j)) - (j === k ? 1 : 0))).toBeLessThan(1e-9);
      }
    }
  });

  it('have the mean block, and variances that descend and add up to the trace', () => {
    let total = 0;
    const mean = new Float64Array(blockValues);
    for (const [at, value] of all.entries()) mean[at % blockValues]! += value / count;
    for (let block = 0; block < count; block++) total += dot(centred(block), centred(block)) / count;
    expect(Math.max(...mean.map((value, i) => Math.abs(value - components.mean[i]!)))).toBeLessThan(1e-9);
    const { variances } = components;
    expect(variances.slice(1).every((variance, k) => variance <= variances[k]!)).toBe(true);
    expect(variances.reduce((sum, variance) => sum + variance) / total).toBeCloseTo(1, 9);
  });

  it.each([1, 5, 32, 100, 191])(
    'leave with %i of them an error of the sum of the other variances',
    (kept) => {
      let error = 0;
      for (let block = 0; block < count; block++) {
        const rest = centred(block);
        const values = Array.from({ length: kept }, (_, k) => dot(vector(k), rest));
        for (const [k, value] of values.entries()) {
          for (const [i, direction] of vector(k).entries()) rest[i]! -= value * direction;
        }
        error += dot(rest, rest) / count;
      }
      const dropped = components.variances.subarray(kept).reduce((sum, variance) => sum + variance);
      expect(error / dropped).toBeCloseTo(1, 8);
    },
  );

  it('never state a variance of zero', () => {
    const flat = { ...pictures[0]!, data: pictures[0]!.data.map(() => 0.5) };
    expect(new Set(principalComponents([flat]).variances)).toEqual(new Set([1e-6]));
  });

  it('need as many blocks as there are values in one', async () => {
    const small = wavyPicture(8 * 191, 8);
    expect(await inputErrorOf(() => principalComponents([small]))).toBe(
      'principal components of 191 blocks; allowed: 192 or more',
    );
    expect(await inputErrorOf(() => principalComponents([]))).toContain('of 0 blocks');
    expect(principalComponents([small, wavyPicture(8, 8)]).mean).toHaveLength(192);
  });
});
