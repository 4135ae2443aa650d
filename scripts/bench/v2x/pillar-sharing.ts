import { Rng } from '../../../lib/math/index.js';
import {
  crossing,
  type Frame,
  frameDelayLink,
  type JudgedFrame,
  pooled,
  runSharing,
  type SharingStrategy,
  withinPillarRange,
} from '../../../lib/v2x/index.js';

/** What a strategy found in all scenes, and how much was shared. */
export interface Shared {
  readonly frames: readonly JudgedFrame[];
  /** Of messages and requests. */
  readonly bytesPerFrame: number;
}

/** Frames of simulated crossings (16 beams, 3 vehicles), one in `every` of the 60 of each. */
export function framesOf(seeds: readonly number[], every: number): Frame[][] {
  return seeds.map((seed) => {
    const scene = crossing({ rng: Rng.of(seed) });
    return Array.from({ length: Math.ceil(scene.frameCount / every) }, (_, n) => scene.frame(n * every));
  });
}

export interface Lateness {
  /** Of every message, whole frames. */
  readonly delaySec: number;
  /** Frames at the beginning that are not judged: messages are still under way. */
  readonly warmUpFrames: number;
}

/** A strategy on all scenes, judged on the ego's grid; at once unless told otherwise. */
export function sharedBy(
  strategy: () => SharingStrategy,
  scenes: readonly (readonly Frame[])[],
  late?: Lateness,
): Shared {
  const warmUpFrames = late?.warmUpFrames ?? 0;
  const runs = scenes.map((frames) =>
    runSharing(frames, {
      strategy: strategy(),
      warmUpFrames,
      ...(late && {
        link: frameDelayLink({ model: { kind: 'constant', delaySec: late.delaySec }, rng: Rng.of(0) }),
      }),
    }),
  );
  const { frames, sharedBytes, requestBytes } = pooled(runs);
  const egos = scenes.flatMap((all) => all.slice(warmUpFrames)).map(({ agents }) => agents[0]!);
  return {
    frames: frames.map((frame, n) => withinPillarRange(frame, egos[n]!)),
    bytesPerFrame: (sharedBytes + requestBytes) / frames.length,
  };
}
