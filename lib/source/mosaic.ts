import { InputError, requireInteger } from '../base/index.js';
import { type Picture, requirePicture } from './picture.js';

/**
 * Pictures of one size side by side, row after row, as one picture: small pictures then share a file's header,
 * and with it the compression is better than any of them would have alone.
 * @param columns pictures a row; the last row is filled up with black
 * @throws InputError when there is no picture, or sizes differ.
 */
export function mosaic(pictures: readonly Picture[], columns: number): Picture {
  requireInteger('number of pictures in a mosaic', pictures.length, 1);
  requireInteger('columns', columns, 1, 1000);
  const { width, height } = pictures[0]!;
  const rows = Math.ceil(pictures.length / columns);
  const side = columns * width * 3;
  const data = new Float32Array(rows * height * side);
  for (const [index, picture] of pictures.entries()) {
    requirePicture(picture);
    if (picture.width !== width || picture.height !== height) {
      throw new InputError(
        `picture ${picture.name} is ${picture.width} x ${picture.height}; allowed in this mosaic: ${width} x ${height}`,
      );
    }
    for (let y = 0; y < height; y++) {
      const line = picture.data.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(line, placeOf(index, columns, { width, height }) + y * side);
    }
  }
  return { name: `mosaic of ${pictures.length}`, width: columns * width, height: rows * height, data };
}

/**
 * The pictures of a mosaic again.
 * @param like names and sizes, in the order they went in
 * @throws InputError when they do not fit into the mosaic.
 */
export function unmosaic(
  whole: Picture,
  like: readonly Pick<Picture, 'name' | 'width' | 'height'>[],
): Picture[] {
  requirePicture(whole);
  requireInteger('number of pictures in a mosaic', like.length, 1);
  const { width, height } = like[0]!;
  const columns = whole.width / width;
  if (!Number.isInteger(columns) || whole.height !== Math.ceil(like.length / columns) * height) {
    throw new InputError(
      `mosaic of ${whole.width} x ${whole.height}; allowed: rows of whole pictures of ${width} x ${height}, for ${like.length}`,
    );
  }
  const side = whole.width * 3;
  return like.map(({ name }, index) => {
    const data = new Float32Array(width * height * 3);
    const from = placeOf(index, columns, { width, height });
    for (let y = 0; y < height; y++) {
      data.set(whole.data.subarray(from + y * side, from + y * side + width * 3), y * width * 3);
    }
    return { name, width, height, data };
  });
}

/** Where the first value of picture `index` stands. */
function placeOf(
  index: number,
  columns: number,
  { width, height }: { width: number; height: number },
): number {
  return (Math.floor(index / columns) * height * columns + (index % columns)) * width * 3;
}
