import { requireChoice, requireRange } from '../../base/index.js';
import { inverseRigid, transformPoint } from '../geometry/index.js';
import { focalOf } from '../lidar/index.js';
import type { AgentState, DepthView, PointCloud, SharingStrategy } from '../types.js';
import { depthScale } from './scale.js';
import { type Standpoint, type Surroundings, standpointOf, surroundingsOf } from './standpoint.js';
import { type Stixel, stixelsOf, surfacesOf } from './stixels.js';
import { fitSurface, type Observation } from './surface-fit.js';

export interface CameraOptions {
  readonly correction?: 'surfaces' | 'scale' | 'none';
  readonly maxErrorMeters?: number;
}

const LEAST_COLUMNS = 3;
const LIDAR_METERS = 0.05;
const LEAST_AHEAD = 1;
const DEVIATIONS = 4;

const known = new WeakMap<PointCloud, Map<string, PointCloud>>();

export function withCameras(agent: AgentState, options: CameraOptions = {}): AgentState {
  const { correction = 'surfaces', maxErrorMeters = 0.4 } = options;
  requireChoice('correction', correction, ['surfaces', 'scale', 'none']);
  requireRange('maxErrorMeters', maxErrorMeters, 0.01, 10, 'm');
  if (!agent.cameras) return agent;
  const clouds = known.get(agent.cloud) ?? new Map<string, PointCloud>();
  known.set(agent.cloud, clouds);
  const key = `${correction} ${maxErrorMeters} ${agent.pose.roll} ${agent.pose.pitch}`;
  const cloud = clouds.get(key) ?? joined(agent, { correction, maxErrorMeters });
  clouds.set(key, cloud);
  return { ...agent, cloud };
}

export function cameraAssisted(strategy: SharingStrategy, options: CameraOptions = {}): SharingStrategy {
  const helped = (agent: AgentState) => withCameras(agent, options);
  return {
    name: `${strategy.name} + camera`,
    ...(strategy.request && { request: (ego) => strategy.request!(helped(ego)) }),
    share: (sender, request) => strategy.share(helped(sender), request),
    fuse: (ego, messages) => strategy.fuse(helped(ego), messages),
  };
}

function joined(agent: AgentState, options: Required<CameraOptions>): PointCloud {
  const surroundings = surroundingsOf(agent);
  const seen = agent.cameras!.flatMap((view) => pseudoPoints(view, agent.cloud, surroundings, options));
  const back = inverseRigid(surroundings.level);
  const { count, points } = agent.cloud;
  const all = new Float32Array(4 * (count + seen.length));
  all.set(points.subarray(0, 4 * count));
  for (const [at, place] of seen.entries()) all.set(transformPoint(back, place), 4 * (count + at));
  return { count: count + seen.length, points: all };
}

function pseudoPoints(
  view: DepthView,
  cloud: PointCloud,
  surroundings: Surroundings,
  { correction, maxErrorMeters }: Required<CameraOptions>,
): [number, number, number][] {
  const standpoint = standpointOf(view, surroundings);
  const { matrix: m, heading, reach } = standpoint;
  const scale = correction === 'none' ? 1 : depthScale(view, cloud);
  const surfaces = surfacesOf(stixelsOf(view, standpoint, scale), view, reach);
  const sightings = correction === 'surfaces' ? sightingsOf(view, standpoint, surroundings) : [];
  const [a, b, c] = surroundings.ground;
  const points: [number, number, number][] = [];
  for (const surface of surfaces) {
    if (surface.length < LEAST_COLUMNS) continue;
    const fit = fitSurface(observationsOf(surface, view, sightings, reach), view.pair.surfacePixels ** 2);
    for (const { column, aside, top } of surface) {
      const ahead = reach / fit.disparity(column);
      if (!(ahead > 0 && (ahead ** 2 / reach) * Math.sqrt(fit.variance(column)) <= maxErrorMeters)) continue;
      const x = m[3]! + ahead * (heading[0] - aside * heading[1]);
      const y = m[7]! + ahead * (heading[1] + aside * heading[0]);
      points.push([x, y, top + a * x + b * y + c]);
    }
  }
  return points;
}

function sightingsOf(
  view: DepthView,
  { matrix: m, heading, reach }: Standpoint,
  { standing }: Surroundings,
): number[][] {
  const { width, fovDeg } = view;
  const focal = focalOf(width, fovDeg);
  const columns = Array.from({ length: width }, (): number[] => []);
  for (const [x, y] of standing) {
    const [u, v] = [x - m[3]!, y - m[7]!];
    const ahead = heading[0] * u + heading[1] * v;
    if (ahead < LEAST_AHEAD) continue;
    const aside = (heading[0] * v - heading[1] * u) / ahead;
    columns[Math.floor(width / 2 - focal * aside)]?.push(reach / ahead);
  }
  return columns;
}

function observationsOf(
  surface: readonly Stixel[],
  { pair }: DepthView,
  sightings: readonly (readonly number[])[],
  reach: number,
): Observation[] {
  return surface.flatMap(({ column, disparity, rows }) => {
    const variance = pair.noisePixels ** 2 / rows;
    const gate = DEVIATIONS * Math.sqrt(variance + pair.surfacePixels ** 2);
    const met = (sightings[column] ?? []).filter((sighting) => Math.abs(sighting - disparity) <= gate);
    return [
      { column, disparity, variance, biased: true },
      ...met.map((sighting) => ({
        ...{ column, disparity: sighting, biased: false },
        variance: ((sighting ** 2 / reach) * LIDAR_METERS) ** 2,
      })),
    ];
  });
}
