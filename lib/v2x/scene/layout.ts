import type { Rng } from '../../math/index.js';
import type { Box } from '../types.js';

/** Something that stands: no object of the ground truth. */
export interface Fixture extends Box {
  readonly kind: 'building' | 'pole' | 'bin' | 'bush' | 'kiosk';
}

/** Where the road takes a vehicle at a metre of its way. */
export type Path = (metre: number) => { x: number; y: number; yaw: number };

/** A quarter turn at the crossing, or none. */
export type Turn = 'straight' | 'left' | 'right';

/** Half of the area's side, metres. */
export const HALF_AREA = 50;
/** From the middle of a road to its lanes and its parking strip, metres; four arms with two lanes either way. */
export const LANE_OFFSETS = [1.75, 5.25] as const;
export const HALF_ROAD = 7;
const PARKING_OFFSET = 8.25;
const PAVEMENT = { from: 9.8, to: 12.6 };
const FIRST_WALL = 13;

const TURN_RADIUS = { left: 10, right: 6 };
/** Width and length of clutter (alike, in m), and its height. */
const CLUTTER = {
  pole: { size: [0.15, 0.3], height: [3.5, 6] },
  bin: { size: [0.5, 0.9], height: [0.9, 1.3] },
  bush: { size: [0.8, 1.8], height: [0.7, 1.6] },
  kiosk: { size: [1.4, 2.4], height: [2.0, 2.6] },
} as const;
const CLUTTER_KINDS = ['pole', 'pole', 'bin', 'bush', 'bush', 'kiosk'] as const;

/**
 * The way along a lane of traffic on the right: metre 0 is level with the middle of the crossing, the heading is `yaw`
 * before it; a turn is an arc into the lane of the same offset.
 */
export function lanePath(yaw: number, offset: number, turn: Turn = 'straight'): Path {
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  const place = (ahead: number, left: number, turned: number) => ({
    x: c * ahead - s * left,
    y: s * ahead + c * left,
    yaw: yaw + turned,
  });
  if (turn === 'straight') return (metre) => place(metre, -offset, 0);
  const side = turn === 'left' ? 1 : -1;
  const radius = TURN_RADIUS[turn];
  const start = side * offset - radius;
  return (metre) => {
    const angle = Math.min(Math.max((metre - start) / radius, 0), Math.PI / 2);
    const after = Math.max(metre - start - (radius * Math.PI) / 2, 0);
    const ahead = Math.min(metre, start) + radius * Math.sin(angle);
    return place(ahead, -offset + side * (radius * (1 - Math.cos(angle)) + after), side * angle);
  };
}

/** A place on one of the parking strips. */
export function parkingPlace(rng: Rng): { x: number; y: number; yaw: number } {
  const arm = (rng.integer(4) * Math.PI) / 2;
  const metre = (rng.integer(2) === 0 ? -1 : 1) * rng.uniform(15, HALF_AREA - 3);
  const place = lanePath(arm, PARKING_OFFSET + rng.uniform(-0.15, 0.15))(metre);
  return { ...place, yaw: place.yaw + rng.uniform(-0.03, 0.03) };
}

/** Four buildings, one a corner, and clutter on the pavements. */
export function fixtures(rng: Rng): Fixture[] {
  const corners = [0, 1, 2, 3].map((corner) => building(rng.fork('building').fork(corner), corner));
  const clutter = rng.fork('clutter');
  const count = 24 + clutter.integer(13);
  return [...corners, ...Array.from({ length: count }, () => clutterPiece(clutter))];
}

function building(rng: Rng, corner: number): Fixture {
  const side = () => [FIRST_WALL + rng.uniform(0, 3), rng.uniform(36, HALF_AREA - 2)] as const;
  const [x1, x2] = side();
  const [y1, y2] = side();
  const height = rng.uniform(8, 20);
  return {
    kind: 'building',
    x: ((corner === 0 || corner === 3 ? 1 : -1) * (x1 + x2)) / 2,
    y: ((corner < 2 ? 1 : -1) * (y1 + y2)) / 2,
    z: height / 2,
    ...{ length: x2 - x1, width: y2 - y1, height, yaw: 0 },
  };
}

function clutterPiece(rng: Rng): Fixture {
  const kind = rng.choice(CLUTTER_KINDS);
  const { size, height } = CLUTTER[kind];
  const arm = (rng.integer(4) * Math.PI) / 2;
  const metre = (rng.integer(2) === 0 ? -1 : 1) * rng.uniform(PAVEMENT.from, HALF_AREA - 1);
  const tall = rng.uniform(height[0], height[1]);
  return {
    kind,
    ...lanePath(arm, rng.uniform(PAVEMENT.from + size[1] / 2, PAVEMENT.to - size[1] / 2))(metre),
    z: tall / 2,
    ...{ length: rng.uniform(size[0], size[1]), width: rng.uniform(size[0], size[1]), height: tall },
  };
}
