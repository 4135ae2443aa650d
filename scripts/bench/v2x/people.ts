import { Rng } from '../../../lib/math/index.js';
import { featureSource, PEDESTRIAN_CAMERAS, pedestrians } from '../../../lib/v2x/index.js';

/** How much larger features are than their steps. */
export const GAIN = 6;

/** People on a square, and the features of all cameras, half a second from frame to frame. */
export function recorded(scene: number, frames: number) {
  const rng = Rng.of(scene);
  const people = pedestrians({ rng: rng.fork('people') });
  const see = featureSource({ rng: rng.fork('features'), gain: GAIN });
  return {
    truths: Array.from({ length: frames }, (_, frame) => people(frame / 2)),
    features: PEDESTRIAN_CAMERAS.map((camera) =>
      Array.from({ length: frames }, (_, frame) => see(camera, frame, people(frame / 2))),
    ),
  };
}
