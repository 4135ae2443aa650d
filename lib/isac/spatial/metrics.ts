import type { Path } from '../room/index.js';
import type { SpatialCase } from './rooms.js';

/** How well predicted paths agree with those that are there, over all candidates of some links. */
export interface PathScores {
  precision: number;
  recall: number;
  /** Harmonic mean of the two. */
  f1: number;
  /**
   * Root mean square over true and predicted paths of the delay to the nearest one of the other kind, seconds; over links that
   * have both, 0 where none has.
   */
  delayRmseSec: number;
  /** Share of the received power that comes over predicted paths. */
  coverage: number;
}

/** Scores of predictions, one list of candidates a link. Ratios of nothing count as 0. */
export function pathScores(cases: readonly SpatialCase[], predicted: readonly boolean[][]): PathScores {
  let [hits, claimed, present, power, covered] = [0, 0, 0, 0, 0];
  const gaps: number[] = [];
  for (const [index, { candidates }] of cases.entries()) {
    const chosen = predicted[index]!;
    const guesses = candidates.filter((_, i) => chosen[i]);
    const truth = candidates.filter(({ valid }) => valid);
    const right = guesses.filter(({ valid }) => valid);
    claimed += guesses.length;
    present += truth.length;
    hits += right.length;
    power += powerOf(truth);
    covered += powerOf(right);
    gaps.push(...nearestDelays(truth, guesses), ...nearestDelays(guesses, truth));
  }
  const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  const [precision, recall] = [ratio(hits, claimed), ratio(hits, present)];
  const squares = gaps.reduce((sum, gap) => sum + gap * gap, 0);
  return {
    precision,
    recall,
    f1: ratio(2 * precision * recall, precision + recall),
    delayRmseSec: Math.sqrt(ratio(squares, gaps.length)),
    coverage: ratio(covered, power),
  };
}

const powerOf = (paths: readonly Path[]) =>
  paths.reduce((sum, { gain }) => sum + gain.re ** 2 + gain.im ** 2, 0);

/** Seconds from the delay of each path to the nearest of others; none when there are no others. */
function nearestDelays(paths: readonly Path[], others: readonly Path[]): number[] {
  if (others.length === 0) return [];
  return paths.map((path) => Math.min(...others.map((other) => Math.abs(other.delaySec - path.delaySec))));
}
