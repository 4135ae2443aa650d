import { InputError, requireInteger, requireRange } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  complexTensor,
  conjugateTranspose,
  gramMatrix,
  khatriRao,
  matrixMultiply,
  Rng,
  solveHermitian,
  unfold,
} from '../../math/index.js';
import { requireObservation } from '../model/harmonic.js';
import type { Estimates, Observation } from '../types.js';
import { energyOf } from './correlate.js';
import { refineFit } from './fit.js';
import { cellFrequencies, powerSpectrum, strongestCell } from './spectrum.js';
import { transposed } from './subspace.js';
import { judged, unresolved } from './verdict.js';

export interface CpdOptions {
  /** Rank, 1 to 100. */
  sources: number;
  /** Random starts, 1 to 100, default 5. */
  restarts?: number;
  /** Rounds over all factors for each start, 1 to 1e5, default 500. */
  iterations?: number;
  /** A round that changes no factor's fit by more than this part of the data's energy ends a start; default 1e-9. */
  tolerance?: number;
  /** Of the starts; default a fixed stream, so the same data give the same estimates. */
  rng?: Rng;
}

/** Factors of one start, and what they leave of the data's energy. */
interface Decomposition {
  factors: ComplexMatrix[];
  rest: number;
}

/**
 * Canonical polyadic decomposition by alternating least squares, then the frequency of each factor's column. No harmonic
 * structure is used before, so it takes three dimensions of several samples (snapshots count as one) to be unique.
 * The best of several random starts counts; when none converges, nothing is resolved.
 * @throws InputError for a bad observation or an option out of range.
 */
export function cpd(observation: Observation, options: CpdOptions): Estimates {
  requireObservation(observation);
  const sources = requireInteger('sources', options.sources, 1, 100);
  const restarts = requireInteger('restarts', options.restarts ?? 5, 1, 100);
  const rng = options.rng ?? Rng.of('cpd');
  const sizes = [observation.snapshots, ...observation.shape];
  if (sources > 1 && sizes.filter((size) => size > 1).length < 3)
    return unresolved(`CPD of ${sizes.join(' x ')} samples is not unique: needs three dimensions`);
  const start = alternator(observation, sources, options);
  const found = Array.from({ length: restarts }, (_, restart) => start(rng.fork('start').fork(restart)));
  const converged = found.filter((one) => one !== undefined);
  if (converged.length === 0) return unresolved(`CPD did not converge from ${restarts} starts`);
  const best = converged.reduce((a, b) => (b.rest < a.rest ? b : a));
  return judged(observation, columnFrequencies(best.factors.slice(1), sources));
}

/** Runs alternating least squares from a random start; undefined when it does not converge. */
function alternator(observation: Observation, sources: number, options: CpdOptions) {
  const { iterations = 500, tolerance = 1e-9 } = options;
  requireInteger('iterations', iterations, 1, 1e5);
  requireRange('tolerance', tolerance, 0, 1);
  const sizes = [observation.snapshots, ...observation.shape];
  const tensor = complexTensor(sizes, observation.data);
  const unfoldings = sizes.map((_, mode) => unfold(tensor, mode));
  const energy = energyOf(observation);
  return (rng: Rng): Decomposition | undefined => {
    const factors = sizes.map((size) =>
      complexMatrix(size, sources, rng.fillComplexNormal(new Float64Array(2 * size * sources))),
    );
    let rest = energy;
    for (let round = 0; round < iterations; round++) {
      let fitted = 0;
      for (const mode of sizes.keys()) {
        const solved = updated(unfoldings[mode]!, factors, mode);
        if (!solved) return undefined;
        factors[mode] = solved.factor;
        fitted = solved.fitted;
        if (mode < sizes.length - 1) normalise(solved.factor);
      }
      const change = rest - (energy - fitted);
      rest = energy - fitted;
      if (Math.abs(change) <= tolerance * energy) return { factors, rest };
    }
    return undefined;
  };
}

/** The least-squares factor of one mode, and the energy that the model then explains; undefined when it is not unique. */
function updated(unfolding: ComplexMatrix, factors: readonly ComplexMatrix[], mode: number) {
  const others = factors.filter((_, at) => at !== mode);
  const product = others.reduce(khatriRao);
  const right = conjugateTranspose(matrixMultiply(unfolding, conjugated(product)));
  try {
    // X conj(K) (K^T conj(K))^-1; the Gram matrix of the product is that of its factors, entry by entry.
    const solution = solveHermitian(conjugated(others.map(gramMatrix).reduce(entrywise)), right);
    const fitted = solution.data.reduce((sum, value, at) => sum + value * right.data[at]!, 0);
    return { factor: conjugateTranspose(solution), fitted };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function conjugated({ rows, columns, data }: ComplexMatrix): ComplexMatrix {
  return complexMatrix(
    rows,
    columns,
    data.map((value, at) => (at % 2 ? -value : value)),
  );
}

function entrywise(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const out = complexMatrix(a.rows, a.columns);
  for (let at = 0; at < a.data.length; at += 2) {
    const [ar, ai, br, bi] = [a.data[at]!, a.data[at + 1]!, b.data[at]!, b.data[at + 1]!];
    out.data[at] = ar * br - ai * bi;
    out.data[at + 1] = ar * bi + ai * br;
  }
  return out;
}

function normalise({ rows, columns, data }: ComplexMatrix): void {
  for (let k = 0; k < columns; k++) {
    let power = 0;
    for (let i = 0; i < rows; i++)
      power += data[2 * (i * columns + k)]! ** 2 + data[2 * (i * columns + k) + 1]! ** 2;
    for (let i = 0; i < rows && power > 0; i++)
      for (let part = 0; part < 2; part++) data[2 * (i * columns + k) + part]! /= Math.sqrt(power);
  }
}

/** By source: the maximum of each column's periodogram. */
function columnFrequencies(factors: readonly ComplexMatrix[], sources: number): number[][] {
  const byDimension = factors.map((factor) => {
    const rows = transposed(factor).data;
    return Array.from({ length: sources }, (_, l) =>
      toneFrequency(rows.subarray(2 * l * factor.rows, 2 * (l + 1) * factor.rows)),
    );
  });
  return Array.from({ length: sources }, (_, l) => byDimension.map((one) => one[l]!));
}

function toneFrequency(data: Float64Array): number {
  const line: Observation = { shape: [data.length / 2], snapshots: 1, data };
  const spectrum = powerSpectrum(line, 2);
  const start = cellFrequencies(spectrum.shape, strongestCell(spectrum));
  return refineFit(line, [start], { noisy: false })?.sources[0]?.mu[0] ?? Number.NaN;
}
