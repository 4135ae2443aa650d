import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger, requireRange } from '../base/index.js';
import type { ComplexTensor } from './types.js';

/** How far above its limit a codeword's energy may lie (float32 rounding), as a share of the limit. */
const TOLERANCE = 1e-4;
/** Codewords of less energy a symbol count as silent and are not scaled up, so that 0 stays 0, not NaN. */
const SILENCE = 1e-12;

/**
 * A limit on the transmitted energy. `normalise` and `normaliseTensor` give the same numbers. A codeword
 * may use less energy than the limit; `check` refuses more.
 */
export interface PowerConstraint {
  readonly name: string;
  /** Scales interleaved codewords of `uses` complex symbols each to meet the constraint; a new array. */
  normalise(symbols: Float32Array, uses: number): Float32Array;
  /** The same on tensors [codewords, uses]; differentiable. */
  normaliseTensor(symbols: ComplexTensor): ComplexTensor;
  /** @throws InputError naming the codeword that breaks the constraint by more than 1e-4, or is not finite. */
  check(symbols: Float32Array, uses: number): void;
  /** The same for codewords of different lengths. */
  checkEach(codewords: readonly Float32Array[]): void;
}

/** What a sender checks of its codewords, which it has made as they must be. */
export type PowerCheck = Pick<PowerConstraint, 'name' | 'checkEach'>;

/**
 * Every symbol is one of these points, whose mean energy over equally likely points is 1 at most: the
 * constraint of digital modulation, where a codeword's own mean moves with its data.
 * @param points interleaved complex, 1 to 4096
 * @throws InputError when the points' mean energy exceeds 1.
 */
export function onConstellation(points: Float64Array): PowerCheck {
  requireInteger('points', points.length / 2, 1, 4096);
  requireEnergy('mean energy of the points', totalEnergy(points) / (points.length / 2), 1);
  return {
    name: 'constellation',
    checkEach: (codewords) => {
      for (const [index, codeword] of codewords.entries()) checkPoints(codeword, index, points);
    },
  };
}

function checkPoints(codeword: Float32Array, index: number, points: Float64Array): void {
  requireFinite(codeword, index);
  for (let at = 0; at < codeword.length; at += 2) {
    if (!isPoint(codeword[at]!, codeword[at + 1]!, points)) {
      throw new InputError(
        `symbol ${at / 2} of codeword ${index} is ${codeword[at]} + ${codeword[at + 1]}i; allowed: one of the ${points.length / 2} points`,
      );
    }
  }
}

function isPoint(re: number, im: number, points: Float64Array): boolean {
  for (let at = 0; at < points.length; at += 2) {
    if (Math.abs(points[at]! - re) < TOLERANCE && Math.abs(points[at + 1]! - im) < TOLERANCE) return true;
  }
  return false;
}

/** Each codeword has a mean symbol energy of at most 1; `normalise` makes it 1. */
export function perCodeword(): PowerConstraint {
  return constraint({
    name: 'per-codeword',
    scales: (energies) => energies.map(unitScale),
    tensorScale: (energy) => tf.mean(energy, 1, true),
    checkEach: checkMeans,
  });
}

/** The mean symbol energy over all codewords given together is at most 1; `normalise` makes it 1. */
export function averageOverEnsemble(): PowerConstraint {
  return constraint({
    name: 'average-over-ensemble',
    scales: (energies) => {
      const scale = unitScale(energies.reduce((sum, energy) => sum + energy, 0) / energies.length);
      return energies.map(() => scale);
    },
    tensorScale: (energy) => tf.mean(energy),
    checkEach(codewords) {
      codewords.forEach(requireFinite);
      const total = codewords.reduce((sum, codeword) => sum + totalEnergy(codeword), 0);
      const count = codewords.reduce((sum, codeword) => sum + codeword.length / 2, 0);
      requireEnergy(`mean symbol energy of ${codewords.length} codewords`, total / count, 1);
    },
  });
}

/**
 * Each codeword has a mean symbol energy of at most 1 and no symbol's energy exceeds `peakEnergy`;
 * `normalise` scales each codeword to a mean of 1 and then clips amplitudes, keeping phases, so a clipped
 * codeword has a mean below 1.
 * @param options.peakEnergy largest |x|^2, a ratio to the mean limit, 1 to 1000
 * @throws InputError when it is out of range.
 */
export function peak(options: { peakEnergy: number }): PowerConstraint {
  const peakEnergy = requireRange('peakEnergy', options.peakEnergy, 1, 1000);
  const mean = perCodeword();
  return {
    name: 'peak',
    normalise: (symbols, uses) => clip(mean.normalise(symbols, uses), peakEnergy),
    normaliseTensor: (symbols) => clipTensor(mean.normaliseTensor(symbols), peakEnergy),
    check: (symbols, uses) => checkPeaks(split(symbols, uses), peakEnergy),
    checkEach: (codewords) => checkPeaks(codewords, peakEnergy),
  };
}

