import { Rng } from 'semwave/math';
import { averagePrecision, averagePrecisionDifference, type JudgedFrame } from 'semwave/v2x';

/** Average precision with its 95 % interval over frames. */
export function precisionOf(frames: readonly JudgedFrame[], minIou = 0.5) {
  const nothing = frames.map((frame) => ({ ...frame, detections: [] }));
  const { ci95 } = averagePrecisionDifference(frames, nothing, { minIou, resamples: 300 }, Rng.of('frames'));
  return { value: averagePrecision(frames, { minIou }), unit: 'ratio', metric: `AP at IoU ${minIou}`, ci95 };
}
