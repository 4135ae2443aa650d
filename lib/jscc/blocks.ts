import type { Picture } from '../source/index.js';

/** Side of a block in pixels, and of the four quads that it is made of. */
export const blockSide = 8;
export const quadSide = 4;
/** Values of a quad: 4 x 4 pixels of 3 colours. */
export const quadValues = quadSide * quadSide * 3;
/** Values of a block: 8 x 8 pixels of 3 colours. */
export const blockValues = blockSide * blockSide * 3;

/** The blocks of a picture of this size, in rows and columns; sides are rounded up to whole blocks. */
export function blockGrid({ width, height }: { width: number; height: number }): {
  rows: number;
  columns: number;
} {
  return { rows: Math.ceil(height / blockSide), columns: Math.ceil(width / blockSide) };
}

/**
 * A picture as blocks, [rows, columns, 192]. Within a block stand its quads (upper left, upper right, lower
 * left, lower right), within a quad its pixels row by row, within a pixel R, G, B. A side that is not a
 * multiple of 8 is continued by its last pixel.
 */
export function toBlocks(picture: Picture): Float32Array {
  const { rows, columns } = blockGrid(picture);
  const blocks = new Float32Array(rows * columns * blockValues);
  visit(picture, (at, from) => {
    blocks[at] = picture.data[from]!;
    blocks[at + 1] = picture.data[from + 1]!;
    blocks[at + 2] = picture.data[from + 2]!;
  });
  return blocks;
}

/** The picture of the given size that `toBlocks` would turn into these blocks; values are clipped to [0, 1]. */
export function fromBlocks(
  blocks: Float32Array,
  size: { width: number; height: number },
  name: string,
): Picture {
  const { width, height } = size;
  const data = new Float32Array(width * height * 3);
  visit(size, (at, to, inside) => {
    if (!inside) return;
    for (let c = 0; c < 3; c++) data[to + c] = Math.min(1, Math.max(0, blocks[at + c]!));
  });
  return { name, width, height, data };
}

/** Walks all pixels of all blocks: place in the block array, place in the picture, whether it lies inside. */
function visit(
  size: { width: number; height: number },
  each: (inBlocks: number, inPicture: number, inside: boolean) => void,
): void {
  const { width, height } = size;
  const { rows, columns } = blockGrid(size);
  for (let y = 0; y < rows * blockSide; y++) {
    const line = Math.min(y, height - 1) * width;
    const rowBase = Math.floor(y / blockSide) * columns * blockValues + offsetInBlock(y);
    for (let x = 0; x < columns * blockSide; x++) {
      const column = Math.floor(x / blockSide) * blockValues;
      const across = (x % blockSide) >> 2;
      const at = rowBase + column + across * quadValues + (x % quadSide) * 3;
      each(at, (line + Math.min(x, width - 1)) * 3, y < height && x < width);
    }
  }
}

function offsetInBlock(y: number): number {
  const down = (y % blockSide) >> 2;
  return down * 2 * quadValues + (y % quadSide) * quadSide * 3;
}