interface Rule {
  name: string;
  /** Factors of the codewords, from their mean symbol energies. */
  scales(energies: number[]): number[];
  /** The mean energy that is made 1, from the symbol energies [codewords, uses]; it broadcasts over them. */
  tensorScale(energy: tf.Tensor2D): tf.Tensor;
  checkEach(codewords: readonly Float32Array[]): void;
}

function constraint(rule: Rule): PowerConstraint {
  return {
    name: rule.name,
    normalise(symbols, uses) {
      const codewords = split(symbols, uses);
      const scales = rule.scales(codewords.map((codeword) => totalEnergy(codeword) / uses));
      return symbols.map((value, index) => value * scales[Math.floor(index / (2 * uses))]!);
    },
    normaliseTensor: ({ re, im }) =>
      tidyPair(() => {
        const energy = rule.tensorScale(tf.add(tf.square(re), tf.square(im)));
        const root = tf.sqrt(tf.maximum(energy, SILENCE));
        return { re: tf.div(re, root), im: tf.div(im, root) };
      }),
    check: (symbols, uses) => rule.checkEach(split(symbols, uses)),
    checkEach: (codewords) => rule.checkEach(codewords),
  };
}

function unitScale(energy: number): number {
  return 1 / Math.sqrt(Math.max(energy, SILENCE));
}

function totalEnergy(symbols: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of symbols) sum += value * value;
  return sum;
}

function split(symbols: Float32Array, uses: number): Float32Array[] {
  requireInteger('uses', uses, 1);
  if (symbols.length === 0 || symbols.length % (2 * uses) !== 0) {
    throw new InputError(
      `${symbols.length} numbers; allowed: a multiple of ${2 * uses} for ${uses} complex uses`,
    );
  }
  return Array.from({ length: symbols.length / (2 * uses) }, (_, codeword) =>
    symbols.subarray(2 * uses * codeword, 2 * uses * (codeword + 1)),
  );
}

function checkMeans(codewords: readonly Float32Array[]): void {
  codewords.forEach((codeword, index) => {
    requireFinite(codeword, index);
    requireEnergy(
      `mean symbol energy of codeword ${index}`,
      totalEnergy(codeword) / (codeword.length / 2),
      1,
    );
  });
}

function checkPeaks(codewords: readonly Float32Array[], peakEnergy: number): void {
  checkMeans(codewords);
  codewords.forEach((codeword, index) => {
    for (let at = 0; at < codeword.length; at += 2) {
      const energy = codeword[at]! ** 2 + codeword[at + 1]! ** 2;
      requireEnergy(`energy of symbol ${at / 2} of codeword ${index}`, energy, peakEnergy);
    }
  });
}

function requireEnergy(what: string, energy: number, limit: number): void {
  if (energy > limit * (1 + TOLERANCE)) {
    throw new InputError(`${what} is ${energy.toPrecision(6)}; allowed: at most ${limit}`);
  }
}

function requireFinite(codeword: Float32Array, index: number): void {
  if (codeword.length === 0 || codeword.length % 2 !== 0) {
    throw new InputError(
      `codeword ${index} has ${codeword.length} numbers; allowed: an even number, 2 or more`,
    );
  }
  const bad = codeword.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(`codeword ${index} holds ${codeword[bad]}; allowed: finite symbols`);
}

function clip(symbols: Float32Array, peakEnergy: number): Float32Array {
  for (let at = 0; at < symbols.length; at += 2) {
    const energy = symbols[at]! ** 2 + symbols[at + 1]! ** 2;
    if (energy <= peakEnergy) continue;
    const scale = Math.sqrt(peakEnergy / energy);
    symbols[at]! *= scale;
    symbols[at + 1]! *= scale;
  }
  return symbols;
}

function clipTensor({ re, im }: ComplexTensor, peakEnergy: number): ComplexTensor {
  return tidyPair(() => {
    const energy = tf.add(tf.square(re), tf.square(im));
    const scale = tf.sqrt(tf.div(peakEnergy, tf.maximum(energy, peakEnergy)));
    return { re: tf.mul(re, scale), im: tf.mul(im, scale) };
  });
}

function tidyPair(make: () => ComplexTensor): ComplexTensor {
  const [re, im] = tf.tidy(() => {
    const pair = make();
    return [pair.re, pair.im] as [tf.Tensor2D, tf.Tensor2D];
  });
  return { re, im };
}
