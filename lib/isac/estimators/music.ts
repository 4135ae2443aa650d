import { requireChoice } from '../../base/index.js';
import { complexMatrix, rowGramMatrix } from '../../math/index.js';
import type { Estimates, Observation } from '../types.js';
import { refineFit } from './fit.js';
import { rootMusicRoots } from './root-music.js';
import { cellFrequencies, halfCell, powerSpectrum, strongestPeaks } from './spectrum.js';
import { requireLine, type SubspaceOptions, signalSubspace, transposed } from './subspace.js';
import { judged, unresolved } from './verdict.js';

export interface MusicOptions extends SubspaceOptions {
  /** Grid points over samples of each dimension, 1 to 64, default 8. */
  padding?: number;
  /** `newton` (default): from the grid on to the maximum; `none`: the grid points themselves. */
  refinement?: 'newton' | 'none';
}

/** Gauss-Newton converges linearly here: a source's misfit to the subspace is not small. */
const STEPS = 60;

/**
 * MUSIC (Schmidt 1986) in any number of dimensions: the highest peaks of the signal subspace's power in the direction of each
 * steering tensor, which is the zero-padded periodogram of the subspace's basis; then refined one by one.
 * @throws InputError for a bad observation or an option out of range.
 */
export function music(observation: Observation, options: MusicOptions): Estimates {
  const refinement = requireChoice('refinement', options.refinement ?? 'newton', ['newton', 'none']);
  const { basis, reason } = signalSubspace(observation, options);
  if (!basis) return unresolved(reason);
  const spectrum = powerSpectrum(basis, options.padding ?? 8);
  const peaks = strongestPeaks(spectrum, basis.snapshots).map((cell) =>
    cellFrequencies(spectrum.shape, cell),
  );
  if (peaks.length < basis.snapshots)
    return unresolved(`${peaks.length} peaks for ${basis.snapshots} sources`);
  if (refinement === 'none') return judged(observation, peaks, halfCell(spectrum.shape, observation.shape));
  const refined = peaks.map((mu) => refineFit(basis, [mu], { steps: STEPS, noisy: false })!.sources[0]!.mu);
  return judged(observation, refined);
}

/**
 * Root-MUSIC (Barabell 1983) of a uniform line.
 * @throws InputError for an observation of more than one dimension or an option out of range.
 */
export function rootMusic(observation: Observation, options: SubspaceOptions): Estimates {
  requireLine(observation, 'root-MUSIC');
  const { basis, reason } = signalSubspace(observation, options);
  if (!basis) return unresolved(reason);
  const columns = transposed(complexMatrix(basis.snapshots, basis.shape[0]!, basis.data));
  // The subspace's own projector serves as a covariance: its eigenvectors of eigenvalue 1 are the basis.
  const roots = rootMusicRoots(rowGramMatrix(columns), basis.snapshots);
  return judged(
    observation,
    roots.map(({ mu }) => [mu]),
  );
}
