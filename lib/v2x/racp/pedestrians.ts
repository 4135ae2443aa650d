import { requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { GROUND } from './cameras.js';

/** Somebody on the ground at one time. */
export interface Pedestrian {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** How the clothes look to the features, -1 to 1. */
  readonly look: number;
}

export interface PedestrianOptions {
  readonly rng: Rng;
  /** 1 to 60; 20 unless told otherwise, about as many as in Wildtrack. */
  readonly count?: number;
  /** Share of them who stand, 0 to 1; 0.3 unless told otherwise. */
  readonly standingShare?: number;
  /** How long they walk, 1 to 1000; 60 unless told otherwise. */
  readonly seconds?: number;
}

/** People about the ground at a time from 0 to `seconds`. */
export type Pedestrians = (timeSec: number) => Pedestrian[];

const MARGIN_METERS = 0.5;
const APART_METERS = 0.8;
const SPEED = { mean: 1.2, deviation: 0.25, least: 0.5, most: 2 };

interface Leg {
  readonly startSec: number;
  readonly x: number;
  readonly y: number;
  readonly velocityX: number;
  readonly velocityY: number;
}

/**
 * People who walk straight from one random place of the ground to the next, at 1.2 m/s give or take 0.25, or stand.
 * @throws InputError for an option outside its range.
 */
export function pedestrians(options: PedestrianOptions): Pedestrians {
  const { rng, count = 20, standingShare = 0.3, seconds = 60 } = options;
  requireInteger('count', count, 1, 60);
  requireRange('standingShare', standingShare, 0, 1);
  requireRange('seconds', seconds, 1, 1000, 's');
  const starts: Place[] = [];
  const walks = Array.from({ length: count }, (_, id) => {
    const own = rng.fork(id);
    const start = placeApart(own, starts);
    starts.push(start);
    const standing = id < Math.round(count * standingShare);
    const legs = standing
      ? [{ startSec: 0, ...start, velocityX: 0, velocityY: 0 }]
      : legsOf(own, start, seconds);
    return { id, legs, height: own.uniform(1.55, 1.9), look: own.uniform(-1, 1) };
  });
  return (timeSec) => {
    requireRange('timeSec', timeSec, 0, seconds, 's');
    return walks.map(({ id, legs, height, look }) => ({ id, ...placeOn(legs, timeSec), height, look }));
  };
}

type Place = Pick<Pedestrian, 'x' | 'y'>;

function anyPlace(rng: Rng): Place {
  const { fromX, fromY, sizeX, sizeY } = GROUND;
  return {
    x: fromX + rng.uniform(MARGIN_METERS, sizeX - MARGIN_METERS),
    y: fromY + rng.uniform(MARGIN_METERS, sizeY - MARGIN_METERS),
  };
}

function placeApart(rng: Rng, others: readonly Place[]): Place {
  const near = (place: Place) =>
    others.some(({ x, y }) => Math.hypot(x - place.x, y - place.y) < APART_METERS);
  let place = anyPlace(rng);
  for (let attempt = 0; attempt < 100 && near(place); attempt++) place = anyPlace(rng);
  return place;
}

function legsOf(rng: Rng, start: Place, seconds: number): Leg[] {
  const { mean, deviation, least, most } = SPEED;
  const speed = Math.min(most, Math.max(least, rng.normal(mean, deviation)));
  const legs: Leg[] = [];
  let [place, startSec] = [start, 0];
  while (startSec <= seconds) {
    const next = anyPlace(rng);
    const [dx, dy] = [next.x - place.x, next.y - place.y];
    const length = Math.max(0.1, Math.hypot(dx, dy));
    legs.push({ startSec, ...place, velocityX: (speed * dx) / length, velocityY: (speed * dy) / length });
    startSec += length / speed;
    place = next;
  }
  return legs;
}

function placeOn(legs: readonly Leg[], timeSec: number): Place {
  const leg = legs.findLast(({ startSec }) => startSec <= timeSec)!;
  const since = timeSec - leg.startSec;
  return { x: leg.x + since * leg.velocityX, y: leg.y + since * leg.velocityY };
}
