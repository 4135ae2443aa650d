import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { type ImagePoint, insideMap, MAP, type PedestrianCamera, projector } from './cameras.js';
import type { Pedestrian } from './pedestrians.js';

/** Somebody as a camera knows them again: where the feet are in its map, and how they look. */
export interface Sighting extends Pick<ImagePoint, 'column' | 'row'> {
  /** Of length 1. */
  readonly embedding: Float32Array;
}

export const EMBEDDING = 32;

/** Noise of sightings. */
export interface SightingNoise {
  /** Deviation of the feet's place, cells; 0.15 unless told otherwise. */
  readonly cells?: number;
  /** Length of the error of an embedding beside its own length of 1; 0.5 unless told otherwise. */
  readonly embedding?: number;
}

/** Those whose feet are in a camera's picture, hidden or not. */
export function inView<P extends Pick<Pedestrian, 'x' | 'y'>>(
  camera: PedestrianCamera,
  people: readonly P[],
): P[] {
  const project = projector(camera);
  return people.filter(({ x, y }) => {
    const foot = project(x, y, 0);
    return foot !== undefined && insideMap(foot);
  });
}

/** Who a camera sees, each with an embedding about that of the person, as a network of re-identification gives them. */
export function sightings(
  camera: PedestrianCamera,
  people: readonly Pedestrian[],
  rng: Rng,
  noise: SightingNoise = {},
): Sighting[] {
  const project = projector(camera);
  const { cells = 0.15, embedding = 0.5 } = noise;
  return people.flatMap((person): Sighting[] => {
    const foot = project(person.x, person.y, 0);
    if (!foot || !insideMap(foot)) return [];
    const own = unit(normals(rng.fork('person').fork(person.id)));
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

const normals = (rng: Rng) => Float64Array.from({ length: EMBEDDING }, () => rng.normal());

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Camera (u8), number of sightings (u8); each place in 64ths of a cell (u16, u16) and the embedding in 127ths (i8). */
const HEADER = 2;
const SIGHTING_BYTES = 4 + EMBEDDING;
const PER_CELL = 64;

/** Places are clipped to the map. @throws InputError for more than 255 sightings, a camera that is no byte, or an embedding of another length. */
export function encodeSightings(camera: number, seen: readonly Sighting[]): Uint8Array {
  requireInteger('number of sightings', seen.length, 0, 255);
  requireInteger('camera', camera, 0, 255);
  const bytes = new Uint8Array(HEADER + SIGHTING_BYTES * seen.length);
  const view = new DataView(bytes.buffer);
  bytes.set([camera, seen.length]);
  for (const [n, { column, row, embedding }] of seen.entries()) {
    const at = HEADER + SIGHTING_BYTES * n;
    if (embedding.length !== EMBEDDING)
      throw new InputError(`embedding of ${embedding.length} values; allowed: ${EMBEDDING}`);
    view.setUint16(at, Math.round(PER_CELL * clipped(column, MAP.columns)), true);
    view.setUint16(at + 2, Math.round(PER_CELL * clipped(row, MAP.rows)), true);
    for (let k = 0; k < EMBEDDING; k++)
      view.setInt8(at + 4 + k, Math.max(-127, Math.min(127, Math.round(127 * embedding[k]!))));
  }
  return bytes;
}

const clipped = (place: number, size: number) => Math.max(0, Math.min(size, place));

/** @throws InputError when the length does not fit the number of sightings, or one lies beyond the map. */
export function decodeSightings(bytes: Uint8Array): { camera: number; seen: Sighting[] } {
  if (!(bytes instanceof Uint8Array)) throw new InputError('sightings are no bytes; allowed: a Uint8Array');
  const [camera = 0, count = 0] = bytes;
  const length = HEADER + SIGHTING_BYTES * count;
  if (bytes.length !== length)
    throw new InputError(`${count} sightings in ${bytes.length} bytes; allowed: ${length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = Array.from({ length: count }, (_, n): Sighting => {
    const at = HEADER + SIGHTING_BYTES * n;
    return {
      column: requireRange(`column of sighting ${n}`, view.getUint16(at, true) / PER_CELL, 0, MAP.columns),
      row: requireRange(`row of sighting ${n}`, view.getUint16(at + 2, true) / PER_CELL, 0, MAP.rows),
      embedding: Float32Array.from({ length: EMBEDDING }, (_, k) => view.getInt8(at + 4 + k) / 127),
    };
  });
  return { camera, seen };
}
