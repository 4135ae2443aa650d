import { InputError, requireRange } from '../../base/index.js';
import { complexMatrix, invertHermitian } from '../../math/index.js';
import { requireSampling } from '../model/harmonic.js';

/**
 * Mean-square distance of the power from its centre along one dimension, in indices squared: (N^2 - 1) / 12 when it is
 * spread evenly, (N - 1)^2 / 4 at most, half of it at either end. The Fisher information on mu_d is 2 rho times the energy times this.
 * @param powers |x|^2 of each element, the last dimension fastest
 * @throws InputError when powers and shape do not fit or there is no power.
 */
export function indexSpread(powers: Float64Array, shape: readonly number[], dimension: number): number {
  const { total, second } = moments(powers, shape);
  return second[dimension]![dimension]! / total;
}

/**
 * Cramer-Rao bound on the frequencies of a single target when its echo is that of known symbols of any powers: gain unknown,
 * [2 rho (sum w n n^T - (sum w n)(sum w n)^T / sum w)]^-1 with w = |x|^2. For w = 1 it is `singleSourceBound`.
 * @param powers |x|^2 of each element, 0 where the receiver knows no symbol; the last dimension fastest
 * @param snr of an element of unit power, |b|^2 / sigma^2, linear
 * @returns variance of each dimension's frequency, squared radians
 * @throws InputError when sizes do not fit, or the powers leave a frequency unknown (all at one index).
 */
export function weightedBound(powers: Float64Array, shape: readonly number[], snr: number): number[] {
  requireRange('snr', snr, Number.MIN_VALUE, Number.MAX_VALUE);
  const { second } = moments(powers, shape);
  const information = complexMatrix(shape.length, shape.length);
  for (const [d, row] of second.entries())
    for (const [e, value] of row.entries()) information.data[2 * (d * shape.length + e)] = 2 * snr * value;
  const { data } = invertHermitian(information);
  return shape.map((_, d) => data[2 * d * (shape.length + 1)]!);
}

/** Power, and its central second moments in indices. */
function moments(powers: Float64Array, shape: readonly number[]): { total: number; second: number[][] } {
  if (powers.length !== requireSampling(shape, 1))
    throw new InputError(
      `${powers.length} powers for a frame of ${shape.join(' x ')}; allowed: one each element`,
    );
  const total = powers.reduce((sum, w) => sum + requireRange('power', w, 0, Number.MAX_VALUE), 0);
  if (total === 0) throw new InputError('frame without power; allowed: above 0');
  const centre = shape.map(
    (_, d) => powers.reduce((sum, w, at) => sum + w * indexAt(shape, d, at), 0) / total,
  );
  const second = shape.map((_, d) =>
    shape.map((__, e) =>
      powers.reduce(
        (sum, w, at) => sum + w * (indexAt(shape, d, at) - centre[d]!) * (indexAt(shape, e, at) - centre[e]!),
        0,
      ),
    ),
  );
  return { total, second };
}

/** Index along a dimension of the element at a place. */
function indexAt(shape: readonly number[], dimension: number, at: number): number {
  let left = at;
  for (let d = shape.length - 1; d > dimension; d--) left = Math.floor(left / shape[d]!);
  return left % shape[dimension]!;
}
