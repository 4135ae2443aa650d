import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { Box, PointCloud, Pose } from '../types.js';
import { type RangeImage, type RayGrid, rayGrid } from './grid.js';
import { normalLevels, type RayKey, rayKey, rayWord } from './noise.js';
import { NOTHING } from './slab.js';
import { castTilted } from './tilted.js';
import { castUpright } from './upright.js';

/** A spinning LiDAR. */
export interface LidarOptions {
  /** 1 to 256. */
  beams?: number;
  /** Rays of a beam in one turn, 8 to 8,192. */
  azimuths?: number;
  /** Lowest and highest beam, degrees above the sensor's level; evenly spaced between. */
  elevationDeg?: readonly [lowest: number, highest: number];
  maxRangeMeters?: number;
  /** Standard deviation of a range. */
  rangeNoiseMeters?: number;
  /** Share of the echoes that are lost, 0 to 1. */
  dropout?: number;
}

/** A cloud whose `hits` are places in the list of boxes cast at (-1 ground), with what each box did before dropout. */
export interface Scan extends PointCloud {
  readonly hits: Int32Array;
  /** Rays that met each box first. */
  readonly reached: Uint32Array;
  /** Rays that each box would have stopped if it stood alone. */
  readonly alone: Uint32Array;
}

/** A sensor that casts its rays from a pose at upright boxes and the ground z = 0. */
export interface Lidar {
  readonly options: Readonly<Required<LidarOptions>>;
  /** @param except place of a box that the rays pass through: the one that carries the sensor */
  scan(pose: Pose, boxes: readonly Box[], rng: Rng, except?: number): Scan;
}

/** Intensity of an echo falls with exp(-distance / 250 m). */
const FADING_PER_METER = 0.004;

const defaults: Required<LidarOptions> = {
  beams: 16,
  azimuths: 360,
  elevationDeg: [-25, 2],
  maxRangeMeters: 120,
  rangeNoiseMeters: 0.02,
  dropout: 0.1,
};

/**
 * A LiDAR by ray casting: 16 beams from -25 to 2 degrees, 360 azimuths, 120 m, range noise 0.02 m, dropout 10 % and
 * intensity exp(-0.004 d) unless told otherwise. Noise comes from one word of the stream per ray, so a ray keeps its noise
 * whatever stands in the scene. A sensor without roll and pitch takes a faster way to the same ranges.
 * @throws InputError for options outside their ranges.
 */
export function lidar(given: LidarOptions = {}): Lidar {
  const options = checked({ ...defaults, ...given });
  const { beams, azimuths, elevationDeg, maxRangeMeters } = options;
  const degree = Math.PI / 180;
  const grid = rayGrid(beams, azimuths, [elevationDeg[0] * degree, elevationDeg[1] * degree]);
  const rays = beams * azimuths;
  const image: RangeImage = { range: new Float64Array(rays), hit: new Int32Array(rays) };
  const room = { points: new Float32Array(4 * rays), hits: new Int32Array(rays) };
  return {
    options,
    scan(pose, boxes, rng, except = -1) {
      const alone = new Uint32Array(boxes.length);
      const cast = pose.roll === 0 && pose.pitch === 0 ? castUpright : castTilted;
      cast(grid, pose, boxes, except, maxRangeMeters, image, alone);
      const reached = countReached(image, boxes.length);
      const count = echoes(grid, image, options, rayKey(rng), room);
      return {
        count,
        points: room.points.slice(0, 4 * count),
        hits: room.hits.slice(0, count),
        ...{ reached, alone },
      };
    },
  };
}

/** Writes the echoes that come back with noise; how many. */
function echoes(
  grid: RayGrid,
  { range, hit }: RangeImage,
  { dropout, rangeNoiseMeters }: Required<LidarOptions>,
  key: RayKey,
  { points, hits }: { points: Float32Array; hits: Int32Array },
): number {
  const { beams, columns, azimuthCos, azimuthSin, elevationCos, elevationSin } = grid;
  const lost = Math.round(dropout * 65536);
  const normals = normalLevels();
  let count = 0;
  for (let column = 0, ray = 0; column < columns; column++) {
    const ca = azimuthCos[column]!;
    const sa = azimuthSin[column]!;
    for (let beam = 0; beam < beams; beam++, ray++) {
      const word = rayWord(key, ray);
      if (hit[ray] === NOTHING || (word & 0xffff) < lost) continue;
      const metres = range[ray]! + rangeNoiseMeters * normals[word >>> 16]!;
      const level = metres * elevationCos[beam]!;
      points[4 * count] = level * ca;
      points[4 * count + 1] = level * sa;
      points[4 * count + 2] = metres * elevationSin[beam]!;
      points[4 * count + 3] = Math.exp(-FADING_PER_METER * Math.max(metres, 0));
      hits[count++] = hit[ray]!;
    }
  }
  return count;
}

function countReached({ hit }: RangeImage, boxes: number): Uint32Array {
  const reached = new Uint32Array(boxes);
  for (let ray = 0; ray < hit.length; ray++) {
    const index = hit[ray]!;
    if (index >= 0) reached[index]!++;
  }
  return reached;
}

function checked(options: Required<LidarOptions>): Required<LidarOptions> {
  requireInteger('beams', options.beams, 1, 256);
  requireInteger('azimuths', options.azimuths, 8, 8192);
  const [low, high] = options.elevationDeg;
  requireRange('elevationDeg[0]', low, -89.9, 89.9);
  requireRange('elevationDeg[1]', high, -89.9, 89.9);
  if (low > high) throw new InputError(`elevationDeg is ${low} to ${high}; allowed: the lowest first`);
  requireRange('maxRangeMeters', options.maxRangeMeters, 1, 1000);
  requireRange('rangeNoiseMeters', options.rangeNoiseMeters, 0, 10);
  requireRange('dropout', options.dropout, 0, 1);
  return options;
}
