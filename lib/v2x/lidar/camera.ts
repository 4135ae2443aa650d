import { requireInteger, requireRange } from '../../base/index.js';
import {
  boxCorners,
  inverseRigid,
  multiplyRigid,
  originPose,
  type Point,
  poseMatrix,
  type RigidMatrix,
  transformPoint,
} from '../geometry/index.js';
import type { Box, Pose } from '../types.js';
import { enterSlabs, GROUND, NOTHING } from './slab.js';

/** A pinhole camera without distortion; square pixels. */
export interface CameraOptions {
  /** Pixels, 1 to 4,096. */
  readonly width: number;
  readonly height: number;
  /** Between the left and the right edge, 1 to 170 degrees; 90 unless told otherwise. */
  readonly fovDeg?: number;
}

/** What a depth camera sees, row by row from the top left. */
export interface DepthImage {
  readonly width: number;
  readonly height: number;
  /** Metres along the viewing axis; Infinity for the sky. */
  readonly depth: Float32Array;
  /** Places in the list of boxes; -1 ground, -2 sky. */
  readonly hits: Int32Array;
}

interface Camera {
  width: number;
  height: number;
  /** Pixels a metre at one metre's depth. */
  focal: number;
}

/** Nearer corners may lie beside or behind the camera, where no rectangle of pixels bounds a box. */
const NEAR_METERS = 0.05;

/**
 * The depth image of a camera that looks along x of its pose, y to the left and z up.
 * @param except place of a box that is looked through: the one that carries the camera
 * @throws InputError for a size or field of view outside its range.
 */
export function depthImage(
  pose: Pose,
  boxes: readonly Box[],
  { width, height, fovDeg = 90 }: CameraOptions,
  except = -1,
): DepthImage {
  requireInteger('width', width, 1, 4096);
  requireInteger('height', height, 1, 4096);
  requireRange('fovDeg', fovDeg, 1, 170);
  const camera = { width, height, focal: focalOf(width, fovDeg) };
  const image = {
    width,
    height,
    depth: new Float32Array(width * height),
    hits: new Int32Array(width * height),
  };
  const toWorld = poseMatrix(pose);
  drawGround(camera, toWorld, image);
  const toCamera = inverseRigid(toWorld);
  for (const [index, box] of boxes.entries()) {
    if (index === except) continue;
    const toBox = inverseRigid(poseMatrix({ ...originPose, x: box.x, y: box.y, z: box.z, yaw: box.yaw }));
    drawBox(camera, pixelWindow(camera, toCamera, box), multiplyRigid(toBox, toWorld), box, index, image);
  }
  return image;
}

/** Pixels a metre at one metre's depth, of a camera that sees so wide. */
export const focalOf = (width: number, fovDeg: number) => width / 2 / Math.tan((fovDeg * Math.PI) / 360);

function drawGround({ width, height, focal }: Camera, m: RigidMatrix, { depth, hits }: DepthImage): void {
  const [ahead, left, up, above] = [m[8]!, m[9]!, m[10]!, m[11]!];
  for (let row = 0, pixel = 0; row < height; row++) {
    const rise = (height / 2 - row - 0.5) / focal;
    for (let column = 0; column < width; column++, pixel++) {
      const climb = ahead + (left * (width / 2 - column - 0.5)) / focal + up * rise;
      const ground = above >= 0 && climb < 0;
      depth[pixel] = ground ? -above / climb : Number.POSITIVE_INFINITY;
      hits[pixel] = ground ? GROUND : NOTHING;
    }
  }
}

/** Columns and rows of the pixels that can show a box, ends excluded. */
function pixelWindow({ width, height, focal }: Camera, toCamera: RigidMatrix, box: Box) {
  const corners = boxCorners(box).map((corner): Point => transformPoint(toCamera, corner));
  if (corners.every(([x]) => x <= 0)) return { left: 0, right: 0, top: 0, bottom: 0 };
  if (corners.some(([x]) => x < NEAR_METERS)) return { left: 0, right: width, top: 0, bottom: height };
  const across = corners.map(([x, y]) => width / 2 - (focal * y) / x);
  const down = corners.map(([x, , z]) => height / 2 - (focal * z) / x);
  return {
    left: Math.max(0, Math.floor(Math.min(...across))),
    right: Math.min(width, Math.ceil(Math.max(...across))),
    top: Math.max(0, Math.floor(Math.min(...down))),
    bottom: Math.min(height, Math.ceil(Math.max(...down))),
  };
}

function drawBox(
  { width, height, focal }: Camera,
  { left, right, top, bottom }: ReturnType<typeof pixelWindow>,
  m: RigidMatrix,
  box: Box,
  index: number,
  { depth, hits }: DepthImage,
): void {
  const [halfX, halfY, halfZ] = [box.length / 2, box.width / 2, box.height / 2];
  for (let row = top; row < bottom; row++) {
    const up = (height / 2 - row - 0.5) / focal;
    for (let column = left; column < right; column++) {
      const aside = (width / 2 - column - 0.5) / focal;
      const dx = m[0]! + m[1]! * aside + m[2]! * up;
      const dy = m[4]! + m[5]! * aside + m[6]! * up;
      const dz = m[8]! + m[9]! * aside + m[10]! * up;
      const metres = enterSlabs(m[3]!, m[7]!, m[11]!, dx, dy, dz, halfX, halfY, halfZ);
      if (metres >= depth[row * width + column]!) continue;
      depth[row * width + column] = metres;
      hits[row * width + column] = index;
    }
  }
}
