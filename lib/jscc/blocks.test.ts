import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockGrid, blockValues, fromBlocks, quadValues, toBlocks } from './blocks.js';

const sides = { width: fc.integer({ min: 1, max: 37 }), height: fc.integer({ min: 1, max: 37 }) };
const sizes = fc.record(sides);

/** Every value differs, and lies in (0, 1). */
function countedPicture({ width, height }: { width: number; height: number }) {
  const count = width * height * 3;
  const data = Float32Array.from({ length: count }, (_, i) => (i + 1) / (count + 1));
  return { name: 'counted', width, height, data };
}

describe('blocks', () => {
  it('come back as the picture, at any size', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const picture = countedPicture(size);
        const { rows, columns } = blockGrid(size);
        const blocks = toBlocks(picture);
        expect(blocks.length).toBe(rows * columns * blockValues);
        expect(fromBlocks(blocks, size, 'counted')).toEqual(picture);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('hold each value exactly once when the sides are multiples of 8', () => {
    const picture = countedPicture({ width: 24, height: 16 });
    expect([...toBlocks(picture)].sort((a, b) => a - b)).toEqual([...picture.data]);
  });

  it('continue a picture by its last pixels, and hold no other value', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const picture = countedPicture(size);
        expect(new Set(toBlocks(picture))).toEqual(new Set(picture.data));
      }),
      { seed: 2, numRuns: 30 },
    );
    const one = { name: 'one', width: 1, height: 1, data: Float32Array.of(0.25, 0.5, 0.75) };
    expect([...toBlocks(one)]).toEqual(Array.from({ length: 64 }, () => [0.25, 0.5, 0.75]).flat());
  });

  it('stand quad after quad, row after row, colour after colour', () => {
    const picture = countedPicture({ width: 24, height: 16 });
    const blocks = toBlocks(picture);
    const at = (x: number, y: number, c: number) => picture.data[(y * 24 + x) * 3 + c];
    const place = (block: number, quad: number, pixel: number, c: number) =>
      blocks[block * blockValues + quad * quadValues + pixel * 3 + c];
    expect(place(0, 0, 0, 2)).toBe(at(0, 0, 2));
    expect(place(0, 1, 0, 0)).toBe(at(4, 0, 0));
    expect(place(0, 2, 7, 1)).toBe(at(3, 5, 1));
    expect(place(4, 3, 9, 0)).toBe(at(8 + 4 + 1, 8 + 4 + 2, 0));
  });

  it('are clipped to [0, 1] on the way back', () => {
    const blocks = new Float32Array(blockValues).fill(0.5);
    blocks.set([-0.3, 1.3, 0.2]);
    const { data } = fromBlocks(blocks, { width: 8, height: 8 }, 'x');
    expect([...data.subarray(0, 4)]).toEqual([...Float32Array.of(0, 1, 0.2, 0.5)]);
  });
});
