import { Rng } from '../../math/index.js';
import { PEDESTRIAN_CAMERAS } from './cameras.js';
import { featureSource, rounded, type SymbolMap } from './features.js';
import { type Pedestrians, pedestrians } from './pedestrians.js';

/** Rounded maps of every camera over some frames, half a second apart. */
export function recording(seed: number, frames: number): { people: Pedestrians; maps: SymbolMap[][] } {
  const rng = Rng.of(seed);
  const people = pedestrians({ rng: rng.fork('people') });
  const see = featureSource({ rng: rng.fork('features') });
  const maps = PEDESTRIAN_CAMERAS.map((camera) =>
    Array.from({ length: frames }, (_, frame) => rounded(see(camera, frame, people(frame / 2)))),
  );
  return { people, maps };
}
