import type { Rng } from '../../math/index.js';
import type { Detector } from '../hardware/detector.js';

/** Photons that their detector would see, and dark clicks, one entry a click in each list. */
export interface Clicks {
  timeSec: number[];
  /** 0 or 1. */
  detector: number[];
}

/** Adds the dark clicks of two detectors over a time: a Poisson process each. */
export function addDarkClicks(
  clicks: Clicks,
  { darkCountRateHz }: Detector,
  durationSec: number,
  rng: Rng,
): void {
  if (darkCountRateHz === 0) return;
  for (const detector of [0, 1]) {
    const stream = rng.fork(`dark ${detector}`);
    let timeSec = stream.exponential(1 / darkCountRateHz);
    for (; timeSec < durationSec; timeSec += stream.exponential(1 / darkCountRateHz)) {
      clicks.timeSec.push(timeSec);
      clicks.detector.push(detector);
    }
  }
}

/** Clicks that two detectors register: those that fall into no dead time, delayed by jitter and rounded to the resolution. */
export function register(
  { timeSec, detector }: Clicks,
  hardware: { detector: Detector; sharedDeadTime: boolean },
  rng: Rng,
): { stamps: Float64Array; detectors: Uint8Array } {
  const { deadTimeSec, timeResolutionSec, jitterSec } = hardware.detector;
  const jitter = rng.fork('jitter');
  const blindUntil = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const stamps = new Float64Array(timeSec.length);
  const detectors = new Uint8Array(timeSec.length);
  let count = 0;
  for (const at of inOrder(timeSec)) {
    const [time, which] = [timeSec[at]!, detector[at]!];
    if (time < blindUntil[which]!) continue;
    blindUntil[which] = time + deadTimeSec;
    if (hardware.sharedDeadTime) blindUntil[1 - which] = time + deadTimeSec;
    const delay = jitterSec > 0 ? jitter.normal(0, jitterSec) : 0;
    stamps[count] = Math.round((time + delay) / timeResolutionSec) * timeResolutionSec;
    detectors[count++] = which;
  }
  return { stamps: stamps.subarray(0, count), detectors: detectors.subarray(0, count) };
}

/** Places by time; equal times keep their order. */
function inOrder(timeSec: readonly number[]): Uint32Array {
  const order = Uint32Array.from({ length: timeSec.length }, (_, k) => k);
  const sorted = timeSec.every((time, k) => k === 0 || time >= timeSec[k - 1]!);
  return sorted ? order : order.sort((a, b) => timeSec[a]! - timeSec[b]! || a - b);
}
