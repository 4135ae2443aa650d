import { InputError } from '../../base/index.js';
import {
  type ComplexMatrix,
  cholesky,
  complexMatrix,
  invertHermitian,
  solveCholesky,
  solveHermitian,
} from '../../math/index.js';
import { centredGains, frequencyInformation, steeringProducts } from '../bounds/products.js';
import { addSource, wrapped } from '../model/harmonic.js';
import type { Estimate, Observation } from '../types.js';
import { type Correlation, correlate, energyOf } from './correlate.js';

/** Gains of given frequencies by least squares. */
export interface Fit {
  sources: Estimate[];
  /** Energy that the sources leave, over all samples. */
  residualEnergy: number;
  /** Energy that would remain more without each source: its generalised likelihood ratio times the noise variance. */
  explained: number[];
}

/** A fit with what a step of refinement needs; gains counted from the middle. */
interface Working extends Fit {
  correlations: Correlation[];
  gains: Float64Array[];
  frequencies: readonly (readonly number[])[];
}

/**
 * Least-squares gains of given frequencies.
 * @returns undefined when the sources coincide: their steering tensors are linearly dependent to working accuracy
 */
export function fitGains(
  observation: Observation,
  frequencies: readonly (readonly number[])[],
): Fit | undefined {
  return solvable(() => working(observation, frequencies));
}

/** Dependent steering tensors are an outcome here, not an input that a user could mend. */
function solvable<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function working(observation: Observation, frequencies: readonly (readonly number[])[]): Working {
  const { shape, snapshots } = observation;
  const correlations = frequencies.map((mu) => correlate(observation, mu));
  const { gram } = steeringProducts(frequencies, shape);
  const right = rowsOf(
    correlations.map(({ value }) => value),
    snapshots,
  );
  const factor = cholesky(gram);
  const solution = solveCholesky(factor, right);
  const inverse = invertHermitian(gram);
  const gains = frequencies.map((_, l) => solution.data.slice(2 * l * snapshots, 2 * (l + 1) * snapshots));
  const fitted = solution.data.reduce((sum, value, at) => sum + value * right.data[at]!, 0);
  return {
    correlations,
    gains,
    frequencies,
    residualEnergy: Math.max(0, energyOf(observation) - fitted),
    explained: gains.map(
      (gain, l) => gain.reduce((sum, g) => sum + g * g, 0) / inverse.data[2 * l * (gains.length + 1)]!,
    ),
    sources: gains.map((gain, l) => ({
      mu: frequencies[l]!.map(wrapped),
      gains: centredGains({ mu: frequencies[l]!, gains: gain }, shape, -1),
    })),
  };
}

function rowsOf(rows: readonly Float64Array[], columns: number): ComplexMatrix {
  const out = complexMatrix(rows.length, columns);
  for (const [l, row] of rows.entries()) out.data.set(row, 2 * l * columns);
  return out;
}

const STEPS = 20;
/** A step moves a frequency by at most this part of a Fourier bin: farther, the linearisation is worthless. */
const LONGEST_STEP = 0.25;
/** A step of less than this part of a bin is the last. */
const SETTLED = 1e-8;
/** So is one that promises to lower the residual by less than this part of a sample's noise: a thousandth of a deviation. */
const WORTHLESS = 1e-6;

export interface RefineOptions {
  readonly steps?: number;
  /** Whether what the sources leave is noise, on whose scale steps become worthless; default true. */
  readonly noisy?: boolean;
}

/**
 * Joint maximum likelihood near given frequencies: Gauss-Newton steps on all of them, the gains profiled out, each step
 * shortened until the residual falls. Costs O(samples) for each source and step.
 * @returns undefined when sources coincide or come to coincide
 */
export function refineFit(
  observation: Observation,
  frequencies: readonly (readonly number[])[],
  { steps = STEPS, noisy = true }: RefineOptions = {},
): Fit | undefined {
  return solvable(() => {
    let fit = working(observation, frequencies);
    for (let step = 0; step < steps; step++) {
      const { direction, promise } = gaussNewton(fit, observation.shape);
      if (noisy && promise <= (WORTHLESS * 2 * fit.residualEnergy) / observation.data.length) return fit;
      const moved = improved(observation, fit, direction);
      if (!moved) return fit;
      const longest = longestMove(fit, moved, observation.shape);
      fit = moved;
      if (longest < SETTLED) return fit;
    }
    return fit;
  });
}

/** The fit after a step, or undefined when no step lowers the residual. */
function improved(
  observation: Observation,
  fit: Working,
  direction: readonly (readonly number[])[],
): Working | undefined {
  for (let factor = 1; factor > 1e-3; factor /= 4) {
    const frequencies = fit.frequencies.map((mu, l) =>
      mu.map((value, d) => value + factor * direction[l]![d]!),
    );
    const next = solvable(() => working(observation, frequencies));
    if (next && next.residualEnergy < fit.residualEnergy) return next;
  }
  return undefined;
}

/** In Fourier bins. */
function longestMove(from: Working, to: Working, shape: readonly number[]): number {
  const moves = to.frequencies.map((mu, l) =>
    mu.map((value, d) => (Math.abs(value - from.frequencies[l]![d]!) * shape[d]!) / (2 * Math.PI)),
  );
  return Math.max(...moves.flat());
}

/** A step, and by how much it would lower the residual were the model linear. */
interface Step {
  direction: number[][];
  promise: number;
}

function gaussNewton({ frequencies, gains, correlations }: Working, shape: readonly number[]): Step {
  const { cross, projected } = steeringProducts(frequencies, shape);
  const dims = shape.length;
  const gradient = complexMatrix(projected.rows, 1);
  for (let row = 0; row < projected.rows; row++) {
    const gain = gains[Math.floor(row / dims)]!;
    const slope = correlations[Math.floor(row / dims)]!.slopes[row % dims]!;
    for (let at = 0; at < gain.length; at++) {
      const fitted = gains.reduce((sum, g, m) => sum + cross.data[2 * (row * gains.length + m)]! * g[at]!, 0);
      gradient.data[2 * row]! += gain[at]! * (slope[at]! - fitted);
    }
  }
  const information = frequencyInformation(projected, gains);
  // A dimension of one sample says nothing of its frequency: leave it where it is.
  for (let row = 0; row < information.rows; row++)
    if (shape[row % dims] === 1) information.data[2 * row * (information.rows + 1)] = 1;
  const step = solveHermitian(information, gradient);
  const direction = frequencies.map((_, l) =>
    shape.map((size, d) => {
      const longest = (LONGEST_STEP * 2 * Math.PI) / size;
      return Math.max(-longest, Math.min(longest, step.data[2 * (l * dims + d)]!));
    }),
  );
  return { direction, promise: step.data.reduce((sum, value, at) => sum + value * gradient.data[at]!, 0) };
}

/** What the sources leave of the observation. */
export function residualOf(observation: Observation, sources: readonly Estimate[]): Observation {
  const data = observation.data.slice();
  for (const { mu, gains } of sources)
    addSource(data, { mu, gains: gains.map((value) => -value) }, observation.shape);
  return { ...observation, data };
}
