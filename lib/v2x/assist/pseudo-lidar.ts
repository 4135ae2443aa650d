import { inverseRigid, type Point, transformPoint } from '../geometry/index.js';
import { focalOf } from '../lidar/index.js';
import type { AgentState, DepthView } from '../types.js';
import { depthScale } from './scale.js';
import { type Standpoint, type Surroundings, standpointOf, surroundingsOf } from './standpoint.js';
import { type Stixel, stixelsOf, surfacesOf } from './stixels.js';
import { fitSurface, type Observation } from './surface-fit.js';

/**
 * What the LiDAR's points mend: the scale of all depths and each surface's own error, the scale alone, or nothing.
 */
export type CameraCorrection = 'surfaces' | 'scale' | 'none';

/** A place that cameras saw, in the agent's frame, and how far off it may be. */
export interface CameraPoint {
  readonly place: Point;
  /** Standard deviation of its distance as estimated, metres. */
  readonly errorMeters: number;
}

/** Narrower surfaces are no more than noise. */
const LEAST_COLUMNS = 3;
/** How well a LiDAR's point says where a surface is: its range noise, and that surfaces are not quite plane. */
const LIDAR_METERS = 0.05;
const LEAST_AHEAD = 1;
/** Finer is no matching, and no estimate bears pixels without noise. */
const LEAST_NOISE_PIXELS = 0.01;
/** A point of the LiDAR that is farther off, in deviations of the pixels, is of something else. */
const DEVIATIONS = 4;

/**
 * Places that an agent's cameras saw above the ground, one a surface and image column, at the height of its upper end
 * (pseudo-LiDAR: Wang et al. 2019). Upright planes are fitted to each surface, to the pixels and to the LiDAR's points together.
 */
export function pseudoLidar(agent: AgentState, correction: CameraCorrection = 'surfaces'): CameraPoint[] {
  const surroundings = surroundingsOf(agent);
  const back = inverseRigid(surroundings.level);
  return (agent.cameras ?? []).flatMap((view) => {
    const scale = correction === 'none' ? 1 : depthScale(view, agent.cloud);
    return pointsOf(view, surroundings, scale, correction === 'surfaces').map(({ place, errorMeters }) => ({
      ...{ place: transformPoint(back, place), errorMeters },
    }));
  });
}

/** In the agent's levelled frame. */
function pointsOf(
  view: DepthView,
  surroundings: Surroundings,
  scale: number,
  anchor: boolean,
): CameraPoint[] {
  const standpoint = standpointOf(view, surroundings);
  const { matrix: m, heading, reach, levelOf } = standpoint;
  const sightings = anchor ? sightingsOf(view, standpoint, surroundings) : [];
  const surfaces = surfacesOf(stixelsOf(view, standpoint, scale), view, reach);
  return surfaces
    .filter(({ length }) => length >= LEAST_COLUMNS)
    .flatMap((surface) => {
      const fit = fitSurface(observationsOf(surface, view, sightings, reach), view.pair.surfacePixels ** 2);
      return surface.flatMap(({ column, aside, top }) => {
        const ahead = reach / fit.disparity(column);
        if (!(ahead > 0)) return [];
        const x = m[3]! + ahead * (heading[0] - aside * heading[1]);
        const y = m[7]! + ahead * (heading[1] + aside * heading[0]);
        const errorMeters = (ahead ** 2 / reach) * Math.sqrt(fit.variance(column));
        return [{ place: [x, y, top + levelOf(x, y)] as const, errorMeters }];
      });
    });
}

/** Disparities that the LiDAR's points above the ground would have, by the image column they fall on. */
function sightingsOf(
  { width, fovDeg }: DepthView,
  { matrix: m, heading, reach }: Standpoint,
  { standing }: Surroundings,
): number[][] {
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
  { pair: { noisePixels, surfacePixels } }: DepthView,
  sightings: readonly (readonly number[])[],
  reach: number,
): Observation[] {
  return surface.flatMap(({ column, disparity, rows }) => {
    const variance = Math.max(noisePixels, LEAST_NOISE_PIXELS) ** 2 / rows;
    const gate = DEVIATIONS * Math.sqrt(variance + surfacePixels ** 2);
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
