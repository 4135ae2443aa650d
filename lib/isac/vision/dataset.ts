import { requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { depthView, renderDepth } from './depth.js';
import { alignPhase, meanTaps } from './phase.js';
import { personAt, type Scene, tapsAt, walkThrough } from './scene.js';

/** Where the person stood and what the radio felt. */
export interface Recording {
  places: [number, number][];
  /** True taps without their mean phase, interleaved complex. */
  taps: Float64Array[];
}

/** The past, to learn from, and a later walk to test on. */
export interface VisionData {
  scene: Scene;
  /** Mean taps of the training walk; the phase of every tap vector is counted from it. */
  staticTaps: Float64Array;
  /** Every `stride`-th frame of the training walk. */
  training: Recording;
  /** Successive frames of the training walk: what time series are fitted on. */
  history: Recording;
  /** Successive frames of the later walk. */
  test: Recording;
}

/** How much to simulate. */
export interface VisionSizes {
  /** Frames of the training walk to learn from. */
  trainFrames: number;
  /** Frames of the walk for one to learn from (default 10). */
  stride?: number;
  /** Frames of the later walk. */
  testFrames: number;
}

/** Successive frames of the start of the training walk that time series are fitted on. */
const historyFrames = 3000;

/**
 * Simulates a training walk and, after it, a test walk. The split is by time: neighbouring frames, which are nearly the same,
 * never stand on both sides.
 * @throws InputError for counts that cannot be.
 */
export function visionData(scene: Scene, sizes: VisionSizes, rng: Rng): VisionData {
  const { trainFrames, stride = 10, testFrames } = sizes;
  requireInteger('trainFrames', trainFrames, 10, 1_000_000);
  requireInteger('stride', stride, 1, 1000);
  requireInteger('testFrames', testFrames, 20, 1_000_000);
  const walk = walkThrough(scene, Math.max(trainFrames * stride, historyFrames), rng.fork('training walk'));
  const seen = walk.filter((_, frame) => frame % stride === 0).slice(0, trainFrames);
  const raw = seen.map((place) => tapsAt(scene, place));
  // The phase is counted from the mean of the raw taps first, then from that of the aligned ones.
  const rough = meanTaps(raw);
  const staticTaps = meanTaps(raw.map((taps) => alignPhase(taps, rough)));
  const recorded = (places: [number, number][]): Recording => ({
    places,
    taps: places.map((place) => alignPhase(tapsAt(scene, place), staticTaps)),
  });
  return {
    scene,
    staticTaps,
    training: { places: seen, taps: raw.map((taps) => alignPhase(taps, staticTaps)) },
    history: recorded(walk.slice(0, historyFrames)),
    test: recorded(walkThrough(scene, testFrames, rng.fork('test walk'))),
  };
}

/** What the camera sees while the person stands at each place: see `renderDepth`. */
export function picturesOf(scene: Scene, { places }: Recording, rng: Rng): Float32Array[] {
  const view = depthView(scene.camera, scene.room.size);
  return places.map((place, frame) => renderDepth(view, personAt(scene, place), rng.fork(frame)));
}
