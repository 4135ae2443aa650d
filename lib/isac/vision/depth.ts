import { requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { Body, Point } from '../room/index.js';

/** A pinhole depth camera without roll. */
export interface Camera {
  position: Point;
  /** Heading from the x axis, radians. */
  yaw: number;
  /** Above the horizon, radians. */
  pitch: number;
  /** Full horizontal angle of view, radians. */
  fieldOfView: number;
  /** Pixels. */
  width: number;
  height: number;
}

/** A camera made ready for a room: its rays and how far each one reaches when nobody is there. */
export interface DepthView {
  camera: Camera;
  /** Unit directions, [pixel, 3], rows from the top. */
  rays: Float64Array;
  /** Metres to the walls, by pixel. */
  background: Float32Array;
}

/** Standard deviation of a stereo camera's depth, metres at 1 m; it grows with the square of the distance. */
const noiseAtOneMeter = 0.002;

/** @throws InputError for a picture of more than 4096 pixels a side or an angle that cannot be. */
export function depthView(camera: Camera, size: Point): DepthView {
  const { width, height, yaw, pitch, fieldOfView, position } = camera;
  requireInteger('width of the depth picture', width, 8, 4096);
  requireInteger('height of the depth picture', height, 8, 4096);
  requireRange('fieldOfView', fieldOfView, 0.01, 3, 'rad');
  const rays = new Float64Array(3 * width * height);
  const background = new Float32Array(width * height);
  const pixel = (2 * Math.tan(fieldOfView / 2)) / width;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const right = (column + 0.5 - width / 2) * pixel;
      const up = (height / 2 - row - 0.5) * pixel;
      const ahead = Math.cos(pitch) - up * Math.sin(pitch);
      const length = Math.hypot(1, right, up);
      const ray: Point = [
        (ahead * Math.cos(yaw) + right * Math.sin(yaw)) / length,
        (ahead * Math.sin(yaw) - right * Math.cos(yaw)) / length,
        (Math.sin(pitch) + up * Math.cos(pitch)) / length,
      ];
      const at = row * width + column;
      rays.set(ray, 3 * at);
      background[at] = wallDistance(position, ray, size);
    }
  }
  return { camera, rays, background };
}

/**
 * How much nearer than the empty room each pixel is, metres, with the noise of a stereo camera if a stream is given. The
 * person is an upright cylinder with a round top.
 */
export function renderDepth({ camera, rays, background }: DepthView, body: Body, rng?: Rng): Float32Array {
  const picture = new Float32Array(background.length);
  for (let at = 0; at < picture.length; at++) {
    const ray: Point = [rays[3 * at]!, rays[3 * at + 1]!, rays[3 * at + 2]!];
    const reach = Math.min(background[at]!, personDistance(camera.position, ray, body));
    const noise = rng ? rng.normal(0, noiseAtOneMeter * reach * reach) : 0;
    picture[at] = background[at]! - reach - noise;
  }
  return picture;
}

function wallDistance(from: Point, ray: Point, size: Point): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let axis = 0; axis < 3; axis++) {
    if (ray[axis] === 0) continue;
    const wall = ray[axis]! > 0 ? size[axis]! : 0;
    nearest = Math.min(nearest, (wall - from[axis]!) / ray[axis]!);
  }
  return nearest;
}

/** Metres along a ray to the person, infinite if it misses. */
function personDistance(from: Point, ray: Point, body: Body): number {
  const { radiusMeters: radius, heightMeters } = body;
  const shoulder = heightMeters - radius;
  const [x, y, z] = [from[0] - body.x, from[1] - body.y, from[2] - shoulder];
  const side = firstRoot(ray[0] ** 2 + ray[1] ** 2, x * ray[0] + y * ray[1], x * x + y * y - radius ** 2);
  const level = from[2] + side * ray[2];
  if (level >= 0 && level <= shoulder) return side;
  const top = firstRoot(1, x * ray[0] + y * ray[1] + z * ray[2], x * x + y * y + z * z - radius ** 2);
  return from[2] + top * ray[2] >= shoulder ? top : Number.POSITIVE_INFINITY;
}

/** The smaller positive t of a t² + 2 b t + c = 0, infinite if there is none. */
function firstRoot(a: number, b: number, c: number): number {
  const inside = b * b - a * c;
  if (inside < 0 || a === 0) return Number.POSITIVE_INFINITY;
  const t = (-b - Math.sqrt(inside)) / a;
  return t > 0 ? t : Number.POSITIVE_INFINITY;
}
