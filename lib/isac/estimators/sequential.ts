import { requireInteger } from '../../base/index.js';
import { complexTensor, hermitianEigen, modeProduct, pseudoInverse } from '../../math/index.js';
import { requireObservation, steeringMatrix } from '../model/harmonic.js';
import type { Estimates, Observation } from '../types.js';
import { averagedCovariance, smoothed } from './covariance.js';
import { fitGains } from './fit.js';
import { sourceCount } from './order.js';
import { musicRootsOf } from './root-music.js';
import { judged, unresolved } from './verdict.js';

/**
 * The sequential baseline: root-MUSIC in the first dimension with all others as snapshots, least-squares beams towards what was
 * found, and in each beam the same for the next dimension (angle, then delay, then Doppler). How many sources a beam holds
 * is told by MDL; of all that the last dimension gives, the strongest are kept.
 * @throws InputError for a bad observation or a number of sources out of range.
 */
export function sequential(observation: Observation, { sources }: { sources: number }): Estimates {
  requireObservation(observation);
  requireInteger('sources', sources, 1, 1000);
  const found = branches(observation, sources);
  if (found.length < sources) return unresolved(`${found.length} branches for ${sources} sources`);
  const fit = fitGains(observation, found);
  if (!fit) return unresolved('two branches coincide');
  const order = fit.explained.map((energy, l) => ({ energy, l })).sort((a, b) => b.energy - a.energy);
  return judged(
    observation,
    order.slice(0, sources).map(({ l }) => found[l]!),
  );
}

function branches(observation: Observation, most: number): number[][] {
  const here = lineFrequencies(observation, most);
  if (observation.shape.length === 1) return here.map((mu) => [mu]);
  const beams = modeProduct(
    complexTensor([observation.snapshots, ...observation.shape], observation.data),
    pseudoInverse(steeringMatrix(observation.shape[0]!, here)),
    1,
  );
  return here.flatMap((mu, k) =>
    branches(beamOf(beams.data, observation, here.length, k), most).map((rest) => [mu, ...rest]),
  );
}

/** One beam of all snapshots, without the dimension that it resolved. */
function beamOf(
  data: Float64Array,
  { shape, snapshots }: Observation,
  beams: number,
  k: number,
): Observation {
  const rest = shape.slice(1);
  const length = 2 * rest.reduce((all, size) => all * size, 1);
  const out = new Float64Array(snapshots * length);
  for (let t = 0; t < snapshots; t++)
    out.set(data.subarray((t * beams + k) * length, (t * beams + k + 1) * length), t * length);
  return { shape: rest, snapshots, data: out };
}

/** Distinct frequencies of the first dimension, 1 to `most`. */
function lineFrequencies(observation: Observation, most: number): number[] {
  const size = observation.shape[0]!;
  if (size === 1) return [0];
  const others = observation.snapshots * observation.shape.slice(1).reduce((a, b) => a * b, 1);
  const widened = others > 1 ? observation : smoothed(observation, [Math.ceil((2 * size) / 3)]);
  const { covariance, samples } = averagedCovariance(widened, 0);
  const eigen = hermitianEigen(covariance);
  const limit = Math.min(most, eigen.values.length - 1, 2 * samples);
  const count = Math.max(1, Math.min(limit, sourceCount(eigen.values, samples, 'mdl')));
  return musicRootsOf(eigen, count).map(({ mu }) => mu);
}
