import { InputError, requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { groundPoint, type ImagePoint, insideMap, type PedestrianCamera, projector } from './cameras.js';
import type { Pedestrian } from './pedestrians.js';

/** Somebody as a camera knows them again: where the feet are in its map, and how they look. */
export interface Sighting extends Pick<ImagePoint, 'column' | 'row'> {
  /** Of length 1. */
  readonly embedding: Float32Array;
}

const EMBEDDING = 32;

/** Noise of sightings. */
export interface SightingNoise {
  /** Deviation of the feet's place, cells; 0.3 unless told otherwise. */
  readonly cells?: number;
  /** Length of the error of an embedding beside its own length of 1; 0.5 unless told otherwise. */
  readonly embedding?: number;
}

/** Who a camera sees, each with an embedding about that of the person, as a network of re-identification gives them. */
export function sightings(
  camera: PedestrianCamera,
  people: readonly Pedestrian[],
  rng: Rng,
  noise: SightingNoise = {},
): Sighting[] {
  const project = projector(camera);
  const { cells = 0.3, embedding = 0.5 } = noise;
  return people.flatMap((person): Sighting[] => {
    const foot = project(person.x, person.y, 0);
    if (!foot || !insideMap(foot)) return [];
    const own = Rng_unit(rng.fork('person').fork(person.id));
    const error = rng.fork('sighting').fork(camera.id).fork(person.id);
    const seen = own.map((value) => value + error.normal(0, embedding / Math.sqrt(EMBEDDING)));
    return [
      {
        column: foot.column + error.normal(0, cells),
        row: foot.row + error.normal(0, cells),
        embedding: Float32Array.from(unit(seen)),
      },
    ];
  });
}
