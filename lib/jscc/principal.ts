import { InputError } from '../base/index.js';
import { symmetricEigen } from '../math/index.js';
import type { Picture } from '../source/index.js';
import { blockValues, toBlocks } from './blocks.js';

/** Mean, variances and directions of the 8 x 8 colour blocks of a set of pictures. */
export interface PrincipalComponents {
  /** Mean block [192]. */
  mean: Float64Array;
  /** Variance along each direction [192], descending, at least 1e-6. */
  variances: Float64Array;
  /** Orthonormal directions as rows [192 x 192], most variance first. */
  vectors: Float64Array;
}

/** Below this a direction carries only rounding; it would get an unbounded gain. */
const smallestVariance = 1e-6;

/**
 * Principal components (Karhunen-Loève basis) of all 8 x 8 x 3 blocks of the pictures.
 * @throws InputError when there are fewer than 192 blocks in all.
 */
export function principalComponents(pictures: readonly Picture[]): PrincipalComponents {
  const all = pictures.map(toBlocks);
  const count = all.reduce((sum, blocks) => sum + blocks.length / blockValues, 0);
  if (count < blockValues) {
    throw new InputError(`principal components of ${count} blocks; allowed: ${blockValues} or more`);
  }
  const mean = meanBlock(all, count);
  const { values, vectors } = symmetricEigen(covariance(all, mean, count), blockValues);
  return { mean, variances: values.map((value) => Math.max(value, smallestVariance)), vectors };
}

function meanBlock(all: readonly Float32Array[], count: number): Float64Array {
  const mean = new Float64Array(blockValues);
  for (const blocks of all) {
    for (let i = 0; i < blocks.length; i++) mean[i % blockValues]! += blocks[i]!;
  }
  return mean.map((sum) => sum / count);
}

function covariance(all: readonly Float32Array[], mean: Float64Array, count: number): Float64Array {
  const n = blockValues;
  const sums = new Float64Array(n * n);
  const centred = new Float64Array(n);
  for (const blocks of all) {
    for (let start = 0; start < blocks.length; start += n) {
      for (let i = 0; i < n; i++) centred[i] = blocks[start + i]! - mean[i]!;
      for (let i = 0; i < n; i++) {
        const value = centred[i]!;
        for (let j = i; j < n; j++) sums[i * n + j]! += value * centred[j]!;
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      sums[i * n + j]! /= count;
      sums[j * n + i] = sums[i * n + j]!;
    }
  }
  return sums;
}
