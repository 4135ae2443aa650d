import type { Rng } from '../../math/index.js';
import { type Lidar, lidar, type StereoRig, stereoRig } from '../lidar/index.js';
import type { AgentKind, Pose } from '../types.js';
import type { Settings, UavOptions } from './options.js';
import { type Vehicle, vehicleAt } from './traffic.js';

/** One sensor carrier of the scene. */
export interface Agent {
  readonly id: string;
  readonly kind: AgentKind;
  readonly lidar: Lidar;
  readonly cameras?: StereoRig;
  /** Place of the vehicle that carries it among the scene's; -1 of none. */
  readonly vehicle: number;
  at(timeSec: number, frame: number): AgentPlace;
}

export interface AgentPlace {
  readonly truePose: Pose;
  /** Before the noise that all agents have. */
  readonly believed: Pose;
  readonly velocity: readonly [number, number];
  readonly route?: readonly (readonly [number, number])[];
}

const SENSOR_HEIGHT = 1.9;
/** The road-side unit: on the pavement of the first corner, looking at the middle. */
const RSU_PLACE = { x: 10.5, y: 10.5, yaw: (-3 * Math.PI) / 4 };
const ROUTE = { metres: 60, step: 2 };
/** How a UAV drifts: how fast, and how far from the middle along x and y it turns back, metres. */
const DRIFT = { speed: 1.5, reach: 25 };
const DEGREE = Math.PI / 180;

/** The agents of a scene: the connected vehicles (the first is the ego), then the road-side unit and the UAV if there are. */
export function agentsOf(rng: Rng, settings: Settings, vehicles: readonly Vehicle[]): Agent[] {
  const cars = vehicles.slice(0, settings.cavs).map((vehicle, place) => carAgent(vehicle, place, settings));
  const { rsu, uav } = settings;
  return [
    ...cars,
    ...(rsu ? [rsuAgent(settings)] : []),
    ...(uav ? [uavAgent(rng.fork('uav'), settings, uav)] : []),
  ];
}

function carAgent(vehicle: Vehicle, place: number, settings: Settings): Agent {
  const beams = (place === 0 ? settings.egoBeams : undefined) ?? settings.lidar.beams;
  return {
    ...{ id: vehicle.id, kind: 'vehicle', vehicle: place },
    lidar: lidar({ ...settings.lidar, beams }),
    ...(place === 0 && settings.egoCameras && { cameras: stereoRig(settings.egoCameras) }),
    at(timeSec) {
      const { x, y, yaw, velocity = [0, 0] } = vehicleAt(vehicle, timeSec);
      const truePose = { x, y, z: SENSOR_HEIGHT, roll: 0, pitch: 0, yaw };
      return { truePose, believed: truePose, velocity, route: routeOf(vehicle, timeSec) };
    },
  };
}

/** The way ahead, from where the vehicle is. */
function routeOf({ path, start, speed }: Vehicle, timeSec: number): [number, number][] {
  const now = start + speed * timeSec;
  return Array.from({ length: ROUTE.metres / ROUTE.step + 1 }, (_, index) => {
    const { x, y } = path(now + index * ROUTE.step);
    return [x, y];
  });
}

function rsuAgent({ rsu, lidar: sensor }: Settings): Agent {
  const { heightMeters, pitchDeg, beams = sensor.beams } = rsu!;
  const truePose = { ...RSU_PLACE, z: heightMeters, roll: 0, pitch: pitchDeg * DEGREE };
  return {
    ...{ id: 'rsu', kind: 'rsu', vehicle: -1, lidar: lidar({ ...sensor, beams }) },
    at: () => ({ truePose, believed: truePose, velocity: [0, 0] }),
  };
}

/** Drifts slowly to and fro over the crossing. Its attitude shakes and is known; its place is known the worse the higher it flies. */
function uavAgent(rng: Rng, { lidar: sensor }: Settings, options: Required<UavOptions>): Agent {
  const { altitudeMeters, tiltDeg, errorPerMeter, beams, elevationDeg } = options;
  const [x, y] = [rng.uniform(-12, 12), rng.uniform(-12, 12)];
  const course = rng.uniform(-Math.PI, Math.PI);
  const yaw = rng.uniform(-Math.PI, Math.PI);
  const drift = [DRIFT.speed * Math.cos(course), DRIFT.speed * Math.sin(course)] as const;
  return {
    ...{ id: 'uav', kind: 'uav', vehicle: -1, lidar: lidar({ ...sensor, beams, elevationDeg }) },
    at(timeSec, frame) {
      const tilt = rng.fork('tilt').fork(frame);
      const [east, north] = [drifted(x, drift[0], timeSec), drifted(y, drift[1], timeSec)];
      const truePose = {
        x: east.place,
        y: north.place,
        z: altitudeMeters,
        roll: tilt.normal(0, tiltDeg * DEGREE),
        pitch: tilt.normal(0, tiltDeg * DEGREE),
        yaw,
      };
      return {
        truePose,
        believed: misplaced(truePose, errorPerMeter, rng.fork('place').fork(frame)),
        velocity: [east.speed, north.speed],
      };
    },
  };
}

/** Along one axis: to and fro within the reach. */
function drifted(start: number, speed: number, timeSec: number): { place: number; speed: number } {
  const way = start + speed * timeSec;
  const crossings = Math.round(way / (2 * DRIFT.reach));
  const sign = crossings % 2 === 0 ? 1 : -1;
  return { place: sign * (way - 2 * DRIFT.reach * crossings), speed: sign * speed };
}

function misplaced(pose: Pose, errorPerMeter: number, rng: Rng): Pose {
  const deviation = errorPerMeter * pose.z;
  const [x, y, z] = [pose.x, pose.y, pose.z].map((value) => rng.normal(value, deviation)) as [
    number,
    number,
    number,
  ];
  return { ...pose, x, y, z };
}
