import type { Rng } from '../../math/index.js';
import { PS_PER_SEC } from '../units.js';
import type { Detector } from './detector.js';

/** One detector through time: photons, dark counts and dead time make clicks. */
export interface ClickStream {
  /**
   * A photon arrives.
   * @returns when it would click (real ps: its time with jitter), infinite when it is not detected
   */
  photon(timePs: number): number;
  /** Whether a click falls within the times from..to; windows are asked for in the order of time and never overlap. */
  clickedWithin(fromPs: number, toPs: number): boolean;
}

/** @param rng the detector's own stream; its dark counts are the same whatever photons come */
export function clickStream(config: Detector, rng: Rng): ClickStream {
  const { efficiency, darkCountRateHz, deadTimeSec, jitterSec } = config;
  const darkRng = rng.fork('dark');
  const photonRng = rng.fork('photons');
  const [deadPs, jitterPs] = [deadTimeSec * PS_PER_SEC, jitterSec * PS_PER_SEC];
  const nextDark = () => (darkCountRateHz > 0 ? darkRng.exponential(PS_PER_SEC / darkCountRateHz) : Infinity);
  let darkPs = nextDark();
  let blindUntilPs = 0;
  /** Clicks of photons that were not asked for yet, in the order of time. */
  let waiting: number[] = [];

  const takeFirst = (): number => {
    const photonPs = waiting[0] ?? Infinity;
    if (photonPs <= darkPs) {
      waiting.shift();
      return photonPs;
    }
    const time = darkPs;
    darkPs += nextDark();
    return time;
  };

  return {
    photon(timePs) {
      if (photonRng.uniform() >= efficiency) return Infinity;
      const clickPs = jitterPs > 0 ? photonRng.normal(timePs, jitterPs) : timePs;
      waiting.push(clickPs);
      if (waiting.length > 1) waiting = waiting.sort((a, b) => a - b);
      return clickPs;
    },
    clickedWithin(fromPs, toPs) {
      let clicked = false;
      while (Math.min(waiting[0] ?? Infinity, darkPs) <= toPs) {
        const timePs = takeFirst();
        if (timePs < blindUntilPs) continue;
        blindUntilPs = timePs + deadPs;
        clicked ||= timePs >= fromPs;
      }
      return clicked;
    },
  };
}
