import { cramerRaoBound } from '../bounds/crb.js';
import { wrapped } from '../model/index.js';
import type { Estimate, Estimates, Observation } from '../types.js';
import { energyOf } from './correlate.js';
import { type Fit, fitGains, refineFit, residualOf } from './fit.js';
import { betweenCells, cellFrequencies, powerSpectrum, type Spectrum, strongestCell } from './spectrum.js';

/** Probability that noise alone passes a test, for the whole grid. */
export const FALSE_ALARM = 1e-4;
/** Residuals below this part of the data's energy are rounding errors: there is no noise to compare with. */
const ROUNDING = 1e-13;

/** How far an estimate may be off the likelihood maximum: in Fourier bins, and in deviations of the bound besides. */
const OFF_BINS = 0.05;
const OFF_DEVIATIONS = 10;
/** No estimate farther off is that of its maximum. */
const OFF_MOST = 0.5;
/** Of refinement, from a quarter of a bin off: the last changes the energy by less than a thousandth. */
const SUMMIT_STEPS = 3;
/** A source whose own bound is this many bins wide is not told from its neighbours, wherever the maximum is. */
const VAGUE = 0.25;

export function unresolved(reason: string, sources: readonly Estimate[] = []): Estimates {
  return { resolved: false, reason, sources };
}

/**
 * Puts frequencies to the data, whatever estimator they are from. They are resolved when
 * - their steering tensors are independent and the likelihood has its maximum near each, within a twentieth of a Fourier bin and ten
 *   deviations of the bound (together at most half a bin), which are at most a quarter of a bin,
 * - every source stands out of what all others leave (generalised likelihood ratio), and
 * - what all leave has no peak that noise would not have.
 *
 * So aliases, sources too many or too few, sources merged or missed and noise taken for sources are found out, to a false-alarm
 * probability of 1e-4. The noise variance is not needed. Costs some passes over the data for each source and one periodogram.
 * @param grid what the estimator's grid rounds besides, in bins: half a cell
 */
export function judged(
  observation: Observation,
  frequencies: readonly (readonly number[])[],
  grid = 0,
): Estimates {
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
  const deviations = deviationBins(best, shape, freedom);
  const vague = deviations.findIndex((row) => row.some((value) => value > VAGUE));
  if (vague >= 0)
    return unresolved(`source ${vague} is too weak or too near another for the data to tell`, fit.sources);
  const reason =
    offPeak(fit, best, shape, deviations, grid) ??
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

/**
 * Deviations of the bound by source and dimension, in Fourier bins. A dimension of one sample has no bound, and no likelihood
 * maximum to be off.
 */
function deviationBins(best: Fit, shape: readonly number[], freedom: number): number[][] {
  const telling = [...shape.keys()].filter((d) => shape[d]! > 1);
  const noiseVariance = best.residualEnergy / freedom;
  const out = best.sources.map(() => shape.map(() => 0));
  if (telling.length === 0 || noiseVariance === 0) return out;
  const sources = best.sources.map(({ mu, gains }) => ({ mu: telling.map((d) => mu[d]!), gains }));
  const { variances } = cramerRaoBound(sources, { shape: telling.map((d) => shape[d]!), noiseVariance });
  for (const [l, row] of variances.entries())
    for (const [k, variance] of row.entries())
      out[l]![telling[k]!] = bins(Math.sqrt(variance), shape[telling[k]!]!);
  return out;
}

const bins = (mu: number, size: number) => (mu * size) / (2 * Math.PI);

function offPeak(
  fit: Fit,
  best: Fit,
  shape: readonly number[],
  deviations: readonly (readonly number[])[],
  grid: number,
): string | undefined {
  for (const [l, { mu }] of fit.sources.entries()) {
    for (const [d, value] of mu.entries()) {
      const off = bins(Math.abs(wrapped(best.sources[l]!.mu[d]! - value)), shape[d]!);
      if (off > Math.min(OFF_MOST, OFF_BINS + grid + OFF_DEVIATIONS * deviations[l]![d]!))
        return `source ${l} is ${off.toFixed(2)} bins off the likelihood maximum in dimension ${d}`;
    }
  }
  return undefined;
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
  return hidesSource(left, freedom) ? 'another source stands out of what is left' : undefined;
}

/**
 * Whether a source is left: seen on the cells of the spectrum, between them, or at the summit above the highest of either.
 * Each of the three may have a third of the false alarms.
 */
function hidesSource(left: Observation, freedom: number): boolean {
  const part = FALSE_ALARM / 3;
  const peaks: { grid: Observation; mu: readonly number[]; power: number }[] = [];
  for (const grid of [left, betweenCells(left)]) {
    const spectrum = powerSpectrum(grid, 1);
    if (standsOut(grid, spectrum, freedom, part)) return true;
    const cell = strongestCell(spectrum);
    peaks.push({ grid, mu: cellFrequencies(spectrum.shape, cell), power: spectrum.power[cell]! });
  }
  const { grid, mu } = peaks.reduce((a, b) => (b.power > a.power ? b : a));
  const fit = refineFit(grid, [mu], { steps: SUMMIT_STEPS, noisy: false });
  return fit !== undefined && summitStandsOut(left, energyOf(left) - fit.residualEnergy, freedom, part);
}

/**
 * Noise has a summit of u times its variance with the chance of a cell times N (pi u / 3)^(D / 2) at most: the expected number of
 * maxima above u of a periodogram of continuous frequencies (Rice 1944 for D = 1; Adler 1981).
 */
function summitStandsOut(left: Observation, energy: number, freedom: number, falseAlarm: number): boolean {
  const { shape, snapshots, data } = left;
  const rest = Math.max(0, energyOf(left) - energy);
  const others = freedom - snapshots;
  const height = (energy * others) / rest;
  const places = (data.length / 2 / snapshots) * ((Math.PI * height) / 3) ** (informative(shape) / 2);
  return logTail(energy, rest, snapshots, others) < Math.log(falseAlarm / places);
}

/**
 * Whether the highest peak of a spectrum is one that noise would not have.
 * @param observation whose spectrum it is
 * @param freedom complex dimensions that the observation has left, at most its values
 * @param falseAlarm probability that noise alone has such a peak
 */
export function standsOut(
  observation: Observation,
  spectrum: Spectrum,
  freedom: number,
  falseAlarm = FALSE_ALARM,
): boolean {
  const samples = observation.data.length / 2 / observation.snapshots;
  const energy = spectrum.power[strongestCell(spectrum)]! / samples;
  const rest = Math.max(0, energyOf(observation) - energy);
  const chance = logTail(energy, rest, observation.snapshots, freedom - observation.snapshots);
  return chance < Math.log(falseAlarm / spectrum.power.length);
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
