import { Rng } from '../../../lib/math/index.js';
import {
  crossing,
  type Frame,
  type JudgedFrame,
  pooled,
  runSharing,
  type SharingStrategy,
  withinPillarRange,
} from '../../../lib/v2x/index.js';

/** What a strategy found in all scenes, and how much was shared. */
export interface Shared {
  readonly frames: readonly JudgedFrame[];
  readonly bytesPerFrame: number;
}

/** Frames of simulated crossings (16 beams, 3 vehicles), one in `every` of the 60 of each. */
export function framesOf(seeds: readonly number[], every: number): Frame[][] {
  return seeds.map((seed) => {
    const scene = crossing({ rng: Rng.of(seed) });
    return Array.from({ length: Math.ceil(scene.frameCount / every) }, (_, n) => scene.frame(n * every));
  });
}

/** A strategy on all scenes, judged on the ego's grid. */
export function sharedBy(strategy: () => SharingStrategy, scenes: readonly (readonly Frame[])[]): Shared {
  const runs = scenes.map((frames) => runSharing(frames, { strategy: strategy() }));
  const { frames, sharedBytes } = pooled(runs);
  const egos = scenes.flat().map(({ agents }) => agents[0]!);
  return {
    frames: frames.map((frame, n) => withinPillarRange(frame, egos[n]!)),
    bytesPerFrame: sharedBytes / frames.length,
  };
}
