import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { footprintsOverlap } from '../geometry/index.js';
import type { Box, SceneObject } from '../types.js';
import { HALF_AREA, LANE_OFFSETS, lanePath, type Path, parkingPlace, type Turn } from './layout.js';

/** A road user: its size and where it is when. */
export interface Vehicle {
  readonly id: string;
  readonly kind: 'car' | 'truck';
  readonly size: { readonly length: number; readonly width: number; readonly height: number };
  readonly path: Path;
  /** Metre of its way at time 0. */
  readonly start: number;
  /** m/s along its way; 0 of parked ones. */
  readonly speed: number;
  /** Whether it comes back at the start of its lane, as another vehicle, when it has left the area. */
  readonly returns: boolean;
  /** Seconds between which it is there; always unless stated. */
  readonly during?: readonly [from: number, until: number];
}

export interface TrafficOptions {
  readonly cars: number;
  readonly trucks: number;
  readonly cavs: number;
  readonly parkedShare: number;
  readonly egoTurn: Turn;
  /** How long the scene lasts. */
  readonly seconds: number;
}

/** Vehicles enter and leave this far from the middle of the crossing. */
const LANE_END = HALF_AREA + 2;
const CLEARANCE_METERS = 0.3;
const ATTEMPTS = 400;
const STEP_SEC = 0.1;
/** Metre of its way that a connected vehicle reaches at most; the way to the right leaves the area earlier. */
const WAY_END = { straight: 46, left: 46, right: 32 } as const;
/** A vehicle that finds no way free now tries again so much later, with so many draws each time. */
const WAIT = { sec: 1, attempts: 40 };

/** How often a vehicle has left the area by a time. */
export function lapsOf({ returns, start, speed }: Vehicle, timeSec: number): number {
  return returns ? Math.floor((start + speed * timeSec + LANE_END) / (2 * LANE_END)) : 0;
}

/** Whether the vehicle is there at a time. */
export const presentAt = ({ during }: Vehicle, timeSec: number): boolean =>
  !during || (timeSec >= during[0] && timeSec < during[1]);

/** The vehicle at a time; of one that returns, in the given lap. */
export function vehicleAt(vehicle: Vehicle, timeSec: number, lap = lapsOf(vehicle, timeSec)): SceneObject {
  const { id, kind, size, path, start, speed } = vehicle;
  const { x, y, yaw } = path(start + speed * timeSec - 2 * LANE_END * lap);
  return {
    id: lap === 0 ? id : `${id}~${lap}`,
    kind,
    ...{ x, y, z: size.height / 2 },
    ...size,
    yaw,
    velocity: [speed * Math.cos(yaw), speed * Math.sin(yaw)],
  };
}

/**
 * The vehicles of a scene, the connected ones first: those stay in the area for the whole time, at most 10 m/s and each
 * from another arm. The others drive 4 to 14 m/s, or are parked. None touches another at any frame. In a long scene, where
 * one that returns again and again finds no way free, vehicles take its place one after the other, each when it is free.
 * @throws InputError when the vehicles find no room.
 */
export function traffic(rng: Rng, options: TrafficOptions): Vehicle[] {
  const { cars, trucks, cavs, parkedShare, seconds } = options;
  const parked = Math.round(cars * parkedShare);
  const arms = rng.fork('arms').permutation(4);
  const road = emptyRoad(seconds);
  const place = (id: string, draw: (stream: Rng) => Vehicle, otherwise = () => false) => {
    const stream = rng.fork(id);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (road.takes(draw(stream))) return;
    if (otherwise()) return;
    const found = `no free place among ${road.vehicles.length} vehicles`;
    throw new InputError(`${id}: ${found}; allowed: fewer, or a shorter scene`);
  };
  const placeDriving = (id: string, kind: Vehicle['kind']) => {
    const visits = rng.fork(id).fork('visits');
    const draw = (stream: Rng) => driving(stream, id, kind);
    place(id, draw, () => placeVisits(visits, road, { id, kind, seconds }));
  };
  for (let n = 0; n < cavs; n++) place(`cav${n}`, (stream) => connected(stream, n, arms[n]!, options));
  for (let n = 0; n < trucks; n++) placeDriving(`truck${n}`, 'truck');
  for (let n = 0; n < parked; n++) place(`car${n}`, (stream) => parkedCar(stream, `car${n}`));
  for (let n = parked; n < cars; n++) placeDriving(`car${n}`, 'car');
  return road.vehicles;
}

