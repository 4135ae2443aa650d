import type { Estimate, Estimates, Observation } from '../types.js';
import { energyOf } from './correlate.js';
import { type Fit, fitGains, refineFit, residualOf } from './fit.js';
import { powerSpectrum, type Spectrum, strongestCell } from './spectrum.js';

/** Probability that noise alone passes a test, for the whole grid. */
export const FALSE_ALARM = 1e-4;
/** Residuals below this part of the data's energy are rounding errors: there is no noise to compare with. */
const ROUNDING = 1e-13;

/** Double roots of polynomials are known to half the digits: what that leaves is no error of an estimator. */
const ROOTS = 1e-12;
/** Loss of likelihood for each frequency, in noise variances, that stands for an error: its variance is 40 times the bound. */
const FAR = 20;

export function unresolved(reason: string, sources: readonly Estimate[] = []): Estimates {
  return { resolved: false, reason, sources };
}

/**
 * Puts frequencies to the data, whatever estimator they are from. They are resolved when
 * - their steering tensors are independent and the likelihood has its maximum within half a Fourier bin of each, and is
 *   not much higher there,
 * - every source stands out of what all others leave (generalised likelihood ratio), and
 * - what all leave has no peak that noise would not have.
 *
 * So aliases, sources too many or too few, sources merged or missed and noise taken for sources are found out, to a false-alarm
 * probability of 1e-4. The noise variance is not needed. Costs some passes over the data for each source and one periodogram.
 */
export function judged(observation: Observation, frequencies: readonly (readonly number[])[]): Estimates {
  if (frequencies.length === 0) return withoutSources(observation);
  if (!frequencies.flat().every(Number.isFinite)) return unresolved('a frequency is not a number');
  const { shape, snapshots } = observation;
  const samples = shape.reduce((all, size) => all * size, 1);
  const freedom = snapshots * (samples - frequencies.length) - (frequencies.length * informative(shape)) / 2;
  if (freedom < 1)
    return unresolved(`${snapshots * samples} samples are too few for ${frequencies.length} sources`);
  const fit = fitGains(observation, frequencies);
  if (!fit) return unresolved('two sources coincide');
  const best = refineFit(observation, frequencies);
  if (!best) return unresolved('two sources coincide at the likelihood maximum', fit.sources);
  const reason =
    offPeak(fit, best, shape) ??
    farOff(fit, best, observation, freedom) ??
    notOutstanding(best, observation, freedom) ??
    peakLeft(best, observation, freedom);
  return reason === undefined ? { resolved: true, sources: fit.sources } : unresolved(reason, fit.sources);
}

/** Dimensions of more than one sample. */
const informative = (shape: readonly number[]) => shape.filter((size) => size > 1).length;

function withoutSources(observation: Observation): Estimates {
  const energy = energyOf(observation);
  const none: Fit = { sources: [], residualEnergy: energy, explained: [] };
  const peak = peakLeft(none, observation, observation.data.length / 2);
  return unresolved(peak ? `no source found, but ${peak}` : 'empty scene: nothing stands out of the noise');
}

function offPeak(fit: Fit, best: Fit, shape: readonly number[]): string | undefined {
  for (const [l, { mu }] of fit.sources.entries()) {
    for (const [d, value] of mu.entries()) {
      const bins = (Math.abs(Math.sin((best.sources[l]!.mu[d]! - value) / 2)) * shape[d]!) / Math.PI;
      if (bins > 0.5)
        return `source ${l} is ${bins.toFixed(1)} bins off the likelihood maximum in dimension ${d}`;
    }
  }
  return undefined;
}

/**
 * A frequency in error by its standard deviation at the bound costs half the noise variance. Half a bin may be much more
 * than that.
 */
function farOff(fit: Fit, best: Fit, observation: Observation, freedom: number): string | undefined {
  const frequencies = fit.sources.length * informative(observation.shape);
  const noise = Math.max(best.residualEnergy, ROOTS * energyOf(observation)) / freedom;
  const lost = (fit.residualEnergy - best.residualEnergy) / noise / frequencies;
  return lost > FAR
    ? 'the sources are off the likelihood maximum by much more than noise explains'
    : undefined;
}

function notOutstanding(
  { explained, residualEnergy }: Fit,
  observation: Observation,
  freedom: number,
): string | undefined {
  const { snapshots, data } = observation;
  const rest = Math.max(residualEnergy, ROUNDING * energyOf(observation));
  const cells = data.length / 2 / snapshots;
  const lost = explained.findIndex(
    (energy) => energy <= 0 || logTail(energy, rest, snapshots, freedom) > Math.log(FALSE_ALARM / cells),
  );
  return lost < 0 ? undefined : `source ${lost} does not stand out of the noise`;
}

/** Whether the sources leave nothing but rounding errors. */
export function isExact(observation: Observation, { residualEnergy }: Fit): boolean {
  return residualEnergy <= ROUNDING * energyOf(observation);
}

function peakLeft(fit: Fit, observation: Observation, freedom: number): string | undefined {
  if (isExact(observation, fit)) return undefined;
  const left = residualOf(observation, fit.sources);
  return standsOut(left, powerSpectrum(left, 1), freedom)
    ? 'another source stands out of what is left'
    : undefined;
}

/**
 * Whether the highest peak of a spectrum is one that noise would not have.
 * @param observation whose spectrum it is
 * @param freedom complex dimensions that the observation has left, at most its values
 */
export function standsOut(observation: Observation, spectrum: Spectrum, freedom: number): boolean {
  const samples = observation.data.length / 2 / observation.snapshots;
  const energy = spectrum.power[strongestCell(spectrum)]! / samples;
  const rest = Math.max(0, energyOf(observation) - energy);
  const chance = logTail(energy, rest, observation.snapshots, freedom - observation.snapshots);
  return chance < Math.log(FALSE_ALARM / spectrum.power.length);
}

/**
 * Bound on the logarithm of the probability that of pure noise `snapshots` complex dimensions hold this much energy beside
 * that in the `freedom` others: Chernoff's for the beta distribution.
 */
function logTail(energy: number, rest: number, snapshots: number, freedom: number): number {
  if (freedom <= 0) return 0;
  const share = energy / (energy + rest);
  const expected = snapshots / (snapshots + freedom);
  if (!(share > expected)) return 0;
  // Of a share of 1 the second logarithm is minus infinity, as it should be.
  return snapshots * Math.log(share / expected) + freedom * Math.log((1 - share) / (1 - expected));
}
