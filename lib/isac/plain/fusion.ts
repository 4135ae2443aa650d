import {
  type ComplexMatrix,
  type ComplexTensor,
  columnOf,
  complexMatrix,
  complexTensor,
  conjugateTranspose,
  gramMatrix,
  invertHermitian,
  kroneckerVectors,
  matrixMultiply,
  modeProduct,
} from '../../math/index.js';
import { energyOf } from '../estimators/correlate.js';
import { FALSE_ALARM } from '../estimators/verdict.js';
import { steeringMatrix } from '../model/harmonic.js';
import type { Observation, Source } from '../types.js';
import { indexOf } from './compress.js';

/**
 * How candidates of the dimensions are put together. `ls`: the largest cells of the least-squares core. `omp`: the cell
 * that matches the residual best, again and again.
 */
export type Fusion = 'omp' | 'ls';

/** A cell of the grid of candidates that holds a source, as the target shows it. */
export interface Cell extends Source {
  /** Its candidate in each dimension. */
  readonly index: readonly number[];
  /** Energy that the fit loses without it, over the noise variance. */
  readonly significance: number;
}

/** Cells fitted together. */
interface Fused {
  readonly cells: readonly Cell[];
  /** What the cells leave, a value of the target. */
  readonly noiseVariance: number;
}

export interface FusionOptions {
  readonly fusion: Fusion;
  /** Cells to take, or at most so many as long as they are significant. */
  readonly cells: number;
  /** Only cells that stand out of the noise. */
  readonly significant: boolean;
}

/** Below this part of the signal, the residual is rounding. */
const ROUNDING = 1e-12;

/**
 * Everything that least squares on the grid of candidates needs, which is small: correlations of the target with each
 * cell, snapshots first, and the Gram matrix of each dimension's steering vectors.
 */
interface Grid {
  readonly candidates: readonly (readonly number[])[];
  readonly sizes: readonly number[];
  readonly snapshots: number;
  readonly correlations: ComplexTensor;
  readonly grams: readonly ComplexMatrix[];
  readonly energy: number;
  /** Values of a snapshot. */
  readonly values: number;
}

/**
 * The third stage of PLAIN: which combinations of candidates are sources. Gains are refitted on the cells taken so far,
 * not on the whole grid of their indices: that would explain away a source at a crossing of others' frequencies.
 * @param candidates frequencies of each dimension, at least one
 */
export function fuse(
  target: Observation,
  candidates: readonly (readonly number[])[],
  options: FusionOptions,
): readonly Cell[] {
  const grid = gridOf(target, candidates);
  const cells = grid.sizes.reduce((product, size) => product * size, 1);
  const limit = Math.min(options.cells, cells, grid.values - 1);
  const threshold = options.significant ? highestNoise(grid) : 0;
  return (options.fusion === 'ls' ? largestCells : pursuit)(grid, limit, threshold).cells;
}

/**
 * The significance that noise exceeds in any of all places with the chance `FALSE_ALARM` at most: by Chernoff's bound
 * P(sum of T unit exponentials > x) <= exp(-(x - T - T ln(x / T))).
 */
function highestNoise({ values, snapshots }: Grid): number {
  const exponent = Math.log(values / FALSE_ALARM);
  let x = snapshots + exponent;
  for (let round = 0; round < 50; round++) x = exponent + snapshots + snapshots * Math.log(x / snapshots);
  return x;
}

function gridOf(target: Observation, candidates: readonly (readonly number[])[]): Grid {
  const steering = candidates.map((mu, d) => steeringMatrix(target.shape[d]!, mu));
  let correlations = complexTensor([target.snapshots, ...target.shape], target.data);
  for (let d = candidates.length - 1; d >= 0; d--) {
    correlations = modeProduct(correlations, conjugateTranspose(steering[d]!), d + 1);
  }
  return {
    candidates,
    sizes: candidates.map(({ length }) => length),
    snapshots: target.snapshots,
    correlations,
    grams: steering.map(gramMatrix),
    energy: energyOf(target),
    values: target.data.length / 2 / target.snapshots,
  };
}

function largestCells(grid: Grid, limit: number, threshold: number): Fused {
  let core = grid.correlations;
  for (const [d, gram] of grid.grams.entries()) core = modeProduct(core, invertHermitian(gram), d + 1);
  const powers = cellPowers(core);
  const order = Array.from(powers.keys()).sort((a, b) => powers[b]! - powers[a]!);
  return pruned(grid, order.slice(0, limit), threshold);
}

/** Without what is no more than noise. */
function pruned(grid: Grid, places: readonly number[], threshold: number): Fused {
  const fused = fitCells(grid, places);
  const kept = places.filter((_, l) => fused.cells[l]!.significance >= threshold);
  return kept.length === places.length ? fused : pruned(grid, kept, threshold);
}

