import { InputError, requireInteger } from '../base/index.js';

/**
 * A colour picture: `data` is height x width x 3 (row by row, red, green, blue), sRGB values in [0, 1].
 * A decoder may leave the range; the metrics clip, nothing else does.
 */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Red, green and blue in [0, 1]. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A rectangle in pixels; (left, top) is its first column and row. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Throws unless `picture.data` has exactly width x height x 3 values.
 * @throws InputError naming the picture, its length and the length expected.
 */
export function requirePicture(picture: Picture): Picture {
  const { name, width, height, data } = picture;
  requireInteger(`width of picture ${name}`, width, 1);
  requireInteger(`height of picture ${name}`, height, 1);
  if (data.length !== width * height * 3) {
    throw new InputError(
      `picture ${name}: ${data.length} values; allowed: ${width} x ${height} x 3 = ${width * height * 3}`,
    );
  }
  return picture;
}

/**
 * Throws unless two pictures have the same width and height.
 * @throws InputError naming both pictures and their sizes.
 */
export function requireSameSize(a: Picture, b: Picture): void {
  requirePicture(a);
  requirePicture(b);
  if (a.width !== b.width || a.height !== b.height) {
    throw new InputError(
      `pictures ${a.name} (${a.width} x ${a.height}) and ${b.name} (${b.width} x ${b.height}) differ in size`,
    );
  }
}

/**
 * The rectangle of `width` x `height` pixels whose first column is `x` and first row is `y`, as a copy.
 * @throws InputError when the rectangle is not inside the picture.
 */
export function crop(picture: Picture, x: number, y: number, width: number, height: number): Picture {
  requireInteger('crop x', x, 0, picture.width - 1);
  requireInteger('crop y', y, 0, picture.height - 1);
  requireInteger('crop width', width, 1, picture.width - x);
  requireInteger('crop height', height, 1, picture.height - y);
  const data = new Float32Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * picture.width + x) * 3;
    data.set(picture.data.subarray(start, start + width * 3), row * width * 3);
  }
  return { name: picture.name, width, height, data };
}

/**
 * The picture cut into squares of `size` x `size` that do not overlap, row by row from a grid centred in
 * the picture; what is left at the borders is dropped. Names get `@x,y` of the first pixel.
 * @throws InputError when not one square fits.
 */
export function tiles(picture: Picture, size: number): Picture[] {
  requireInteger('tile size', size, 1, Math.min(picture.width, picture.height));
  const columns = Math.floor(picture.width / size);
  const rows = Math.floor(picture.height / size);
  const left = Math.floor((picture.width - columns * size) / 2);
  const top = Math.floor((picture.height - rows * size) / 2);
  return Array.from({ length: rows * columns }, (_, i) => {
    const x = left + (i % columns) * size;
    const y = top + Math.floor(i / columns) * size;
    return { ...crop(picture, x, y, size, size), name: `${picture.name}@${x},${y}` };
  });
}

/**
 * Half the width and height (an odd last column or row is dropped): each value is the mean of 2 x 2.
 * @throws InputError when the picture is less than 2 pixels wide or high.
 */
export function halve(picture: Picture): Picture {
  requireInteger(`width of picture ${picture.name}`, picture.width, 2);
  requireInteger(`height of picture ${picture.name}`, picture.height, 2);
  const width = picture.width >> 1;
  const height = picture.height >> 1;
  const stride = picture.width * 3;
  const data = new Float32Array(width * height * 3);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, out++) {
        const at = 2 * y * stride + 6 * x + c;
        const p = picture.data;
        data[out] = (p[at]! + p[at + 3]! + p[at + stride]! + p[at + stride + 3]!) / 4;
      }
    }
  }
  return { name: picture.name, width, height, data };
}

/** A picture of one colour. */
export function flatPicture(width: number, height: number, colour: Colour, name = 'flat'): Picture {
  requireInteger('width', width, 1);
  requireInteger('height', height, 1);
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { name, width, height, data };
}

/**
 * The mean red, green and blue over all pixels of all pictures.
 * @throws InputError when there is no picture.
 */
export function meanColour(pictures: readonly Picture[]): Colour {
  requireInteger('number of pictures for a mean colour', pictures.length, 1);
  const sum = [0, 0, 0];
  let pixels = 0;
  for (const { data } of pictures) {
    for (let i = 0; i < data.length; i++) sum[i % 3]! += data[i]!;
    pixels += data.length / 3;
  }
  return [sum[0]! / pixels, sum[1]! / pixels, sum[2]! / pixels];
}

/** The flat picture of the mean colour of `pictures`: what a receiver shows that has decoded nothing. */
export function meanPicture(pictures: readonly Picture[], width: number, height: number): Picture {
  return flatPicture(width, height, meanColour(pictures), 'mean');
}
