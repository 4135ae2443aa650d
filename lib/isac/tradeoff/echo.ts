import { InputError } from '../../base/index.js';
import { refineFit } from '../estimators/fit.js';
import { cellFrequencies, powerSpectrum, strongestPeaks } from '../estimators/spectrum.js';
import { FALSE_ALARM, unresolved } from '../estimators/verdict.js';
import { removeSymbols } from '../model/index.js';
import type { Estimate, Estimates, Observation } from '../types.js';

export interface LocateOptions {
  /** Frequencies near the target's, well within a Fourier bin, as a tracker has them; the whole frame's range is searched when left out. */
  near?: readonly number[];
}

const PADDING = 4;
/** Powers far from even make the steps of the refinement, meant for even ones, too long or too short. */
const STEPS = 200;

/**
 * Maximum likelihood of a single target from the echo of known symbols of any powers: the highest peak of the periodogram of
 * y conj(x), refined. Resolved when the peak stands out of the noise (false alarm 1e-4) and no other peak of the range searched
 * explains the echo nearly as well: power at the ends of a band alone tells fine from finer, not near from far.
 * @param received subcarriers x symbols, one snapshot
 * @param sent the symbols, 0 where they are not known: such elements do not count
 * @throws InputError when sizes do not fit or no symbol is known.
 */
export function locateTarget(
  received: Observation,
  sent: Float64Array,
  { near }: LocateOptions = {},
): Estimates {
  const matched = removeSymbols(received, sent, 'matched');
  const known = sent.reduce((sum, value) => sum + value * value, 0);
  if (known === 0) throw new InputError('frame without a known symbol; allowed: one or more');
  const starts = near ? [near] : peaksOf(matched);
  const found = starts
    .map((mu) => refined(matched, mu))
    .filter((one) => one !== undefined)
    .sort((a, b) => b.correlation - a.correlation);
  const best = found[0];
  if (!best) return unresolved('nothing in the frame');
  const energy = best.correlation / known;
  const part = knownPart(received, sent);
  const noise = (part.energy - energy) / Math.max(1, part.count - 1);
  const cells = near ? 1 : received.data.length / 2;
  const source = scaled(best.source, received.data.length / 2 / known);
  if (energy < noise * Math.log(cells / FALSE_ALARM))
    return unresolved('the target does not stand out of the noise', [source]);
  if (found.slice(1).some(({ correlation }) => energy - correlation / known < -noise * Math.log(FALSE_ALARM)))
    return unresolved('another delay or Doppler shift explains the echo nearly as well', [source]);
  return { resolved: true, sources: [source] };
}

function peaksOf(matched: Observation): number[][] {
  const spectrum = powerSpectrum(matched, PADDING);
  return strongestPeaks(spectrum, 2).map((cell) => cellFrequencies(spectrum.shape, cell));
}

/** The maximum near a place, and |a^H y|^2 there. */
function refined(matched: Observation, mu: readonly number[]) {
  const source = refineFit(matched, [mu], { steps: STEPS, noisy: false })?.sources[0];
  if (!source) return undefined;
  const samples = matched.data.length / 2;
  return { source, correlation: samples ** 2 * (source.gains[0]! ** 2 + source.gains[1]! ** 2) };
}

/** How many elements have a known symbol, and the energy received in them. */
function knownPart(received: Observation, sent: Float64Array): { count: number; energy: number } {
  let [count, energy] = [0, 0];
  for (let at = 0; at < sent.length; at += 2) {
    if (sent[at] === 0 && sent[at + 1] === 0) continue;
    count++;
    energy += received.data[at]! ** 2 + received.data[at + 1]! ** 2;
  }
  return { count, energy };
}

const scaled = ({ mu, gains }: Estimate, factor: number): Estimate => ({
  mu,
  gains: gains.map((value) => value * factor),
});
