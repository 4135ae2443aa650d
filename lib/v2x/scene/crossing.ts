import { requireInteger } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { boxContains } from '../geometry/index.js';
import type { Scan } from '../lidar/index.js';
import type { AgentState, Box, Frame, PointCloud, SceneObject } from '../types.js';
import { type Agent, agentsOf } from './agents.js';
import { type Fixture, fixtures } from './layout.js';
import { type CrossingOptions, type Settings, settingsOf } from './options.js';
import { addPoseNoise } from './pose-noise.js';
import { lapsOf, presentAt, traffic, type Vehicle, vehicleAt } from './traffic.js';

/** What one agent has of the frame's objects, by their places. */
export interface AgentView {
  /** Rays that met each object first, before dropout. */
  readonly reached: Uint32Array;
  /** Rays that each object would have stopped if it stood alone. */
  readonly alone: Uint32Array;
}

/** A frame of a simulated scene. An object's `visibility` is that at the agent that sees the largest share of it. */
export interface CrossingFrame extends Frame {
  /** In the agents' order. */
  readonly views: readonly AgentView[];
}

/** A scene; its frames come in any order, the same each time. */
export interface Crossing {
  /** Frames at 10 Hz. */
  readonly frameCount: number;
  /** The ego; it is the first agent of every frame. */
  readonly ego: string;
  /** Buildings and clutter, which every sensor meets and no ground truth holds. */
  readonly fixtures: readonly Fixture[];
  frame(index: number): CrossingFrame;
  frames(): Generator<CrossingFrame>;
}

const PERIOD_SEC = 0.1;
/** What `hits` says of points on buildings and clutter. */
const NOTHING_KNOWN = -2;

/**
 * A seeded urban crossing, 100 m x 100 m about the origin: four arms with two lanes either way, four buildings, parked and
 * driving cars, clutter on the pavements, connected vehicles with a LiDAR at 1.9 m, on wish a road-side unit and a UAV.
 * Layout, traffic, sensor noise, pose noise and clocks have streams of their own: changing one leaves the others.
 * @throws InputError for an option outside its range or when the vehicles find no room.
 */
export function crossing(options: CrossingOptions): Crossing {
  const settings = settingsOf(options);
  const { rng, seconds, clock, poseNoise } = settings;
  const standing = fixtures(rng.fork('layout'));
  const all = traffic(rng.fork('traffic'), settings);
  const agents = agentsOf(rng.fork('agents'), settings, all);
  const frameCount = Math.max(1, Math.round(seconds / PERIOD_SEC));
  const frame = (index: number): CrossingFrame => {
    requireInteger('frame', index, 0, frameCount - 1);
    const timeSec = index * PERIOD_SEC;
    const vehicles = all.filter((vehicle) => presentAt(vehicle, timeSec));
    const taken = agents.map((agent, place) => {
      const timing = timingOf(rng.fork('clock'), agent.id, place, index, clock);
      return takenBy(agent, timeSec, timing, index, vehicles, standing, rng);
    });
    const views = taken.map(({ view }) => view);
    const objects = vehicles.map((vehicle, place) => ({
      ...vehicleAt(vehicle, timeSec),
      visibility: share(views, place),
    }));
    const clean = { index, timeSec, agents: taken.map(({ state }) => state), objects, views };
    return addPoseNoise(clean, poseNoise, rng.fork('pose'));
  };
  return {
    ...{ frameCount, ego: 'cav0', fixtures: standing, frame },
    *frames() {
      for (let index = 0; index < frameCount; index++) yield frame(index);
    },
  };
}

/** Share of an object's rays at one agent that something else stops, 0 to 1; 1 where none would reach it at all. */
export function occlusion({ views }: CrossingFrame, agent: number, object: number): number {
  return 1 - share(views.slice(agent, agent + 1), object);
}

function share(views: readonly AgentView[], object: number): number {
  return Math.max(
    ...views.map(({ reached, alone }) => (alone[object]! > 0 ? reached[object]! / alone[object]! : 0)),
  );
}

/** When an agent senses relative to the frame, and its clock's error. */
interface Timing {
  readonly lagSec: number;
  readonly clockOffsetSec: number;
}

function timingOf(rng: Rng, id: string, place: number, index: number, clock: Settings['clock']): Timing {
  const own = rng.fork(id);
  const constant = own.uniform();
  const clockOffsetSec = clock.offsetSec * own.normal();
  if (place === 0) return { lagSec: 0, clockOffsetSec };
  return { lagSec: clock.lagSec * constant + clock.jitterSec * own.fork(index).normal(), clockOffsetSec };
}

function takenBy(
  agent: Agent,
  frameSec: number,
  { lagSec, clockOffsetSec }: Timing,
  index: number,
  vehicles: readonly Vehicle[],
  standing: readonly Fixture[],
  rng: Rng,
): { state: AgentState; view: AgentView } {
  const { id, kind } = agent;
  const timeSec = frameSec - lagSec;
  const { truePose, believed, velocity, route } = agent.at(timeSec, index);
  const objects = vehicles.map(
    (vehicle): SceneObject => vehicleAt(vehicle, timeSec, lapsOf(vehicle, frameSec)),
  );
  const boxes: Box[] = [...objects, ...standing];
  const { x, y, z } = truePose;
  const carrier = agent.vehicle < 0 ? boxes.findIndex((box) => boxContains(box, [x, y, z])) : agent.vehicle;
  const stream = (sensor: string) => rng.fork(sensor).fork(id).fork(index);
  const scan = agent.lidar.scan(truePose, boxes, stream('lidar'), carrier);
  const cameras = agent.cameras
    ?.look(truePose, boxes, stream('camera'), carrier)
    .map(({ hits: _, ...view }) => view);
  const state: AgentState = {
    ...{ id, kind, truePose, pose: believed, timeSec, clockOffsetSec, velocity },
    cloud: cloudOf(scan, objects.length),
    ...(cameras && { cameras }),
    ...(route && { route }),
  };
  const view = { reached: scan.reached.slice(0, objects.length), alone: scan.alone.slice(0, objects.length) };
  return { state, view };
}

/** The cloud of the scan, which loses what it knows of anything but objects. */
function cloudOf({ count, points, hits }: Scan, objects: number): PointCloud {
  for (let point = 0; point < count; point++) {
    if (hits[point]! >= objects) hits[point] = NOTHING_KNOWN;
  }
  return { count, points, hits };
}
