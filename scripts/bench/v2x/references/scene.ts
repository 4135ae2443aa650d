/** Poses, the LiDAR's ray caster and the simulated crossing against closed forms. */
import { type Rng, standardError, variance, wilsonInterval } from '../../../../lib/math/index.js';
import {
  addPoseNoise,
  type Box,
  castRay,
  crossing,
  lidar,
  originPose,
  type Point,
  poseMatrix,
  rotateVector,
  type Scan,
  transformPoint,
} from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';

const DEGREE = Math.PI / 180;
const SENSOR = { ...originPose, z: 1.9 };
const clean = { rangeNoiseMeters: 0, dropout: 0 };

const pointOf = ({ points }: Scan, n: number): Point => [
  points[4 * n]!,
  points[4 * n + 1]!,
  points[4 * n + 2]!,
];

const rings: Reference[] = [-25, -10, -2].map((elevation) => ({
  id: `lidar/ring/${-elevation}`,
  what: `radius in metres of the ring that a beam at ${elevation} degrees draws on the ground from 1.9 m`,
  source: 'closed form: h / tan(elevation)',
  value: 1.9 / Math.tan(-elevation * DEGREE),
  allowed: within(1.9 / Math.tan(-elevation * DEGREE), 1e-4),
  measure: (rng) => {
    const scan = lidar({ ...clean, beams: 1, elevationDeg: [elevation, elevation] }).scan(SENSOR, [], rng);
    const [x, y] = pointOf(scan, 77);
    return { value: Math.hypot(x, y) };
  },
}));

const wall: Reference = {
  id: 'lidar/wall',
  what: 'range in metres at 30 degrees azimuth and 10 degrees elevation to a wall across the view, 20 m ahead',
  source: 'closed form: d / (cos azimuth cos elevation)',
  value: 20 / (Math.cos(30 * DEGREE) * Math.cos(10 * DEGREE)),
  allowed: within(20 / (Math.cos(30 * DEGREE) * Math.cos(10 * DEGREE)), 1e-4),
  measure: (rng) => {
    const box = { x: 21, y: 0, z: 10, length: 2, width: 100, height: 40, yaw: 0 };
    const sensor = lidar({ ...clean, beams: 1, azimuths: 12, elevationDeg: [10, 10] });
    return { value: Math.hypot(...pointOf(sensor.scan(SENSOR, [box], rng), 1)) };
  },
};

const shadow: Reference = {
  id: 'lidar/shadow',
  what: 'share of a wall of 40 m, 40 m ahead, that a screen in front of its left half leaves to see',
  source: 'closed form: 1/2',
  value: 0.5,
  allowed: within(0.5, 2e-3),
  measure: (rng) => {
    const screen = { x: 10, y: 25, z: 10, length: 1, width: 50, height: 40, yaw: 0 };
    const seen = { x: 40, y: 0, z: 5, length: 0.1, width: 40, height: 10, yaw: 0 };
    const { reached, alone } = lidar({ azimuths: 8192, elevationDeg: [0, 5] }).scan(
      SENSOR,
      [screen, seen],
      rng,
    );
    return { value: reached[1]! / alone[1]! };
  },
};

const fan = { beams: 64, azimuths: 1024, elevationDeg: [-40, -20] as const };

const dropout: Reference = {
  id: 'lidar/dropout',
  what: 'share of 65,536 echoes lost at a dropout of 10 %',
  source: 'definition; binomial interval',
  value: 0.1,
  allowed: within(0.1, 3.9 * Math.sqrt((0.1 * 0.9) / 65536)),
  measure: (rng) => {
    const lost = 65536 - lidar(fan).scan(SENSOR, [], rng).count;
    return { value: lost / 65536, ci95: wilsonInterval(lost, 65536) };
  },
};

