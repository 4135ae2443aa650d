import { requireChoice, requireInteger } from '../../base/index.js';
import type { SourceCount } from '../estimators/order.js';
import { judged, unresolved } from '../estimators/verdict.js';
import type { Estimate, Estimates, Observation } from '../types.js';
import { type Alias, findAlias } from './alias.js';
import { type Candidates, candidatesOf } from './candidates.js';
import { type Compressed, type Compression, compress, compressionGains } from './compress.js';
import { type Cell, type Fusion, fuse } from './fusion.js';

/** How PLAIN works on an observation. */
export interface PlainOptions {
  /** Default: none. */
  readonly compression?: Compression;
  /** Number of sources (each dimension then looks for as many), or the criterion that chooses it; default `aic`. */
  readonly order?: SourceCount;
  /** Default `omp`. */
  readonly fusion?: Fusion;
  /** Forward-backward averaging of the covariances, default true. */
  readonly backward?: boolean;
  /** Puts the sources to the data, which takes longer than finding them; default true. Unchecked ones are not resolved. */
  readonly check?: boolean;
}

const MAX_SOURCES = 256;
const UNCHECKED = 'not checked';

/**
 * PLAIN, compressed decoupled estimation and input-based fusion (Tahir et al. 2025): compresses the observation, finds
 * the frequencies of each dimension by themselves with root-MUSIC, the other dimensions as snapshots, and then picks
 * the combinations that are in the data. Cost grows with the sum over the dimensions, not with the product of grids.
 *
 * Sources are sorted by power, the strongest first. `resolved` is false when the compressed data do not bear them out (see
 * `judged`), so for a wrong order, an empty scene, or sources alike in all dimensions but one, which no covariance of that
 * dimension tells apart (smoothing helps); or when a source is outside of the band that the compression keeps.
 * @throws InputError for an observation or option out of range, or a dimension whose unfolding has one column only.
 */
export function plain(observation: Observation, options: PlainOptions = {}): Estimates {
  const { compression = { method: 'none' }, order = 'aic', fusion = 'omp', backward = true } = options;
  requireOrder(order);
  requireChoice('fusion', fusion, ['omp', 'ls']);
  const compressed = compress(observation, compression);
  const values = observation.data.length / 2;
  const found = observation.shape.map((_, d) =>
    candidatesOf(compressed.observation, d, { order, backward, values }),
  );
  const empty = found.every(({ count }) => count === 0);
  const cells = empty ? [] : fuseCandidates(compressed.target, found, { order, fusion });
  if (options.check === false) return unresolved(UNCHECKED, scene(compressed, cells));
  return verdictOf(observation, compressed, cells, order);
}

/** The verdict on the compressed data, in terms of the scene. */
function verdictOf(
  observation: Observation,
  compressed: Compressed,
  cells: readonly Cell[],
  order: SourceCount,
): Estimates {
  const verdict = judged(
    compressed.target,
    cells.map(({ mu }) => mu),
  );
  const sources = scene(compressed, verdict.sources);
  if (verdict.reason !== undefined) return unresolved(verdict.reason, sources);
  if (typeof order === 'number' && cells.length < order)
    return unresolved(`${cells.length} of ${order} sources found`, sources);
  const alias = findAlias(observation, compressed, sources);
  return alias ? unresolved(aliasReason(alias, compressed), sources) : { resolved: true, sources };
}

function aliasReason({ dimension }: Alias, { bandFactors }: Compressed): string {
  const edge = (Math.PI / bandFactors[dimension]!).toFixed(4);
  return `a source is outside of the compressed band of dimension ${dimension}; allowed: |mu| below ${edge}`;
}

function requireOrder(order: SourceCount): void {
  if (typeof order === 'number') requireInteger('order', order, 1, MAX_SOURCES);
  else requireChoice('order', order, ['aic', 'mdl']);
}

/** With a given order, as many cells; else those that stand out of the noise. */
function fuseCandidates(
  target: Observation,
  found: readonly Candidates[],
  { order, fusion }: { order: SourceCount; fusion: Fusion },
): readonly Cell[] {
  const grid = found.map(({ mu }) => mu);
  if (typeof order === 'number') return fuse(target, grid, { fusion, cells: order, significant: false });
  const most = fusion === 'ls' ? Math.max(...found.map(({ count }) => count)) : MAX_SOURCES;
  return fuse(target, grid, { fusion, cells: most, significant: true });
}

/** Sources of the scene, the strongest first. */
const scene = (compressed: Compressed, found: readonly Estimate[]): Estimate[] =>
  found.map((source) => sourceOf(compressed, source)).sort((a, b) => powerOf(b) - powerOf(a));

/** A cell as a source of the scene: the compression's effect on frequencies and gains undone. */
function sourceOf(compressed: Compressed, cell: Estimate): Estimate {
  const mu = cell.mu.map((value, d) => value / compressed.bandFactors[d]!);
  const effect = compressionGains(compressed, mu);
  const power = effect.reduce((sum, value) => sum + value * value, 0);
  const gains = new Float64Array((2 * cell.gains.length) / effect.length);
  for (let at = 0; at < cell.gains.length; at += 2) {
    const [to, k] = [2 * Math.floor(at / effect.length), at % effect.length];
    const [gr, gi, hr, hi] = [cell.gains[at]!, cell.gains[at + 1]!, effect[k]!, effect[k + 1]!];
    gains[to]! += (gr * hr + gi * hi) / power;
    gains[to + 1]! += (gi * hr - gr * hi) / power;
  }
  return { mu, gains };
}

const powerOf = ({ gains }: Estimate) => gains.reduce((sum, value) => sum + value * value, 0);
