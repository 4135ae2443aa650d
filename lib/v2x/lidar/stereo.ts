import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { composePoses, originPose } from '../geometry/index.js';
import type { Box, DepthView, Pose, StereoPair } from '../types.js';
import { type DepthImage, depthImage } from './camera.js';
import { normalLevels, rayKey, rayWord } from './noise.js';
import { NOTHING } from './slab.js';

/** Stereo cameras about a vehicle, all alike. */
export interface StereoOptions extends Partial<StereoPair> {
  /** Of the depth map, which may be coarser than the images that are matched. */
  readonly width?: number;
  readonly height?: number;
  /** Between the left and the right edge, 1 to 170 degrees. */
  readonly fovDeg?: number;
  /** Where the cameras look, degrees to the left of straight ahead; 1 to 16 of them. */
  readonly yawsDeg?: readonly number[];
  /** Depths come out longer by this factor less 1, as if the baseline were: -0.5 to 0.5. */
  readonly scaleError?: number;
  /** Longer depths are not measured, metres. */
  readonly maxRangeMeters?: number;
  /** Share of the pixels without a match, 0 to 1. */
  readonly dropout?: number;
  /** Pixels beside another surface that is nearer or farther by more are not matched, metres. */
  readonly edgeMeters?: number;
}

/** What one camera measured, with the place in the list of boxes of what each pixel truly shows (-1 ground, -2 sky). */
export interface StereoView extends DepthView {
  readonly hits: Int32Array;
}

export interface StereoRig {
  readonly options: Readonly<Required<StereoOptions>>;
  /**
   * @param pose of the agent that carries the cameras
   * @param except place of a box that is looked through: the one that carries them
   */
  look(pose: Pose, boxes: readonly Box[], rng: Rng, except?: number): StereoView[];
}

const DEGREE = Math.PI / 180;

const defaults: Required<StereoOptions> = {
  ...{ width: 240, height: 64, fovDeg: 90, yawsDeg: [0, 90, 180, -90] },
  ...{ focalPixels: 640, baselineMeters: 0.5, noisePixels: 0.3, surfacePixels: 0.15, scaleError: 0.03 },
  ...{ maxRangeMeters: 50, dropout: 0.1, edgeMeters: 0.5 },
};

/**
 * Cameras that measure depth by disparity d = f b / z. A pixel's disparity has noise, and all pixels of a surface share an
 * error, so a depth's standard deviation is z^2 sigma_d / (f b) (the stereo relation, Gallup et al. 2008), and a calibration
 * error makes all depths too long by one factor. No depth comes from where a surface borders a nearer one, from matches lost
 * by chance and from beyond the range. Unless told otherwise: four cameras of 90 degrees, f = 640 pixels, b = 0.5 m,
 * sigma_d = 0.3 pixels (0.4 m at 20 m), surfaces 0.15 pixels, scale 3 % too long, up to 50 m.
 * @throws InputError for options outside their ranges.
 */
export function stereoRig(given: StereoOptions = {}): StereoRig {
  const options = checked({ ...defaults, ...given });
  const { width, height, fovDeg, yawsDeg } = options;
  const { focalPixels, baselineMeters, noisePixels, surfacePixels } = options;
  const pair: StereoPair = { focalPixels, baselineMeters, noisePixels, surfacePixels };
  const mounts = yawsDeg.map((yaw) => ({ ...originPose, yaw: yaw * DEGREE }));
  return {
    options,
    look(pose, boxes, rng, except = -1) {
      const surfaces = rng.fork('surfaces');
      const errors = boxes.map(() => surfaces.normal(0, surfacePixels));
      return mounts.map((mount, place) => {
        const exact = depthImage(composePoses(pose, mount), boxes, { width, height, fovDeg }, except);
        const depth = measured(exact, options, errors, rng.fork(place));
        return { mount, width, height, fovDeg, pair, depth, hits: exact.hits };
      });
    },
  };
}

function measured(
  image: DepthImage,
  options: Required<StereoOptions>,
  errors: readonly number[],
  rng: Rng,
): Float32Array {
  const { focalPixels, baselineMeters, noisePixels, scaleError, maxRangeMeters, dropout, edgeMeters } =
    options;
  const reach = focalPixels * baselineMeters;
  const lost = Math.round(dropout * 65536);
  const [key, normals] = [rayKey(rng), normalLevels()];
  const depth = new Float32Array(image.depth.length);
  for (let pixel = 0; pixel < depth.length; pixel++) {
    const word = rayWord(key, pixel);
    const hit = image.hits[pixel]!;
    if (hit === NOTHING || (word & 0xffff) < lost || atEdge(image, pixel, edgeMeters)) continue;
    const exact = reach / (image.depth[pixel]! * (1 + scaleError));
    const disparity = exact + (hit >= 0 ? errors[hit]! : 0) + noisePixels * normals[word >>> 16]!;
    if (disparity * maxRangeMeters >= reach) depth[pixel] = reach / disparity;
  }
  return depth;
}

/** Whether a neighbour shows something else at another depth. */
function atEdge(image: DepthImage, pixel: number, edgeMeters: number): boolean {
  const { width, height } = image;
  const column = pixel % width;
  return (
    (column > 0 && parted(image, pixel, pixel - 1, edgeMeters)) ||
    (column < width - 1 && parted(image, pixel, pixel + 1, edgeMeters)) ||
    (pixel >= width && parted(image, pixel, pixel - width, edgeMeters)) ||
    (pixel < width * (height - 1) && parted(image, pixel, pixel + width, edgeMeters))
  );
}

const parted = ({ depth, hits }: DepthImage, pixel: number, other: number, edgeMeters: number) =>
  hits[other] !== hits[pixel] && Math.abs(depth[other]! - depth[pixel]!) > edgeMeters;

function checked(options: Required<StereoOptions>): Required<StereoOptions> {
  const { yawsDeg } = options;
  if (yawsDeg.length < 1 || yawsDeg.length > 16)
    throw new InputError(`yawsDeg of ${yawsDeg.length} cameras; allowed: 1 to 16`);
  for (const [place, yaw] of yawsDeg.entries()) requireRange(`yawsDeg[${place}]`, yaw, -360, 360);
  requireInteger('width', options.width, 1, 4096);
  requireInteger('height', options.height, 1, 4096);
  requireRange('fovDeg', options.fovDeg, 1, 170);
  requireRange('focalPixels', options.focalPixels, 1, 1e5);
  requireRange('baselineMeters', options.baselineMeters, 0.01, 10, 'm');
  requireRange('noisePixels', options.noisePixels, 0, 100);
  requireRange('surfacePixels', options.surfacePixels, 0, 100);
  requireRange('scaleError', options.scaleError, -0.5, 0.5);
  requireRange('maxRangeMeters', options.maxRangeMeters, 1, 1000, 'm');
  requireRange('dropout', options.dropout, 0, 1);
  requireRange('edgeMeters', options.edgeMeters, 0, 1000, 'm');
  return options;
}