const rangeNoise: Reference = {
  id: 'lidar/range-noise',
  what: 'standard deviation in metres of 65,536 ranges with 0.02 m of noise',
  source: 'definition; standard error 0.02 / sqrt(2 n)',
  value: 0.02,
  allowed: within(0.02, (3.9 * 0.02) / Math.sqrt(2 * 65536)),
  measure: (rng) => {
    const ranges = (rangeNoiseMeters: number) => {
      const scan = lidar({ ...fan, dropout: 0, rangeNoiseMeters }).scan(SENSOR, [], rng.fork('scan'));
      return Float64Array.from({ length: scan.count }, (_, n) => Math.hypot(...pointOf(scan, n)));
    };
    const truth = ranges(0);
    return { value: Math.sqrt(variance(ranges(0.02).map((range, n) => range - truth[n]!))) };
  },
};

/** Upright and tilted sensors have ways of their own to the ranges that the slab test gives ray by ray. */
const attitudes: Reference[] = (['upright', 'tilted'] as const).map((attitude) => ({
  id: `lidar/slab/${attitude}`,
  what: `largest difference in metres between ranges of an ${attitude} sensor in a crossing and the slab test of every ray with every box, but for 0.1 % of the rays at edges`,
  source: 'Kay and Kajiya 1986, every ray with every box',
  value: 0,
  allowed: [0, 1e-4],
  measure: (rng) => {
    const scene = crossing({ rng });
    const frame = scene.frame(0);
    const boxes: Box[] = [...frame.objects.slice(1), ...scene.fixtures];
    const tilt = attitude === 'tilted' ? { roll: 0.03, pitch: 0.09 } : {};
    const pose = { ...frame.agents[0]!.truePose, ...tilt };
    const scan = lidar({ ...clean, beams: 32 }).scan(pose, boxes, rng);
    const toWorld = poseMatrix(pose);
    const differences = Array.from({ length: scan.count }, (_, n) => {
      const point = pointOf(scan, n);
      const range = Math.hypot(...point);
      const direction = rotateVector(toWorld, [point[0] / range, point[1] / range, point[2] / range]);
      return (
        Math.abs(castRay(transformPoint(toWorld, [0, 0, 0]), direction, boxes).range / range - 1) * range
      );
    }).sort((a, b) => a - b);
    return { value: differences[Math.floor(0.999 * differences.length)]! };
  },
}));

/** Errors of x and y of three agents in 400 frames. */
function poseErrors(rng: Rng, distribution: 'gaussian' | 'laplace'): number[] {
  const frame = crossing({ rng, seconds: 0.1, cars: 0, lidar: { beams: 1, azimuths: 8 } }).frame(0);
  return Array.from({ length: 400 }, (_, index) =>
    addPoseNoise({ ...frame, index }, { xyMeters: 0.2, distribution }, rng).agents.flatMap(
      ({ pose, truePose }) => [pose.x - truePose.x, pose.y - truePose.y],
    ),
  ).flat();
}

const poseNoise: Reference[] = (
  [
    ['gaussian', Math.sqrt(2 / Math.PI)],
    ['laplace', Math.SQRT1_2],
  ] as const
).map(([distribution, ratio]) => ({
  id: `scene/pose-noise/${distribution}`,
  what: `mean magnitude in metres of ${distribution} pose errors of deviation 0.2 m`,
  source: distribution === 'gaussian' ? 'closed form: sigma sqrt(2 / pi)' : 'closed form: sigma / sqrt(2)',
  value: 0.2 * ratio,
  // 2,400 errors; the standard error of the mean magnitude is sigma sqrt((1 - ratio^2) / n).
  allowed: within(0.2 * ratio, 3.9 * 0.2 * Math.sqrt((1 - ratio ** 2) / 2400)),
  measure: (rng) => {
    const sizes = poseErrors(rng, distribution).map(Math.abs);
    const value = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const half = 1.96 * standardError(sizes);
    return { value, ci95: [value - half, value + half] };
  },
}));

export const references: Reference[] = [
  ...rings,
  wall,
  shadow,
  dropout,
  rangeNoise,
  ...attitudes,
  ...poseNoise,
];
