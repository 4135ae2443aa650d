import type { Interval, Rng } from '../../math/index.js';
import { averagePrecision, averagePrecisionDifference, type Difference } from '../evaluate/index.js';
import type { SharingResult } from './run.js';

/** A result in the numbers of a table. */
export interface SharingSummary {
  /** Average precision, with its 95 % interval by bootstrap over frames. */
  readonly precision: number;
  readonly ci95: Interval;
  /** Requests and messages of one frame, all senders together. */
  readonly bytesPerFrame: number;
  /** Mean time of a shared message from its sending to its arrival; 0 where none arrived. */
  readonly latencySec: number;
}

export interface SummaryOptions {
  /** Least overlap of a hit; 0.5 unless told otherwise. */
  readonly minIou?: number;
  /** 1000 unless told otherwise. */
  readonly resamples?: number;
}

/**
 * How good a result is and what it costs a frame.
 * @throws InputError for an option out of range, or a result without frames.
 */
export function summarised(result: SharingResult, rng: Rng, options: SummaryOptions = {}): SharingSummary {
  const { minIou = 0.5, resamples = 1000 } = options;
  const nothing = result.frames.map((frame) => ({ ...frame, detections: [] }));
  const { ci95 } = averagePrecisionDifference(result.frames, nothing, { minIou, resamples }, rng);
  return {
    precision: averagePrecision(result.frames, { minIou }),
    ci95,
    bytesPerFrame: (result.requestBytes + result.sharedBytes) / result.frames.length,
    latencySec: result.arrivals > 0 ? result.latencySec / result.arrivals : 0,
  };
}

/**
 * By how much the first result is more precise than the second, frame paired with frame.
 * @throws InputError when the two are not of the same frames, or an option is out of range.
 */
export function gainOver(
  ours: SharingResult,
  theirs: SharingResult,
  rng: Rng,
  { minIou = 0.5, resamples = 1000 }: SummaryOptions = {},
): Difference {
  return averagePrecisionDifference(ours.frames, theirs.frames, { minIou, resamples }, rng);
}
