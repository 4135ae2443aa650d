import { bootstrapInterval, mean, Rng, standardError } from 'semwave/math';
import {
  type Features,
  featureSource,
  type LearnedBottleneck,
  learnBottleneck,
  learnCoder,
  moda,
  PEDESTRIAN_CAMERAS,
  type PositionFrame,
  pedestrians,
  rounded,
  type SymbolMap,
} from 'semwave/v2x';

/** Scenes that everything learned and chosen comes from; what is measured are others. */
export const TUNING_SCENES = [101, 102] as const;
const TUNING_FRAMES = 6;

/** People on a square and what seven cameras make of them, frame by frame. */
export interface Recording {
  readonly truths: readonly PositionFrame['truths'][];
  /** By camera, then frame. */
  readonly features: readonly (readonly Features[])[];
}

export interface RecordingOptions {
  readonly rng: Rng;
  readonly frames: number;
  readonly periodSec: number;
  readonly gain: number;
}

export function record({ rng, frames, periodSec, gain }: RecordingOptions): Recording {
  const people = pedestrians({ rng: rng.fork('people'), seconds: Math.max(1, frames * periodSec) });
  const see = featureSource({ rng: rng.fork('features'), gain });
  const times = Array.from({ length: frames }, (_, frame) => frame * periodSec);
  return {
    truths: times.map((sec) => people(sec)),
    features: PEDESTRIAN_CAMERAS.map((camera) => times.map((sec, frame) => see(camera, frame, people(sec)))),
  };
}

/** The temporal coder, and all rounded maps it was learned from. */
export function learnedCoder(
  options: Omit<RecordingOptions, 'rng' | 'frames'> & { bitWeight: number; steps: number },
) {
  const sequences = TUNING_SCENES.flatMap(
    (scene) => record({ ...options, rng: Rng.of(scene), frames: TUNING_FRAMES }).features,
  );
  const coder = learnCoder(sequences, { ...options, rng: Rng.of('coder') });
  return { ...coder, seen: sequences.flat().map(rounded) };
}

/** Scenes that the bottleneck learns from. */
const BOTTLENECK_SCENES = { first: 1000, count: 20, frames: 5 };

/** The bottleneck of each weight of 1,000 bits, learned together. */
export function learnedBottleneck(
  options: Omit<RecordingOptions, 'rng' | 'frames'> & { bitWeights: readonly number[]; steps: number },
  watch: { readonly stop: AbortSignal; progress(fraction: number): void },
): Promise<LearnedBottleneck> {
  const { first, count, frames } = BOTTLENECK_SCENES;
  const scenes = Array.from({ length: count }, (_, n) =>
    record({ ...options, rng: Rng.of(first + n), frames }),
  );
  return learnBottleneck(
    { ...options, scenes, rng: Rng.of('bottleneck') },
    { stop: watch.stop, onStep: ({ step }) => watch.progress((step + 1) / (options.steps + 1)) },
  );
}

/** A map and the two before it, latest first. */
export const pastOf = (maps: readonly SymbolMap[], frame: number): SymbolMap[] =>
  maps.slice(Math.max(0, frame - 2), frame).reverse();

/** MODA with its 95 % interval over frames. */
export function modaOf(frames: readonly PositionFrame[]) {
  const each = frames.map((frame) => moda([frame]));
  const share = (places: ArrayLike<number>) => {
    let [wrong, truths] = [0, 0];
    for (const place of Array.from(places)) {
      const { misses, falseAlarms, truths: there } = each[place]!;
      wrong += misses + falseAlarms;
      truths += there;
    }
    return Math.max(0, 1 - wrong / truths);
  };
  const all = Float64Array.from(frames.keys());
  return {
    value: share(all),
    unit: 'ratio',
    metric: 'MODA at 0.5 m',
    ci95: bootstrapInterval(all, Rng.of('frames'), { statistic: share }),
  };
}

/** A mean with its normal 95 % interval. */
export function meanOf(values: ArrayLike<number>): { value: number; ci95: [number, number] } {
  const value = mean(values);
  const reach = values.length > 1 ? 1.96 * standardError(values) : 0;
  return { value, ci95: [value - reach, value + reach] };
}
