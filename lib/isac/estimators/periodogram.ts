import { requireChoice, requireInteger } from '../../base/index.js';
import { requireObservation } from '../model/harmonic.js';
import type { Estimates, Observation } from '../types.js';
import { energyOf } from './correlate.js';
import { type Fit, fitGains, refineFit, residualOf } from './fit.js';
import { cellFrequencies, halfCell, powerSpectrum, strongestCell, strongestPeaks } from './spectrum.js';
import { isExact, judged, standsOut, unresolved } from './verdict.js';

export interface PeriodogramOptions {
  /** 1 to 1000. */
  sources: number;
  /** Grid points over samples of each dimension, 1 to 64, default 2; rounded up to a power of two. */
  padding?: number;
  /** `newton` (default): joint Gauss-Newton steps from the peaks on; `none`: the grid points themselves. */
  refinement?: 'newton' | 'none';
}

/**
 * The highest peaks of the zero-padded D-dimensional periodogram. Sources nearer than a Fourier bin merge, and a weak one may
 * hide below a strong one's side lobes (-13 dB): then the verdict is `resolved: false`, and `nomp` may do better.
 * @throws InputError for a bad observation or an option out of range.
 */
export function periodogram(observation: Observation, options: PeriodogramOptions): Estimates {
  requireObservation(observation);
  const { padding = 2, refinement = 'newton' } = options;
  requireChoice('refinement', refinement, ['newton', 'none']);
  const sources = requireInteger('sources', options.sources, 1, 1000);
  const spectrum = powerSpectrum(observation, padding);
  const peaks = strongestPeaks(spectrum, sources).map((cell) => cellFrequencies(spectrum.shape, cell));
  if (peaks.length < sources) return unresolved(`${peaks.length} peaks for ${sources} sources`);
  if (refinement === 'none') return judged(observation, peaks, halfCell(spectrum.shape, observation.shape));
  const fit = refineFit(observation, peaks);
  return fit ? judged(observation, frequenciesOf(fit)) : unresolved('two peaks are one source');
}

export interface PursuitOptions {
  /** How many, 1 to 1000; left out: as many as stand out of what the others leave (false alarm 1e-4). */
  sources?: number;
  /** Grid points over samples of each dimension, 1 to 64; default 4 of `omp`, 2 of `nomp`. */
  padding?: number;
}

/**
 * Orthogonal matching pursuit (Pati, Rezaiifar and Krishnaprasad 1993) on a zero-padded grid: the strongest grid point of what
 * is left, then all gains anew. A source between grid points leaves a rest that looks like further sources; what is
 * returned then is not resolved.
 * @throws InputError for a bad observation or an option out of range.
 */
export function omp(observation: Observation, options: PursuitOptions = {}): Estimates {
  return pursuit(observation, { padding: 4, ...options }, (frequencies) =>
    fitGains(observation, frequencies),
  );
}

/**
 * Newtonised orthogonal matching pursuit (Mamandipoor, Ramasamy and Madhow 2016): after each new source, all frequencies and
 * gains are refined jointly; here by Gauss-Newton steps on all at once rather than cyclic Newton steps. The joint baseline.
 * @throws InputError for a bad observation or an option out of range.
 */
export function nomp(observation: Observation, options: PursuitOptions = {}): Estimates {
  return pursuit(observation, { padding: 2, ...options }, (frequencies) =>
    refineFit(observation, frequencies),
  );
}

const MOST_SOURCES = 256;

function pursuit(
  observation: Observation,
  { sources, padding }: PursuitOptions & { padding: number },
  fitTo: (frequencies: readonly (readonly number[])[]) => Fit | undefined,
  grid = 0,
): Estimates {
  requireObservation(observation);
  if (sources !== undefined) requireInteger('sources', sources, 1, 1000);
  let fit: Fit = { sources: [], residualEnergy: energyOf(observation), explained: [] };
  while (fit.sources.length < (sources ?? MOST_SOURCES)) {
    if (sources === undefined && isExact(observation, fit)) break;
    const left = residualOf(observation, fit.sources);
    const spectrum = powerSpectrum(left, padding);
    if (sources === undefined && !standsOut(left, spectrum, observation.data.length / 2)) break;
    const found = cellFrequencies(spectrum.shape, strongestCell(spectrum));
    const next = fitTo([...frequenciesOf(fit), found]);
    if (!next) return unresolved(`source ${fit.sources.length} coincides with another`, fit.sources);
    fit = next;
  }
  return judged(observation, frequenciesOf(fit), grid);
}

const frequenciesOf = (fit: Fit) => fit.sources.map(({ mu }) => mu);
