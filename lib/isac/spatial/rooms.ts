import { requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  type Block,
  type CandidatePath,
  candidatePaths,
  distance,
  isInside,
  type Point,
  type Room,
  type RoomLink,
} from '../room/index.js';

/** One link in one room, with every path that the room would have if it were empty and whether it is there. */
export interface SpatialCase {
  room: Room;
  link: RoomLink;
  candidates: CandidatePath[];
}

/** How much to draw. */
export interface SpatialSizes {
  rooms: number;
  linksPerRoom: number;
}

/** Reflections that candidate paths have at most: 25 candidates a link. */
export const largestOrder = 2;
/** Longest side of a room, metres. */
export const longestSide = 10;

const carrierHz = 3.5e9;

/**
 * Random rooms of 4 to 10 m by 4 to 10 m by 2.5 to 3.5 m with one to five obstacles of 0.4 to 2.5 m, half of which reach the
 * ceiling, and random links in each; 3.5 GHz. Room k draws from `rng.fork(k)` alone.
 * @throws InputError for counts that cannot be.
 */
export function spatialCases({ rooms, linksPerRoom }: SpatialSizes, rng: Rng): SpatialCase[][] {
  requireInteger('rooms', rooms, 1, 100_000);
  requireInteger('linksPerRoom', linksPerRoom, 1, 1000);
  return Array.from({ length: rooms }, (_, index) => {
    const stream = rng.fork(index);
    const room = drawRoom(stream);
    return Array.from({ length: linksPerRoom }, () => drawCase(room, stream));
  });
}

function drawRoom(rng: Rng): Room {
  const side = () => rng.uniform(4, longestSide);
  const size: Point = [side(), side(), rng.uniform(2.5, 3.5)];
  const obstacles = Array.from({ length: 1 + rng.integer(5) }, () => drawObstacle(size, rng));
  return { size, reflection: -0.6, obstacles };
}

function drawObstacle(size: Point, rng: Rng): Block {
  const [wide, deep] = [rng.uniform(0.4, 2.5), rng.uniform(0.4, 2.5)];
  const [x, y] = [rng.uniform(0, size[0] - wide), rng.uniform(0, size[1] - deep)];
  const height = rng.uniform() < 0.5 ? size[2] : rng.uniform(0.7, 0.8 * size[2]);
  return { min: [x, y, 0], max: [x + wide, y + deep, height] };
}

function drawCase(room: Room, rng: Rng): SpatialCase {
  const transmitter = freePlace(room, rng);
  let receiver = freePlace(room, rng);
  while (distance(transmitter, receiver) < 1) receiver = freePlace(room, rng);
  const link = { transmitter, receiver, carrierHz };
  return { room, link, candidates: candidatePaths(room, link, { order: largestOrder }) };
}

function freePlace({ size, obstacles = [] }: Room, rng: Rng): Point {
  for (;;) {
    const place: Point = [
      rng.uniform(0.2, size[0] - 0.2),
      rng.uniform(0.2, size[1] - 0.2),
      rng.uniform(0.8, size[2] - 0.2),
    ];
    if (!obstacles.some((obstacle) => isInside(obstacle, place))) return place;
  }
}
