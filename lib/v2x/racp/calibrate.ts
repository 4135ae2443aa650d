import { InputError, requireInteger } from '../../base/index.js';
import { median } from '../../math/index.js';
import type { Position } from '../evaluate/index.js';
import { wrapAngle } from '../geometry/index.js';
import { groundPoint, type PedestrianCamera } from './cameras.js';
import { EMBEDDING, type Sighting } from './sightings.js';

/** Two sightings taken for one person. */
export interface Match {
  readonly own: Sighting;
  readonly other: Sighting;
  /** Between the embeddings. */
  readonly distance: number;
}

/** Sightings that are each other's nearest by embedding, the nearest `most` of them. */
export function matchSightings(own: readonly Sighting[], others: readonly Sighting[], most = 5): Match[] {
  const distances = own.map((a) => others.map((b) => apart(a.embedding, b.embedding)));
  const nearestOther = distances.map((row) => row.indexOf(Math.min(...row)));
  const nearestOwn = others.map((_, j) => {
    const column = distances.map((row) => row[j]!);
    return column.indexOf(Math.min(...column));
  });
  return own
    .flatMap((sighting, i): Match[] => {
      const j = nearestOther[i]!;
      if (j < 0 || nearestOwn[j] !== i) return [];
      return [{ own: sighting, other: others[j]!, distance: distances[i]![j]! }];
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most);
}

function apart(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < EMBEDDING; k++) sum += (a[k]! - b[k]!) ** 2;
  return Math.sqrt(sum);
}

/** A pair of places that should be one, and how much it counts. */
export interface PlacePair {
  readonly from: Position;
  readonly to: Position;
  readonly weight: number;
}

/** A turn, then a move. */
export interface PlaneMotion {
  readonly yaw: number;
  readonly x: number;
  readonly y: number;
}

/**
 * The rigid motion of the plane that brings places nearest to where they should be, in weighted least squares (Kabsch 1976):
 * always a rotation, never a scale.
 * @param pivot a place that stays, where one is known; the motion is then a turn about it
 * @throws InputError for fewer than 2 pairs, or 1 about a pivot.
 */
export function planeMotion(pairs: readonly PlacePair[], pivot?: Position): PlaneMotion {
  const least = pivot ? 1 : 2;
  if (pairs.length < least) throw new InputError(`${pairs.length} pairs; allowed: ${least} or more`);
  const a = pivot ?? centre(pairs, 'from');
  const b = pivot ?? centre(pairs, 'to');
  let [dot, cross] = [0, 0];
  for (const { from, to, weight } of pairs) {
    const [px, py, qx, qy] = [from.x - a.x, from.y - a.y, to.x - b.x, to.y - b.y];
    dot += weight * (px * qx + py * qy);
    cross += weight * (px * qy - py * qx);
  }
  const yaw = Math.atan2(cross, dot);
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return { yaw, x: b.x - c * a.x + s * a.y, y: b.y - s * a.x - c * a.y };
}

function centre(pairs: readonly PlacePair[], side: 'from' | 'to'): Position {
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (axis: 'x' | 'y') =>
    pairs.reduce((sum, pair) => sum + pair.weight * pair[side][axis], 0) / total;
  return { x: mean('x'), y: mean('y') };
}

/** A camera's sightings, as it sent them. */
export interface CameraSightings {
  readonly camera: PedestrianCamera;
  readonly seen: readonly Sighting[];
}

/** Pairs that turn the camera this far from the others' middle are of two people. */
const AGREE = (3 * Math.PI) / 180;

/**
 * The camera turned so that whom it shares with other cameras stands where these say: the best matches by embedding, their
 * feet on the ground by each camera's pose, and the turn about the camera's place of least squares.
 * @param options.matches most matches with each other camera, 1 to 100; 5 unless told otherwise
 * @param options.inAll most matches used in all, the nearest by embedding; all unless told otherwise
 * @returns the camera, and how many pairs decided; as it was where there was none
 * @throws InputError for an option out of range.
 */
export function calibrateYaw(
  { camera, seen }: CameraSightings,
  others: readonly CameraSightings[],
  options: { readonly matches?: number; readonly inAll?: number } = {},
): { camera: PedestrianCamera; pairs: number } {
  const { matches = 5, inAll = 1000 } = options;
  requireInteger('matches', matches, 1, 100);
  requireInteger('inAll', inAll, 1, 1000);
  const found = others
    .flatMap((other) =>
      matchSightings(seen, other.seen, matches).map((match) => ({ ...match, by: other.camera })),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, inAll);
  const pairs = agreeing(
    found.flatMap((match) => pairOf(camera, match)),
    camera.pose,
  );
  if (pairs.length === 0) return { camera, pairs: 0 };
  const yaw = wrapAngle(camera.pose.yaw + planeMotion(pairs, camera.pose).yaw);
  return { camera: { ...camera, pose: { ...camera.pose, yaw } }, pairs: pairs.length };
}

/** Weighted by how well the other camera knows the place: its error along the ray grows with the square of the distance. */
function pairOf(camera: PedestrianCamera, { own, other, by }: Match & { by: PedestrianCamera }): PlacePair[] {
  const [from, to] = [groundPoint(camera, own), groundPoint(by, other)];
  if (!from || !to) return [];
  const { x, y, z } = by.pose;
  const along = ((to.x - x) ** 2 + (to.y - y) ** 2) / z;
  const reach = Math.hypot(from.x - camera.pose.x, from.y - camera.pose.y);
  return [{ from, to, weight: 1 / (along ** 2 + reach ** 2) }];
}

function agreeing(pairs: readonly PlacePair[], pivot: Position): PlacePair[] {
  if (pairs.length === 0) return [];
  // From the turn of all together: half a turn one way is half a turn the other way.
  const about = planeMotion(pairs, pivot).yaw;
  const turns = pairs.map((pair) => wrapAngle(planeMotion([pair], pivot).yaw - about));
  const middle = median(turns);
  return pairs.filter((_, place) => Math.abs(wrapAngle(turns[place]! - middle)) <= AGREE);
}
