import { InputError, requireChoice } from '../../base/index.js';
import { bootstrapInterval, type Interval, type Rng } from '../../math/index.js';
import { type JudgedFrame, type Matches, matchByIou } from './matching.js';

/**
 * In which order detections enter the precision-recall curve. `global`: by score over all frames, as benchmarks do.
 * `frame`: frame after frame, by score within each, the default of OpenCOOD's evaluation; it depends on the order of frames.
 */
export type Sorting = 'global' | 'frame';

export interface PrecisionOptions {
  /** Least overlap of a hit, above 0 to 1 (usual: 0.3, 0.5, 0.7). */
  minIou: number;
  /** Default `global`. */
  sorting?: Sorting;
}

/** Precision and recall after each detection, in the order of `sorting`. */
export interface PrecisionRecall {
  precision: Float64Array;
  recall: Float64Array;
  truthCount: number;
}

/** Every detection's frame and whether it is a hit, in the order asked for. */
interface Ranked {
  frames: Int32Array;
  hits: Uint8Array;
}

function ranked(matches: readonly Matches[], sorting: Sorting): Ranked {
  requireChoice('sorting', sorting, ['global', 'frame']);
  const all = matches.flatMap(({ scores, truths }, frame) =>
    Array.from(scores, (score, place) => ({ frame, score, hit: truths[place]! >= 0 ? 1 : 0 })),
  );
  if (sorting === 'global') all.sort((a, b) => b.score - a.score);
  return { frames: Int32Array.from(all, ({ frame }) => frame), hits: Uint8Array.from(all, ({ hit }) => hit) };
}

/**
 * The precision-recall curve of matched frames. Recall is 0 where nothing was there.
 * @throws InputError for an unknown sorting.
 */
export function precisionRecall(matches: readonly Matches[], sorting: Sorting = 'global'): PrecisionRecall {
  const order = ranked(matches, sorting);
  return curve(order, matches, new Float64Array(matches.length).fill(1));
}

/** @param weights how often each frame counts */
function curve(
  { frames, hits }: Ranked,
  matches: readonly Matches[],
  weights: Float64Array,
): PrecisionRecall {
  const truthCount = matches.reduce((sum, match, frame) => sum + weights[frame]! * match.truthCount, 0);
  const precision = new Float64Array(hits.length);
  const recall = new Float64Array(hits.length);
  let [right, seen] = [0, 0];
  for (let place = 0; place < hits.length; place++) {
    const weight = weights[frames[place]!]!;
    seen += weight;
    right += weight * hits[place]!;
    precision[place] = seen > 0 ? right / seen : 0;
    recall[place] = truthCount > 0 ? right / truthCount : 0;
  }
  return { precision, recall, truthCount };
}

/** Area under the envelope of a precision-recall curve, all points (PASCAL VOC 2010). */
function areaUnder({ precision, recall }: PrecisionRecall): number {
  let [area, envelope] = [0, 0];
  for (let place = precision.length - 1; place >= 0; place--) {
    envelope = Math.max(envelope, precision[place]!);
    area += envelope * (recall[place]! - (place > 0 ? recall[place - 1]! : 0));
  }
  return Math.min(1, area);
}

/**
 * Average precision of detections against ground truth by overlap seen from above: greedy matching, all-point envelope.
 * @returns 0 to 1; 0 where no truth is
 * @throws InputError for an option out of range.
 */
export function averagePrecision(
  frames: readonly JudgedFrame[],
  { minIou, sorting = 'global' }: PrecisionOptions,
): number {
  return areaUnder(precisionRecall(matchAll(frames, minIou), sorting));
}

/** As `averagePrecision`, of frames whose detections are matched already. */
export function averagePrecisionOf(matches: readonly Matches[], sorting: Sorting = 'global'): number {
  return areaUnder(precisionRecall(matches, sorting));
}

const matchAll = (frames: readonly JudgedFrame[], minIou: number) =>
  frames.map((frame) => matchByIou(frame, minIou));

/** A difference with its 95 % interval. */
export interface Difference {
  value: number;
  ci95: Interval;
}

/**
 * Average precision of `ours` minus that of `theirs` (sorted globally) with a percentile bootstrap over frames: each
 * resample takes the same frames of both, so what makes a frame easy or hard falls out of the difference.
 * @param rng picks the resamples
 * @throws InputError when the two differ in their number of frames, there is none, or an option is out of range.
 */
export function averagePrecisionDifference(
  ours: readonly JudgedFrame[],
  theirs: readonly JudgedFrame[],
  { minIou, resamples = 1000 }: { minIou: number; resamples?: number },
  rng: Rng,
): Difference {
  if (ours.length !== theirs.length)
    throw new InputError(`${theirs.length} frames beside ${ours.length}; allowed: the same frames of both`);
  const sides = [ours, theirs].map((frames) => {
    const matches = matchAll(frames, minIou);
    const order = ranked(matches, 'global');
    return (weights: Float64Array) => areaUnder(curve(order, matches, weights));
  });
  const weights = new Float64Array(ours.length);
  const difference = (frames: Float64Array) => {
    weights.fill(0);
    for (const frame of frames) weights[frame]!++;
    return sides[0]!(weights) - sides[1]!(weights);
  };
  const all = Float64Array.from(ours.keys());
  return { value: difference(all), ci95: bootstrapInterval(all, rng, { statistic: difference, resamples }) };
}