interface Road {
  readonly vehicles: Vehicle[];
  /** Whether the vehicle touches no other; then it is one of them. */
  takes(vehicle: Vehicle): boolean;
}

function emptyRoad(seconds: number): Road {
  const vehicles: Vehicle[] = [];
  const tracks: Track[] = [];
  return {
    vehicles,
    takes(vehicle) {
      const track = trackOf(vehicle, seconds);
      if (tracks.some((other) => tracksMeet(other, track))) return false;
      vehicles.push(vehicle);
      tracks.push(track);
      return true;
    },
  };
}

/** One vehicle after the other, from where the first is at the beginning, later ones from the start of a lane; whether any came. */
function placeVisits(
  rng: Rng,
  road: Road,
  { id, kind, seconds }: { id: string; kind: Vehicle['kind']; seconds: number },
): boolean {
  let [from, visits] = [0, 0];
  const visit = (): Vehicle => {
    const drawn = driving(rng, visits === 0 ? id : `${id}~${visits}`, kind);
    const start = from === 0 ? drawn.start : -LANE_END - drawn.speed * from;
    return { ...drawn, start, returns: false, during: [from, (LANE_END - start) / drawn.speed] };
  };
  const comes = () => {
    for (let attempt = 0; attempt < WAIT.attempts; attempt++) {
      const vehicle = visit();
      if (road.takes(vehicle)) return vehicle.during![1];
    }
    return;
  };
  while (from < seconds) {
    const until = comes();
    if (until !== undefined) visits++;
    from = until ?? from + WAIT.sec;
  }
  return visits > 0;
}

function connected(rng: Rng, number: number, arm: number, { seconds, egoTurn }: TrafficOptions): Vehicle {
  const start = rng.uniform(-46, -14);
  const turn = number === 0 ? egoTurn : 'straight';
  const offset = LANE_OFFSETS[turn === 'left' ? 0 : turn === 'right' ? 1 : rng.integer(2)]!;
  return {
    ...{ id: `cav${number}`, kind: 'car', size: carSize(rng), start, returns: false },
    path: lanePath((arm * Math.PI) / 2, offset, turn),
    speed: Math.min(rng.uniform(4, 10), (WAY_END[turn] - start) / seconds),
  };
}

function driving(rng: Rng, id: string, kind: 'car' | 'truck'): Vehicle {
  return {
    ...{ id, kind, returns: true },
    size: kind === 'car' ? carSize(rng) : truckSize(rng),
    path: lanePath((rng.integer(4) * Math.PI) / 2, rng.choice(LANE_OFFSETS)),
    start: rng.uniform(-LANE_END, LANE_END),
    speed: rng.uniform(4, 14),
  };
}

function parkedCar(rng: Rng, id: string): Vehicle {
  const place = parkingPlace(rng);
  return { id, kind: 'car', size: carSize(rng), path: () => place, start: 0, speed: 0, returns: false };
}

function carSize(rng: Rng): Vehicle['size'] {
  return { length: rng.uniform(4, 5), width: rng.uniform(1.75, 2.05), height: rng.uniform(1.45, 1.75) };
}

function truckSize(rng: Rng): Vehicle['size'] {
  return { length: rng.uniform(8, 12), width: rng.uniform(2.4, 2.55), height: rng.uniform(3, 3.8) };
}

/** Where a vehicle is at every frame that it is there. */
type Track = readonly (Box | undefined)[];

function trackOf(vehicle: Vehicle, seconds: number): Track {
  const steps = Math.max(1, Math.round(seconds / STEP_SEC));
  return Array.from({ length: steps }, (_, step) =>
    presentAt(vehicle, step * STEP_SEC) ? vehicleAt(vehicle, step * STEP_SEC) : undefined,
  );
}

function tracksMeet(a: Track, b: Track): boolean {
  return a.some((box, step) => {
    const other = b[step];
    return box && other && footprintsOverlap(box, other, CLEARANCE_METERS);
  });
}
