import { InputError, requireInteger, requireRange } from '../../base/index.js';
import {
  type ComplexMatrix,
  complexMatrix,
  inverseMatrix,
  leastSquares,
  matrixMultiply,
  pseudoInverse,
} from '../../math/index.js';
import { requireSource, steeringMatrix } from '../model/harmonic.js';
import type { Source } from '../types.js';
import { centredGains, steeringProducts } from './products.js';

/** One dimension of N samples over many snapshots. */
export interface LineSetup {
  /** N, from 2. */
  size: number;
  /** sigma^2 of a complex sample, above 0. */
  noiseVariance: number;
}

/** MUSIC of a single source over many snapshots: its variance over the bound, 1 + 1 / (N rho). @throws InputError */
export function musicEfficiency(size: number, snr: number): number {
  requireInteger('size', size, 2);
  requireRange('snr', snr, Number.MIN_VALUE, Number.MAX_VALUE);
  return 1 + 1 / (size * snr);
}

/**
 * LS-ESPRIT of a single source with the two largest sub-arrays, at high SNR: its variance over the bound,
 * N (N + 1) / (6 (N - 1)). @throws InputError
 */
export function espritEfficiency(size: number): number {
  requireInteger('size', size, 2);
  return (size * (size + 1)) / (6 * (size - 1));
}

/**
 * Variances of MUSIC and root-MUSIC over many snapshots (Stoica and Nehorai 1989, Theorem 3.1; Rao and Hari 1989 for the
 * roots): (sigma^2 / 2T) [P^-1 + sigma^2 P^-1 (A^H A)^-1 P^-1]_ll / (d_l^H (I - A A^+) d_l), P the sample covariance of the gains.
 * @returns one for each source, squared radians
 * @throws InputError for sources that do not fit, coincide or are coherent.
 */
export function musicVariances(sources: readonly Source[], { size, noiseVariance }: LineSetup): number[] {
  const { gram, projected } = steeringProducts(requireLine(sources, size, noiseVariance), [size]);
  const weights = subspaceWeights(sources, gram, noiseVariance, size);
  return weights.map((weight, l) => weight / projected.data[2 * l * (sources.length + 1)]!);
}

/**
 * Variances of LS-ESPRIT with the two largest sub-arrays over many snapshots: as those of MUSIC, but with the power of
 * (J_2 - z_l J_1)^H r_l outside the signal space, r_l row l of (J_1 A)^+ (first-order perturbation, Rao and Hari 1989).
 * @returns one for each source, squared radians
 * @throws InputError for sources that do not fit, coincide or are coherent.
 */
export function espritVariances(sources: readonly Source[], { size, noiseVariance }: LineSetup): number[] {
  const frequencies = requireLine(sources, size, noiseVariance);
  const { gram } = steeringProducts(frequencies, [size]);
  const weights = subspaceWeights(sources, gram, noiseVariance, size);
  const mus = frequencies.map(([mu]) => mu!);
  const inverse = pseudoInverse(steeringMatrix(size - 1, mus));
  return weights.map((weight, l) => weight * shiftPower(steeringMatrix(size, mus), inverse, l, mus[l]!));
}

/** (sigma^2 / 2T) [P^-1 + sigma^2 P^-1 (A^H A)^-1 P^-1]_ll */
function subspaceWeights(
  sources: readonly Source[],
  gram: ComplexMatrix,
  noiseVariance: number,
  size: number,
): number[] {
  const snapshots = sources[0]!.gains.length / 2;
  const inverse = inverseMatrix(gainCovariance(sources, size));
  const spread = matrixMultiply(inverse, matrixMultiply(inverseMatrix(gram), inverse));
  return sources.map((_, l) => {
    const at = 2 * l * (sources.length + 1);
    return ((inverse.data[at]! + noiseVariance * spread.data[at]!) * noiseVariance) / (2 * snapshots);
  });
}

function requireLine(sources: readonly Source[], size: number, noiseVariance: number): number[][] {
  requireInteger('size', size, 2);
  requireRange('noiseVariance', noiseVariance, Number.MIN_VALUE, Number.MAX_VALUE);
  requireInteger('number of sources', sources.length, 1, size - 1);
  for (const source of sources) requireSource(source, [size], sources[0]!.gains.length / 2);
  return sources.map(({ mu }) => [...mu]);
}

/** Sample covariance of the gains, counted from the middle. @throws InputError for fewer snapshots than sources. */
function gainCovariance(sources: readonly Source[], size: number): ComplexMatrix {
  const gains = sources.map((source) => centredGains(source, [size]));
  const snapshots = gains[0]!.length / 2;
  if (snapshots < sources.length)
    throw new InputError(`${snapshots} snapshots of ${sources.length} sources; allowed: at least as many`);
  const out = complexMatrix(sources.length, sources.length);
  for (const [l, p] of gains.entries()) {
    for (const [m, q] of gains.entries()) {
      const at = 2 * (l * sources.length + m);
      for (let k = 0; k < p.length; k += 2) {
        out.data[at]! += (p[k]! * q[k]! + p[k + 1]! * q[k + 1]!) / snapshots;
        out.data[at + 1]! += (p[k + 1]! * q[k]! - p[k]! * q[k + 1]!) / snapshots;
      }
    }
  }
  return out;
}

/** | (I - A A^+) (J_2 - z_l J_1)^H r_l^H |^2 */
function shiftPower(steering: ComplexMatrix, inverse: ComplexMatrix, l: number, mu: number): number {
  const size = steering.rows;
  const v = complexMatrix(size, 1);
  const [cos, sin] = [Math.cos(mu), Math.sin(mu)];
  for (let n = 0; n < size - 1; n++) {
    const at = 2 * (l * (size - 1) + n);
    const [re, im] = [inverse.data[at]!, -inverse.data[at + 1]!];
    v.data[2 * (n + 1)]! += re;
    v.data[2 * (n + 1) + 1]! += im;
    v.data[2 * n]! -= re * cos + im * sin;
    v.data[2 * n + 1]! -= im * cos - re * sin;
  }
  return leastSquares(steering, v).residualPower[0]!;
}
