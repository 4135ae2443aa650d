import { InputError, requireRange } from '../../base/index.js';
import { type Body, bodyTransmission, type Complex, scatteredAmplitude } from './body.js';
import { type Block, distance, isInside, type Point, passesThrough } from './geometry.js';
import { type ImageSource, imageSources, pathPoints } from './images.js';

/** Speed of light, m/s. */
export const speedOfLight = 299_792_458;

/** A box room from the origin to `size`. Obstacles stop what passes through them and reflect nothing. */
export interface Room {
  size: Point;
  /** Amplitude reflection coefficient of walls, floor and ceiling, -1 to 1. */
  reflection: number;
  obstacles?: readonly Block[];
}

/** Two isotropic antennas. */
export interface RoomLink {
  transmitter: Point;
  receiver: Point;
  carrierHz: number;
}

/** One way from the transmitter to the receiver. */
export interface Path {
  /** Copy of the room that the image stands in; absent for the way over the body. */
  cell?: ImageSource['cell'];
  /** Reflections at walls. */
  order: number;
  /** Transmitter, places of reflection, receiver. */
  points: readonly Point[];
  lengthMeters: number;
  delaySec: number;
  gain: Complex;
}

/** A path that an empty room would have, and whether the obstacles leave it. */
export interface CandidatePath extends Path {
  valid: boolean;
}

/** What a trace takes into account. */
export interface TraceOptions {
  /** Largest number of reflections. */
  order: number;
  body?: Body;
}

/**
 * Every path of the empty room up to an order, with the gain (wavelength / 4 pi d) R^order exp(-j 2 pi d / wavelength) and
 * whether no obstacle stands in its way. A body weakens each leg that it stands beside and adds the path that it
 * scatters, which is not in this list.
 * @throws InputError for a room, antenna or order that cannot be.
 */
export function candidatePaths(room: Room, link: RoomLink, { order, body }: TraceOptions): CandidatePath[] {
  checkRoom(room);
  checkLink(room, link);
  const wavelength = speedOfLight / link.carrierHz;
  return imageSources(room.size, link.transmitter, order).map((image) => {
    const points = pathPoints(room.size, image, link.receiver);
    const lengthMeters = distance(image.position, link.receiver);
    const amplitude = (wavelength / (4 * Math.PI * lengthMeters)) * room.reflection ** image.order;
    const straight = wave(amplitude, lengthMeters, wavelength);
    return {
      cell: image.cell,
      order: image.order,
      points,
      lengthMeters,
      delaySec: lengthMeters / speedOfLight,
      gain: body ? shadowed(straight, points, body, wavelength) : straight,
      valid: isFree(points, room.obstacles ?? []),
    };
  });
}

/** The paths that reach the receiver: valid candidates and the one that the body scatters, by rising delay. */
export function tracePaths(room: Room, link: RoomLink, options: TraceOptions): Path[] {
  const paths: Path[] = candidatePaths(room, link, options)
    .filter(({ valid }) => valid)
    .map(({ valid: _, ...path }) => path);
  if (options.body) paths.push(...scattered(room, link, options.body));
  return paths.sort((a, b) => a.delaySec - b.delaySec);
}

function scattered(room: Room, link: RoomLink, body: Body): Path[] {
  // The torso throws back most: a little above half of the height.
  const place: Point = [body.x, body.y, 0.6 * body.heightMeters];
  const points = [link.transmitter, place, link.receiver];
  if (!isFree(points, room.obstacles ?? [])) return [];
  const wavelength = speedOfLight / link.carrierHz;
  const toBody = distance(link.transmitter, place);
  const fromBody = distance(place, link.receiver);
  const amplitude = scatteredAmplitude(body, toBody, fromBody, wavelength);
  const lengthMeters = toBody + fromBody;
  return [
    {
      order: 0,
      points,
      lengthMeters,
      delaySec: lengthMeters / speedOfLight,
      gain: wave(amplitude, lengthMeters, wavelength),
    },
  ];
}

function wave(amplitude: number, length: number, wavelength: number): Complex {
  const angle = (-2 * Math.PI * length) / wavelength;
  return { re: amplitude * Math.cos(angle), im: amplitude * Math.sin(angle) };
}

function shadowed(gain: Complex, points: readonly Point[], body: Body, wavelength: number): Complex {
  let { re, im } = gain;
  for (let leg = 1; leg < points.length; leg++) {
    const left = bodyTransmission(body, points[leg - 1]!, points[leg]!, wavelength);
    [re, im] = [re * left.re - im * left.im, re * left.im + im * left.re];
  }
  return { re, im };
}

function isFree(points: readonly Point[], obstacles: readonly Block[]): boolean {
  for (let leg = 1; leg < points.length; leg++)
    if (obstacles.some((obstacle) => passesThrough(obstacle, points[leg - 1]!, points[leg]!))) return false;
  return true;
}

function checkRoom({ size, reflection, obstacles = [] }: Room): void {
  for (const side of size) requireRange('side of the room', side, 0.1, 1000, 'm');
  requireRange('reflection', reflection, -1, 1);
  for (const { min, max } of obstacles)
    if (!min.every((low, axis) => low < max[axis]!))
      throw new InputError(`obstacle from [${min}] to [${max}]; allowed: min below max on each axis`);
}

function checkLink({ size, obstacles = [] }: Room, { transmitter, receiver, carrierHz }: RoomLink): void {
  requireRange('carrierHz', carrierHz, 1e6, 1e12, 'Hz');
  for (const [name, place] of Object.entries({ transmitter, receiver })) {
    if (!place.every((value, axis) => value > 0 && value < size[axis]!))
      throw new InputError(`${name} at [${place}]; allowed: inside the room of [${size}] m`);
    if (obstacles.some((obstacle) => isInside(obstacle, place)))
      throw new InputError(`${name} at [${place}] stands in an obstacle; allowed: free space`);
  }
  if (distance(transmitter, receiver) === 0)
    throw new InputError(`transmitter and receiver both at [${receiver}]; allowed: different places`);
}
