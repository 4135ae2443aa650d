import { InputError, requireChoice } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  complexSvd,
  complexTensor,
  conjugateTranspose,
  generalEigen,
  inverseMatrix,
  leastSquares,
  matrixMultiply,
  modeProduct,
} from '../../math/index.js';
import type { Estimates, Observation } from '../types.js';
import { dimensionEigen, smoothed } from './covariance.js';
import { firstColumns, type SubspaceOptions, signalSubspace, transposed } from './subspace.js';
import { judged, unresolved } from './verdict.js';

export interface EspritOptions extends SubspaceOptions {
  /** How the shift equations are solved: least squares (default) or total least squares. */
  solution?: 'ls' | 'tls';
}

/**
 * ESPRIT (Roy and Kailath 1989) in any number of dimensions: the shift along each dimension is an operator on the signal
 * subspace; all share their eigenvectors, taken from a weighted sum, which pairs the frequencies.
 * @throws InputError for a bad observation or an option out of range.
 */
export function esprit(observation: Observation, options: EspritOptions): Estimates {
  const { basis, reason } = signalSubspace(observation, { backward: false, ...options });
  if (!basis) return unresolved(reason);
  const solve = solverOf(options);
  return fromShifts(observation, basis, solve, phaseShift);
}

/**
 * Unitary tensor-ESPRIT (Haardt, Roemer and Del Galdo 2008): forward-backward averaging, the subspace projected onto the
 * signal space of every dimension (higher-order SVD), and shifts in the form tan(mu / 2) (J_1 + J_2) a = -i (J_2 - J_1) a,
 * whose operators have real eigenvalues. The real-valued transform of the original saves time, not error: it is left out.
 * @throws InputError for a bad observation or an option out of range.
 */
export function unitaryTensorEsprit(observation: Observation, options: EspritOptions): Estimates {
  const subspace = signalSubspace(observation, { ...options, backward: true });
  if (!subspace.basis) return unresolved(subspace.reason);
  const basis = projectedModes(subspace.basis, subspace.samples);
  return fromShifts(observation, basis, solverOf(options), tangentShift);
}

type Solver = (a: ComplexMatrix, b: ComplexMatrix) => ComplexMatrix;

function solverOf({ solution = 'ls' }: EspritOptions): Solver {
  requireChoice('solution', solution, ['ls', 'tls']);
  return solution === 'ls' ? (a, b) => leastSquares(a, b).solution : totalLeastSquares;
}

/** A X = B with errors in both: X = -V_12 V_22^-1 of the singular vectors of [A B]. */
function totalLeastSquares(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const n = a.columns;
  const both = complexMatrix(a.rows, 2 * n);
  for (let i = 0; i < a.rows; i++) {
    both.data.set(a.data.subarray(2 * i * n, 2 * (i + 1) * n), 4 * i * n);
    both.data.set(b.data.subarray(2 * i * n, 2 * (i + 1) * n), 4 * i * n + 2 * n);
  }
  const { v } = complexSvd(both);
  const block = (top: number) => {
    const out = complexMatrix(n, n);
    for (let i = 0; i < n; i++)
      out.data.set(
        v.data.subarray(2 * ((top + i) * v.columns + n), 2 * (top + i) * v.columns + 4 * n),
        2 * i * n,
      );
    return out;
  };
  const negative = block(0);
  for (let at = 0; at < negative.data.length; at++) negative.data[at] = -negative.data[at]!;
  return matrixMultiply(negative, inverseMatrix(block(n)));
}

/** The equations A Psi = B of one dimension, from the basis without its last and without its first sample. */
interface Shift {
  equations(first: ComplexMatrix, second: ComplexMatrix): [a: ComplexMatrix, b: ComplexMatrix];
  frequency(re: number, im: number): number;
}

const phaseShift: Shift = {
  equations: (first, second) => [first, second],
  frequency: (re, im) => Math.atan2(im, re),
};

const tangentShift: Shift = {
  equations(first, second) {
    const [sum, turned] = [
      complexMatrix(first.rows, first.columns),
      complexMatrix(first.rows, first.columns),
    ];
    for (let at = 0; at < sum.data.length; at += 2) {
      const [ar, ai, br, bi] = [first.data[at]!, first.data[at + 1]!, second.data[at]!, second.data[at + 1]!];
      sum.data[at] = ar + br;
      sum.data[at + 1] = ai + bi;
      turned.data[at] = bi - ai;
      turned.data[at + 1] = ar - br;
    }
    return [sum, turned];
  },
  frequency: (re) => 2 * Math.atan(re),
};

function fromShifts(observation: Observation, basis: Observation, solve: Solver, shift: Shift): Estimates {
  const short = basis.shape.findIndex((size, d) => size === 1 && observation.shape[d]! > 1);
  if (short >= 0) return unresolved(`sub-tensors of 1 sample in dimension ${short} have no shift`);
  let operators: (ComplexMatrix | undefined)[];
  let frequencies: number[][];
  try {
    operators = basis.shape.map((size, d) => (size === 1 ? undefined : operatorOf(basis, d, solve, shift)));
    frequencies = pairedFrequencies(operators, basis.snapshots, shift);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return unresolved(`no shift operator: ${error.message}`);
  }
  return judged(observation, frequencies);
}

function operatorOf(basis: Observation, d: number, solve: Solver, shift: Shift): ComplexMatrix {
  const parts = smoothed(basis, basis.shape.with(d, basis.shape[d]! - 1), false);
  const length = parts.data.length / parts.snapshots;
  const [first, second] = [0, 1].map((part) => {
    const rows = complexMatrix(basis.snapshots, length / 2);
    for (let k = 0; k < basis.snapshots; k++) {
      const from = (2 * k + part) * length;
      rows.data.set(parts.data.subarray(from, from + length), k * length);
    }
    return transposed(rows);
  });
  return solve(...shift.equations(first!, second!));
}

/** Frequencies by source: the operators' diagonals in the eigenvectors of a weighted sum of them. */
function pairedFrequencies(
  operators: readonly (ComplexMatrix | undefined)[],
  count: number,
  shift: Shift,
): number[][] {
  const sum = complexMatrix(count, count);
  for (const [d, operator] of operators.entries()) {
    // Weights without a simple ratio: sources that differ in any dimension then differ in the sum.
    const weight = 1 / Math.sqrt(1 + 1.7 * d);
    operator?.data.forEach((value, at) => {
      sum.data[at]! += weight * value;
    });
  }
  const { vectors } = generalEigen(sum);
  const inverse = inverseMatrix(vectors);
  const diagonals = operators.map((one) => one && matrixMultiply(inverse, matrixMultiply(one, vectors)));
  return Array.from({ length: count }, (_, l) =>
    diagonals.map((one) => {
      const at = 2 * l * (count + 1);
      return one ? shift.frequency(one.data[at]!, one.data[at + 1]!) : 0;
    }),
  );
}

/** Each basis vector projected, along every dimension, onto the dominant space of the samples there. */
function projectedModes(basis: Observation, samples: Observation): Observation {
  let tensor = complexTensor([basis.snapshots, ...basis.shape], basis.data);
  for (const [d, size] of basis.shape.entries()) {
    if (basis.snapshots >= size) continue;
    const vectors = firstColumns(dimensionEigen(samples, d).vectors, basis.snapshots);
    tensor = modeProduct(tensor, matrixMultiply(vectors, conjugateTranspose(vectors)), d + 1);
  }
  return { ...basis, data: tensor.data };
}
