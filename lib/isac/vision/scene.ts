import type { Rng } from '../../math/index.js';
import {
  type Body,
  channelTaps,
  distance,
  type Room,
  type RoomLink,
  speedOfLight,
  tracePaths,
} from '../room/index.js';
import type { Camera } from './depth.js';

/** A room in which one person walks, a radio link across it, and a depth camera that looks on. */
export interface Scene {
  room: Room;
  link: RoomLink;
  camera: Camera;
  /** The person, wherever they stand. */
  person: Omit<Body, 'x' | 'y'>;
  /** Where the person walks, metres. */
  walk: { x: readonly [number, number]; y: readonly [number, number]; speed: number };
  /** Pictures, and packets, in a second. */
  frameRateHz: number;
}

/** Taps of a channel estimate and their rate: 11 at 8 MHz, four samples a chip of IEEE 802.15.4. */
export const tapCount = 11;
export const sampleRateHz = 8e6;
/** The tap of the line of sight. */
export const originTap = 5;

/**
 * The scene of the experiment: a room of 8 x 6 x 3 m after the measurement room of Veni Vidi Dixi, 2.48 GHz (channel 26 of
 * IEEE 802.15.4), antennas at breast height on facing sides, walls of amplitude reflection 0.5, a person who walks at
 * 1 m/s, and a camera in an upper corner.
 */
export const defaultScene: Scene = {
  room: { size: [8, 6, 3], reflection: -0.5 },
  link: { transmitter: [1, 3, 1.2], receiver: [7, 3, 1.2], carrierHz: 2.48e9 },
  camera: { position: [0.1, 0.1, 2.6], yaw: 0.7, pitch: -0.37, fieldOfView: 1.2, width: 64, height: 36 },
  person: { radiusMeters: 0.25, heightMeters: 1.75, crossSectionM2: 0.3 },
  walk: { x: [2, 6], y: [1.5, 4.5], speed: 1 },
  frameRateHz: 30,
};

/** A walk from one random place to the next, at constant speed: a place a frame. */
export function walkThrough({ walk, frameRateHz }: Scene, frames: number, rng: Rng): [number, number][] {
  const draw = (): [number, number] => [rng.uniform(...walk.x), rng.uniform(...walk.y)];
  const step = walk.speed / frameRateHz;
  const places: [number, number][] = [];
  let [here, goal] = [draw(), draw()];
  while (places.length < frames) {
    places.push(here);
    const left = Math.hypot(goal[0] - here[0], goal[1] - here[1]);
    if (left <= step) {
      [here, goal] = [goal, draw()];
      continue;
    }
    here = [here[0] + ((goal[0] - here[0]) * step) / left, here[1] + ((goal[1] - here[1]) * step) / left];
  }
  return places;
}

/** The person of a scene at a place. */
export const personAt = ({ person }: Scene, [x, y]: readonly [number, number]): Body => ({ ...person, x, y });

/** Taps of the channel while the person stands at a place, interleaved complex; reflections of first order. */
export function tapsAt(scene: Scene, place: readonly [number, number]): Float64Array {
  const paths = tracePaths(scene.room, scene.link, { order: 1, body: personAt(scene, place) });
  const originSec = distance(scene.link.transmitter, scene.link.receiver) / speedOfLight;
  return channelTaps(paths, { taps: tapCount, sampleRateHz, originTap, originSec });
}