function pursuit(grid: Grid, limit: number, threshold: number): Fused {
  const places: number[] = [];
  let fused = fitCells(grid, places);
  while (places.length < limit) {
    const powers = cellPowers(residualCorrelations(grid, fused.cells));
    for (const place of places) powers[place] = -1;
    const best = powers.indexOf(powers.reduce((most, power) => Math.max(most, power)));
    const next = fitCells(grid, [...places, best]);
    if (next.cells.at(-1)!.significance < threshold) break;
    places.push(best);
    fused = next;
  }
  return pruned(grid, places, threshold);
}

/** |x|^2 of each cell, summed over the snapshots. */
function cellPowers({ shape, data }: ComplexTensor): Float64Array {
  const cells = data.length / 2 / shape[0]!;
  const powers = new Float64Array(cells);
  for (let start = 0; start < data.length; start += 2 * cells) {
    for (let cell = 0; cell < cells; cell++) {
      const re = data[start + 2 * cell]!;
      const im = data[start + 2 * cell + 1]!;
      powers[cell]! += re * re + im * im;
    }
  }
  return powers;
}

/** Correlations less those of the cells: a cell's steering tensor correlates with the grid as an outer product. */
function residualCorrelations(
  { correlations, grams, snapshots }: Grid,
  cells: readonly Cell[],
): ComplexTensor {
  const left = complexTensor(correlations.shape, correlations.data.slice());
  for (const { index, gains } of cells) {
    const response = grams.map((gram, d) => columnOf(gram, index[d]!)).reduce(kroneckerVectors);
    for (let t = 0; t < snapshots; t++)
      subtractScaled(left.data, t * response.length, response, gains[2 * t]!, gains[2 * t + 1]!);
  }
  return left;
}

function subtractScaled(
  from: Float64Array,
  start: number,
  values: Float64Array,
  gr: number,
  gi: number,
): void {
  for (let k = 0; k < values.length; k += 2) {
    const re = values[k]!;
    const im = values[k + 1]!;
    from[start + k]! -= re * gr - im * gi;
    from[start + k + 1]! -= re * gi + im * gr;
  }
}

/** a_i^H a_j of two cells. */
function gramEntry(
  grams: readonly ComplexMatrix[],
  i: readonly number[],
  j: readonly number[],
): [number, number] {
  let [re, im] = [1, 0];
  for (const [d, { columns, data }] of grams.entries()) {
    const at = 2 * (i[d]! * columns + j[d]!);
    const [gr, gi] = [data[at]!, data[at + 1]!];
    [re, im] = [re * gr - im * gi, re * gi + im * gr];
  }
  return [re, im];
}

/** Gains of some cells by least squares. */
function fitCells(grid: Grid, places: readonly number[]): Fused {
  const { sizes, snapshots, correlations, energy, values } = grid;
  const count = places.length;
  if (count === 0) return { cells: [], noiseVariance: energy / (snapshots * values) };
  const cells = correlations.data.length / 2 / snapshots;
  const right = complexMatrix(count, snapshots);
  for (const [l, place] of places.entries()) {
    for (let t = 0; t < snapshots; t++) {
      const from = 2 * (t * cells + place);
      right.data.set(correlations.data.subarray(from, from + 2), 2 * (l * snapshots + t));
    }
  }
  const indices = places.map((place) => indexOf(place, sizes));
  const inverse = invertHermitian(gramOf(grid.grams, indices));
  const gains = matrixMultiply(inverse, right);
  const explained = gains.data.reduce((sum, value, at) => sum + value * right.data[at]!, 0);
  const left = Math.max(energy - explained, ROUNDING * energy, Number.MIN_VALUE);
  const noiseVariance = left / (snapshots * (values - count));
  return {
    noiseVariance,
    cells: indices.map((index, l) => {
      const own = gains.data.slice(2 * l * snapshots, 2 * (l + 1) * snapshots);
      const loss = own.reduce((sum, value) => sum + value * value, 0) / inverse.data[2 * l * (count + 1)]!;
      return {
        index,
        mu: index.map((k, d) => grid.candidates[d]![k]!),
        gains: own,
        significance: loss / noiseVariance,
      };
    }),
  };
}

function gramOf(grams: readonly ComplexMatrix[], indices: readonly (readonly number[])[]): ComplexMatrix {
  const out = complexMatrix(indices.length, indices.length);
  for (const [l, i] of indices.entries()) {
    for (const [m, j] of indices.entries())
      out.data.set(gramEntry(grams, i, j), 2 * (l * indices.length + m));
  }
  return out;
}
