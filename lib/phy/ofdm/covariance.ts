import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { besselJ0, type ComplexMatrix, complexMatrix } from '../../math/index.js';
import type { ResourceGrid } from './grid.js';

/**
 * Covariance of the channel over a grid's used subcarriers for uncorrelated paths:
 * E[h_k h_l^*] = sum over paths of p exp(-2 pi i (f_k - f_l) tau).
 * @param powers of the paths, real; they need not sum to 1
 * @param delaysSec of the paths
 * @param subcarrierSpacingHz above 0
 * @throws InputError when the lists differ in length or the spacing is out of range.
 */
export function frequencyCovariance(
  { fftSize, bins, subcarriers }: Pick<ResourceGrid, 'fftSize' | 'bins' | 'subcarriers'>,
  powers: ArrayLike<number>,
  delaysSec: ArrayLike<number>,
  subcarrierSpacingHz: number,
): ComplexMatrix {
  requireRange('subcarrierSpacingHz', subcarrierSpacingHz, 1e-3, 1e12, 'Hz');
  if (powers.length !== delaysSec.length) {
    throw new InputError(`${powers.length} powers for ${delaysSec.length} delays; allowed: one each`);
  }
  const byLag = correlationByLag(fftSize, powers, delaysSec, subcarrierSpacingHz);
  const out = complexMatrix(subcarriers, subcarriers);
  for (let k = 0; k < subcarriers; k++) {
    for (let l = 0; l < subcarriers; l++) {
      const lag = frequencyOf(bins[k]!, fftSize) - frequencyOf(bins[l]!, fftSize);
      const [at, from] = [2 * (k * subcarriers + l), 2 * Math.abs(lag)];
      out.data[at] = byLag[from]!;
      out.data[at + 1] = lag < 0 ? -byLag[from + 1]! : byLag[from + 1]!;
    }
  }
  return out;
}

/** Signed subcarrier number of a bin: the upper half are negative frequencies. */
const frequencyOf = (bin: number, fftSize: number) => (2 * bin >= fftSize ? bin - fftSize : bin);

function correlationByLag(
  lags: number,
  powers: ArrayLike<number>,
  delaysSec: ArrayLike<number>,
  spacing: number,
): Float64Array {
  const out = new Float64Array(2 * lags);
  for (let path = 0; path < powers.length; path++) {
    for (let lag = 0; lag < lags; lag++) {
      const angle = -2 * Math.PI * lag * spacing * delaysSec[path]!;
      out[2 * lag]! += powers[path]! * Math.cos(angle);
      out[2 * lag + 1]! += powers[path]! * Math.sin(angle);
    }
  }
  return out;
}

/**
 * Covariance of a channel of Clarke's spectrum over OFDM symbols: E[h_t h_s^*] = J0(2 pi f_D (t - s) T).
 * @param symbols 1 to 10000
 * @param dopplerHz the largest Doppler shift f_D, 0 to 1e9
 * @param symbolPeriodSec T, prefix included, above 0
 * @throws InputError when a number is out of range.
 */
export function timeCovariance(symbols: number, dopplerHz: number, symbolPeriodSec: number): ComplexMatrix {
  requireInteger('symbols', symbols, 1, 10_000);
  requireRange('dopplerHz', dopplerHz, 0, 1e9, 'Hz');
  requireRange('symbolPeriodSec', symbolPeriodSec, 1e-12, 1e6, 's');
  const out = complexMatrix(symbols, symbols);
  for (let t = 0; t < symbols; t++) {
    for (let s = 0; s < symbols; s++) {
      const turns = dopplerHz * Math.abs(t - s) * symbolPeriodSec;
      out.data[2 * (t * symbols + s)] = besselJ0(2 * Math.PI * turns);
    }
  }
  return out;
}
