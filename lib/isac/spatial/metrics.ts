import type { SpatialCase } from './rooms.js';

/** How well predicted paths agree with those that are there, over all candidates of some links. */
export interface PathScores {
  precision: number;
  recall: number;
  /** Harmonic mean of the two. */
  f1: number;
  /** Root mean square of the delay from each true path to the nearest predicted one, seconds; 0 where none is predicted. */
  delayRmseSec: number;
  /** Share of the received power that comes over predicted paths. */
  coverage: number;
}

/** Scores of predictions, one list of candidates a link. Ratios of nothing count as 0. */
export function pathScores(cases: readonly SpatialCase[], predicted: readonly boolean[][]): PathScores {
  let [hits, claimed, present] = [0, 0, 0];
  let [power, covered, squares, matched] = [0, 0, 0, 0];
  for (const [index, { candidates }] of cases.entries()) {
    const chosen = predicted[index]!;
    const guesses = candidates.filter((_, i) => chosen[i]);
    claimed += guesses.length;
    for (const [i, { valid, gain, delaySec }] of candidates.entries()) {
      if (!valid) continue;
      present++;
      const strength = gain.re ** 2 + gain.im ** 2;
      power += strength;
      if (chosen[i]) {
        hits++;
        covered += strength;
      }
      if (guesses.length === 0) continue;
      matched++;
      squares += Math.min(...guesses.map((guess) => Math.abs(guess.delaySec - delaySec))) ** 2;
    }
  }
  const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  const [precision, recall] = [ratio(hits, claimed), ratio(hits, present)];
  return {
    precision,
    recall,
    f1: ratio(2 * precision * recall, precision + recall),
    delayRmseSec: Math.sqrt(ratio(squares, matched)),
    coverage: ratio(covered, power),
  };
}
