import type { Rng } from 'semwave/math';
import type { NewRow } from 'semwave/pipeline';
import { param } from 'semwave/pipeline';
import {
  type Crossing,
  type CrossingOptions,
  crossing,
  type Frame,
  pipe,
  pooled,
  runSharing,
  type SharingResult,
  type SharingStrategy,
  summarised,
  type V2xLink,
} from 'semwave/v2x';
import { sceneRng } from './scene-rng.js';

/** A second in which trackers and links fill, before frames count. */
const WARM_UP_FRAMES = 10;
const FRAMES_PER_SEC = 10;

/** Knobs of every sharing experiment. */
export const sharingParams = {
  scenes: param.integer({ default: 10, min: 1, max: 200, about: 'crossings, drawn by the seed' }),
  frames: param.integer({ default: 60, min: 1, max: 500, about: 'frames of each that count, ten a second' }),
  minIou: param.number({ default: 0.5, min: 0.1, max: 0.9, about: 'least overlap of a hit' }),
};

export interface SceneSetup {
  readonly scenes: number;
  readonly frames: number;
  readonly minIou: number;
}

export interface Scene {
  readonly scene: Crossing;
  readonly frames: readonly Frame[];
}

const made = new Map<string, readonly Scene[]>();

/** The crossings of a run, the same for all of its points. */
export function scenesOf(
  { scenes, frames }: Pick<SceneSetup, 'scenes' | 'frames'>,
  seed: number,
  options: Omit<CrossingOptions, 'rng' | 'seconds'> = {},
): readonly Scene[] {
  const key = JSON.stringify([scenes, frames, seed, options]);
  const known = made.get(key);
  if (known) return known;
  const seconds = (frames + WARM_UP_FRAMES) / FRAMES_PER_SEC;
  const all = Array.from({ length: scenes }, (_, index) => {
    const scene = crossing({ rng: sceneRng(seed, index), seconds, ...options });
    return { scene, frames: [...scene.frames()] };
  });
  made.set(key, all);
  return all;
}

/** A strategy, new in each scene, over a link that is too; pipes of 27 Mb/s unless told otherwise. */
export function share<S extends { readonly frames: readonly Frame[] }>(
  all: readonly S[],
  make: () => SharingStrategy,
  link: (scene: S, index: number) => V2xLink = () => pipe({ rateMbps: 27 }),
): SharingResult {
  return pooled(
    all.map((scene, index) =>
      runSharing(scene.frames, {
        strategy: make(),
        link: link(scene, index),
        warmUpFrames: WARM_UP_FRAMES,
        // Half for the request, half for the answers.
        patienceSec: 0.09,
      }),
    ),
  );
}

/** A result as a row: bytes of a frame, average precision, time of a message. */
export function sharingRow(
  system: string,
  result: SharingResult,
  { minIou, rng, params }: { minIou: number; rng: Rng; params?: NewRow['params'] },
): NewRow {
  const { precision, ci95, bytesPerFrame, latencySec } = summarised(result, rng.fork('bootstrap'), {
    minIou,
  });
  return {
    system,
    rate: { value: bytesPerFrame, unit: 'byte/frame', metric: 'requests and messages of all agents' },
    accuracy: { value: precision, unit: 'ratio', metric: `AP@${minIou}`, ci95 },
    latency: { value: latencySec, unit: 's', metric: 'message from sending to arrival' },
    ...(params && { params }),
  };
}
