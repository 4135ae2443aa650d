import { InputError, requireInteger } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { type Picture, requirePicture, requireSameSize } from './picture.js';

/** Pictures of one size as one array: NHWC, [count, height, width, 3]. */
export interface Batch {
  readonly data: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: 3];
}

/**
 * Pictures of one size, one after the other (NHWC).
 * @throws InputError when there is none or sizes differ.
 */
export function toBatch(pictures: readonly Picture[]): Batch {
  const first = pictures[0];
  if (!first) throw new InputError('a batch of 0 pictures; allowed: at least 1');
  const length = first.width * first.height * 3;
  const data = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => {
    requireSameSize(first, picture);
    data.set(picture.data, i * length);
  });
  return { data, shape: [pictures.length, first.height, first.width, 3] };
}

/**
 * The pictures of a batch, as copies. `names` are those of the originals, for instance; missing ones are
 * numbers.
 * @throws InputError when the data's length is not the product of the shape.
 */
export function fromBatch(
  data: Float32Array,
  shape: readonly number[],
  names: readonly string[] = [],
): Picture[] {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const length = height * width * 3;
  if (shape.length !== 4 || channels !== 3 || data.length !== count * length) {
    throw new InputError(
      `a batch of ${data.length} values in shape [${shape.join(', ')}]; allowed: [count, height, width, 3] with that product`,
    );
  }
  return Array.from({ length: count }, (_, i) => ({
    name: names[i] ?? String(i),
    width,
    height,
    data: data.slice(i * length, (i + 1) * length),
  }));
}

/**
 * Random square patches, NHWC [count, size, size, 3]. Each patch takes a picture (all equally likely,
 * whatever their sizes), then a position in it, then, with `flips`, a left-right and an up-down mirroring
 * with probability 1/2 each; all draws come from `rng` in that order.
 * @throws InputError when there is no picture or one is smaller than a patch.
 */
export function patches(
  pictures: readonly Picture[],
  options: { size: number; count: number; rng: Rng; flips?: boolean },
): Float32Array {
  const { size, count, rng, flips = false } = options;
  requireInteger('patch count', count, 1);
  requireInteger('number of pictures to take patches from', pictures.length, 1);
  for (const picture of pictures) {
    requirePicture(picture);
    requireInteger(`patch size (picture ${picture.name})`, size, 1, Math.min(picture.width, picture.height));
  }
  const out = new Float32Array(count * size * size * 3);
  for (let i = 0; i < count; i++) {
    const picture = pictures[rng.integer(pictures.length)]!;
    const x = rng.integer(picture.width - size + 1);
    const y = rng.integer(picture.height - size + 1);
    const mirrorX = flips && rng.integer(2) === 1;
    const mirrorY = flips && rng.integer(2) === 1;
    copyPatch(picture, { x, y, size, mirrorX, mirrorY }, out, i * size * size * 3);
  }
  return out;
}

interface PatchPlace {
  x: number;
  y: number;
  size: number;
  mirrorX: boolean;
  mirrorY: boolean;
}

function copyPatch(picture: Picture, place: PatchPlace, out: Float32Array, offset: number): void {
  const { x, y, size, mirrorX, mirrorY } = place;
  for (let row = 0; row < size; row++) {
    const start = ((y + row) * picture.width + x) * 3;
    const to = offset + (mirrorY ? size - 1 - row : row) * size * 3;
    if (!mirrorX) {
      out.set(picture.data.subarray(start, start + size * 3), to);
      continue;
    }
    for (let column = 0; column < size; column++) {
      const from = start + (size - 1 - column) * 3;
      out.set(picture.data.subarray(from, from + 3), to + column * 3);
    }
  }
}
