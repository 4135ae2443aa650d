import { requireInteger } from '../../base/index.js';
import { between, type Point } from './geometry.js';

/**
 * An image of a source in the walls of a box room. The room is unfolded into a lattice of mirrored copies:
 * `cell` counts copies along each axis, and each step to a neighbouring copy is one reflection.
 */
export interface ImageSource {
  cell: readonly [number, number, number];
  /** Reflections: |i| + |j| + |k| of the cell. */
  order: number;
  position: Point;
}

/**
 * All images of a source in a box room up to an order, by rising order (Allen and Berkley 1979). There are
 * 4 k² + 2 of order k >= 1, and in an empty box every one is seen from everywhere.
 * @param size sides of the room, metres; one corner is the origin
 * @throws InputError unless the order is an integer from 0 to 20.
 */
export function imageSources(size: Point, source: Point, maxOrder: number): ImageSource[] {
  requireInteger('order', maxOrder, 0, 20);
  const images: ImageSource[] = [];
  for (let i = -maxOrder; i <= maxOrder; i++) {
    const left = maxOrder - Math.abs(i);
    for (let j = -left; j <= left; j++) {
      const rest = left - Math.abs(j);
      for (let k = -rest; k <= rest; k++) {
        const position: Point = [
          unfolded(i, source[0], size[0]),
          unfolded(j, source[1], size[1]),
          unfolded(k, source[2], size[2]),
        ];
        images.push({ cell: [i, j, k], order: Math.abs(i) + Math.abs(j) + Math.abs(k), position });
      }
    }
  }
  return images.sort((a, b) => a.order - b.order);
}

/** Transmitter, places of reflection and receiver of the path that an image stands for. */
export function pathPoints(size: Point, image: ImageSource, receiver: Point): Point[] {
  const crossings: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const along = receiver[axis]! - image.position[axis]!;
    const steps = Math.abs(image.cell[axis]!);
    for (let step = 0; step < steps; step++) {
      const wall = (image.cell[axis]! > 0 ? step + 1 : -step) * size[axis]!;
      crossings.push((wall - image.position[axis]!) / along);
    }
  }
  const places = [0, ...crossings.sort((a, b) => a - b), 1];
  return places.map((t) => folded(between(image.position, receiver, t), size));
}

function unfolded(cell: number, place: number, side: number): number {
  return cell * side + (cell % 2 === 0 ? place : side - place);
}

function folded(point: Point, size: Point): Point {
  const fold = (place: number, side: number) => {
    const within = ((place % (2 * side)) + 2 * side) % (2 * side);
    return within <= side ? within : 2 * side - within;
  };
  return [fold(point[0], size[0]), fold(point[1], size[1]), fold(point[2], size[2])];
}
