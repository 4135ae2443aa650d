import { buckets } from '../geometry/index.js';
import type { Detection } from '../types.js';

/** Where a thing was seen, newest last. */
interface Track {
  readonly sightings: readonly Sighting[];
}

interface Sighting {
  readonly timeSec: number;
  readonly x: number;
  readonly y: number;
}

/** What two sightings may be apart: the way of a fast car in a frame, and the errors of two boxes. */
const FASTEST = 20;
const LOOSE_METERS = 1;
/** Sightings of the last half second give a velocity. */
const MEMORY_SEC = 0.55;
/** Standard deviation of a box's centre. */
const ERROR_METERS = 0.25;

/**
 * Follows boxes from frame to frame in a frame that stands still: each is paired with the nearest track not yet taken, where
 * that track should be by now, and gets the least-squares velocity of its track along its heading, drawn to nothing where that
 * is within its error. Times run forward; a second call for the same time gives the same.
 */
export function tracker(): (timeSec: number, boxes: readonly Detection[]) => readonly Detection[] {
  let tracks: readonly Track[] = [];
  let latest = { timeSec: Number.NEGATIVE_INFINITY, boxes: [] as readonly Detection[] };
  return (timeSec, boxes) => {
    if (timeSec === latest.timeSec) return latest.boxes;
    if (timeSec < latest.timeSec) tracks = [];
    const recent = tracks.filter(({ sightings }) => timeSec - sightings.at(-1)!.timeSec <= MEMORY_SEC);
    const places = buckets<Expected>(LOOSE_METERS + FASTEST * MEMORY_SEC);
    for (const track of recent) {
      const expected = expectedAt(track, timeSec);
      places.add(expected.x, expected.y, expected);
    }
    const taken = new Set<Track>();
    const next: Track[] = [];
    const moving = boxes.map((box) => {
      const track = nearest(places.near(box.x, box.y), taken, box);
      if (track) taken.add(track);
      const sightings = [...(track?.sightings ?? []), { timeSec, x: box.x, y: box.y }].filter(
        (sighting) => timeSec - sighting.timeSec <= MEMORY_SEC,
      );
      next.push({ sightings });
      const velocity = alongHeading(box, velocityAlong(sightings));
      return sightings.length > 1 && velocity ? { ...box, velocity } : box;
    });
    tracks = [...next, ...recent.filter((track) => !taken.has(track))];
    latest = { timeSec, boxes: moving };
    return moving;
  };
}

/** Where a track should be, and how far from there it may be. */
interface Expected {
  readonly track: Track;
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

function expectedAt(track: Track, timeSec: number): Expected {
  const { sightings } = track;
  const last = sightings.at(-1)!;
  const elapsed = timeSec - last.timeSec;
  const [vx, vy] = velocityAlong(sightings);
  const reach = LOOSE_METERS + (sightings.length > 1 ? 0 : FASTEST * elapsed);
  return { track, x: last.x + vx * elapsed, y: last.y + vy * elapsed, reach };
}

function nearest(near: readonly Expected[], taken: ReadonlySet<Track>, { x, y }: Detection) {
  let [best, least]: [Track | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const expected of near) {
    if (taken.has(expected.track)) continue;
    const away = Math.hypot(expected.x - x, expected.y - y);
    if (away < Math.min(expected.reach, least)) [best, least] = [expected.track, away];
  }
  return best;
}

/** A velocity below it may have any direction, m/s. */
const SLOW = 2;

/**
 * The part of a velocity along a box's heading, since cars drive no other way; nothing is known where much of it is across: the
 * box is turned, or the track is not of one car.
 */
function alongHeading({ yaw }: Detection, [vx, vy]: readonly [number, number]): [number, number] | undefined {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [along, across] = [c * vx + s * vy, c * vy - s * vx];
  if (Math.abs(along) > 2 * Math.abs(across)) return [along * c, along * s];
  return Math.hypot(vx, vy) > SLOW ? undefined : [vx, vy];
}

/** Least squares, times what is left of it after its error: v^2 / (v^2 + s^2). */
export function velocityAlong(sightings: readonly Sighting[]): [number, number] {
  const mean = (of: (sighting: Sighting) => number) =>
    sightings.reduce((sum, sighting) => sum + of(sighting), 0) / sightings.length;
  const [t, x, y] = [mean(({ timeSec }) => timeSec), mean((one) => one.x), mean((one) => one.y)];
  let [tt, tx, ty] = [0, 0, 0];
  for (const sighting of sightings) {
    const since = sighting.timeSec - t;
    tt += since * since;
    tx += since * (sighting.x - x);
    ty += since * (sighting.y - y);
  }
  if (tt === 0) return [0, 0];
  const [vx, vy] = [tx / tt, ty / tt];
  const square = vx * vx + vy * vy;
  const share = square > 0 ? square / (square + ERROR_METERS ** 2 / tt) : 0;
  return [share * vx, share * vy];
}
