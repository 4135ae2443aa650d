import { requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';

/** Standard normal numbers along a way: multiplied by a standard deviation they are shadowing in dB. */
export interface ShadowingProcess {
  /** The number here. */
  readonly value: number;
  /**
   * Moves on; the correlation with the number before is exp(-moved/decorrelation).
   * @param movedMeters how far the ends moved together, 0 and above
   * @returns the number there
   */
  move(movedMeters: number): number;
}

/**
 * Distance within which shadowing falls to a correlation of 1/e. Recalled from TR 36.885, not read: state your own
 * where it matters.
 */
export const DECORRELATION_METERS = { urban: 10, highway: 25 } as const;

/**
 * Shadowing with an exponential autocorrelation along the way (Gudmundson 1991).
 * @param options.decorrelationMeters 0 (each number anew) to 1e6
 * @throws InputError when it is out of range.
 */
export function correlatedShadowing(rng: Rng, options: { decorrelationMeters: number }): ShadowingProcess {
  const scale = requireRange('decorrelationMeters', options.decorrelationMeters, 0, 1e6, 'm');
  let value = rng.normal();
  return {
    get value() {
      return value;
    },
    move(movedMeters) {
      const moved = requireRange('movedMeters', movedMeters, 0, Number.MAX_VALUE, 'm');
      if (moved === 0) return value;
      const kept = scale === 0 ? 0 : Math.exp(-moved / scale);
      value = kept * value + Math.sqrt(1 - kept ** 2) * rng.normal();
      return value;
    },
  };
}
