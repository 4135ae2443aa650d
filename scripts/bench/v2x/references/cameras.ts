/** Stereo cameras against closed forms, and what they add to a LiDAR of few beams: 3 seeds of 60 frames. */
import { mean, Rng, standardError, variance } from '../../../../lib/math/index.js';
import {
  type AssistOptions,
  type Box,
  cameraAssisted,
  crossing,
  depthScale,
  type Frame,
  gainOver,
  lcv2i,
  noSharing,
  originPose,
  pooled,
  runSharing,
  type SharingResult,
  type SharingStrategy,
  stereoRig,
} from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';

const SENSOR = { ...originPose, z: 1.9 };
const wall = (metres: number): Box => ({
  ...{ x: metres + 1, y: 0, z: 20, length: 2, width: 400, height: 60, yaw: 0 },
});
const looseNoise = { scaleError: 0, surfacePixels: 0, dropout: 0, maxRangeMeters: 1000, yawsDeg: [0] };

/** Standard deviation of a depth: z^2 sigma_d / (f b). */
const deviations: Reference[] = [10, 20, 40].map((metres) => {
  const [noisePixels, pixels] = [0.1, 5000];
  const law = (metres ** 2 * noisePixels) / (640 * 0.5);
  return {
    id: `cameras/deviation/${metres}`,
    what: `standard deviation in metres of stereo depths of a wall ${metres} m ahead, disparity noise 0.1 pixels, f = 640 pixels, b = 0.5 m`,
    source: 'closed form: z^2 sigma_d / (f b); standard error over at least 5,000 pixels',
    value: law,
    allowed: within(law, (3.9 * law) / Math.sqrt(2 * pixels)),
    measure: (rng) => {
      const [view] = stereoRig({ ...looseNoise, noisePixels }).look(SENSOR, [wall(metres)], rng);
      const { hits, depth } = view!;
      return { value: Math.sqrt(variance(depth.filter((z, pixel) => hits[pixel] === 0 && z > 0))) };
    },
  };
});

const SEEDS = [1, 2, 3];
const WARM_UP = 10;
const made = new Map<number, readonly (readonly Frame[])[]>();

/** A vehicle with cameras and a LiDAR of so many beams, a road-side unit of 64. */
function scenes(egoBeams: number): readonly (readonly Frame[])[] {
  const known = made.get(egoBeams);
  if (known) return known;
  const options = { seconds: 7, cavs: 1, egoBeams, rsu: { beams: 64 }, egoCameras: {} };
  const all = SEEDS.map((seed) => [...crossing({ rng: Rng.of(seed), ...options }).frames()]);
  made.set(egoBeams, all);
  return all;
}

const scale: Reference = {
  id: 'cameras/scale',
  what: 'mean factor, over 60 frames and four cameras, by which the 16 beams of a LiDAR correct depths 3 % too long',
  source: 'closed form: 1 / 1.03; 0.1 % for points that fall on a pixel beside its centre',
  value: 1 / 1.03,
  allowed: within(1 / 1.03, 1e-3),
  measure: () => {
    const frames = scenes(16).flatMap((all) => all.slice(0, 20));
    const found = frames.map(({ agents: [ego] }) =>
      mean(ego!.cameras!.map((view) => depthScale(view, ego!.cloud))),
    );
    const half = 1.96 * standardError(found);
    return { value: mean(found), ci95: [mean(found) - half, mean(found) + half] };
  },
};

const alone = (options?: AssistOptions) => () => cameraAssisted(noSharing(), options);
const measured = (beams: number, make: () => SharingStrategy): SharingResult =>
  pooled(scenes(beams).map((frames) => runSharing(frames, { strategy: make(), warmUpFrames: WARM_UP })));
const source = 'what a camera must do for a LiDAR of few beams: bounds set on seeds 101 to 103';

/** By how much AP@0.5 must be greater. */
const gain = (
  id: string,
  what: string,
  least: number,
  beams: number,
  [ours, theirs]: readonly [() => SharingStrategy, () => SharingStrategy],
): Reference => ({
  id: `cameras/${id}/${beams}`,
  what: `AP@0.5, ${beams} beams: ${what}`,
  source,
  value: least,
  allowed: [least, Number.POSITIVE_INFINITY],
  measure: (rng) => gainOver(measured(beams, ours), measured(beams, theirs), rng),
});

const lcv2iOf1600 = () => lcv2i({ maxBytes: 1600 });
const gains: Reference[] = [4, 8, 16, 32].flatMap((beams) => [
  gain('over-none', 'with cameras less without', beams === 4 ? 0.1 : 0, beams, [alone(), noSharing]),
  gain('corrected', 'cameras corrected by the LiDAR less not corrected', 0, beams, [
    alone(),
    alone({ correction: 'none' }),
  ]),
  gain('lcv2i', 'LCV2I of 1600 bytes with cameras less without', 0, beams, [
    () => cameraAssisted(lcv2iOf1600()),
    lcv2iOf1600,
  ]),
]);

export const references: Reference[] = [...deviations, scale, ...gains];
