/** Frames and media for tests. */
import { Rng } from '../../math/index.js';
import type { AgentState, Frame, SceneObject } from '../types.js';
import type { Burst, Medium, MediumModel, Transmission } from './medium.js';

const still = { roll: 0, pitch: 0, yaw: 0 };

/** A frame of agents at the given places, antennas at 1.9 m unless stated. */
export function frameOf(
  places: Record<string, readonly [x: number, y: number, z?: number]>,
  objects: readonly SceneObject[] = [],
): Frame {
  const agents = Object.entries(places).map(([id, [x, y, z = 1.9]]): AgentState => {
    const pose = { ...still, x, y, z };
    const cloud = { count: 0, points: new Float32Array(0) };
    return {
      id,
      kind: 'vehicle',
      truePose: pose,
      pose,
      timeSec: 0,
      clockOffsetSec: 0,
      cloud,
      velocity: [0, 0],
    };
  });
  return { index: 0, timeSec: 0, agents, objects };
}

/** A box that stands on the ground. */
export function standing(
  x: number,
  y: number,
  size: readonly [l: number, w: number, h: number],
): SceneObject {
  const [length, width, height] = size;
  return { id: `at ${x} ${y}`, kind: 'car', x, y, z: height / 2, length, width, height, yaw: 0 };
}

/** A medium where everybody hears everybody at -60 dBm, or as stated. */
export function openMedium(
  model: MediumModel,
  seed: string | number,
  powerDbm = (_a: string, _b: string) => -60,
): Medium {
  return model.open({ powerDbm, rng: Rng.of(seed) });
}

/** A burst of equal fragments. */
export function burstOf(
  sender: string,
  readySec: number,
  { count = 1, bytes = 100, expiresSec = Number.POSITIVE_INFINITY } = {},
): Burst {
  return { sender, readySec, expiresSec, wireLengths: new Array<number>(count).fill(bytes) };
}

/** All that comes of some bursts. */
export function runBursts(medium: Medium, bursts: readonly Burst[]): Transmission[] {
  for (const burst of bursts) medium.offer(burst);
  return medium.advance(Number.POSITIVE_INFINITY);
}

/** Bytes to send. */
export function bytesOf(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index++) bytes[index] = (7 * index) % 251;
  return bytes;
}

/** Whether the same bytes came; quicker than an assertion on the arrays. */
export function areBytes(received: Uint8Array | undefined, sent: Uint8Array): boolean {
  return Buffer.from(received ?? []).equals(sent);
}
