import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mosaic, unmosaic } from './mosaic.js';
import type { Picture } from './picture.js';

const picture = (index: number, width: number, height: number): Picture => ({
  name: `p${index}`,
  width,
  height,
  data: Float32Array.from({ length: width * height * 3 }, (_, i) => index + i / 1e4),
});

describe('mosaic', () => {
  it('gives every picture back', () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 1, max: 12 }), (width, height, columns, count) => {
        const pictures = Array.from({ length: count }, (_, i) => picture(i, width, height));
        const whole = mosaic(pictures, columns);
        expect([whole.width, whole.height]).toEqual([columns * width, Math.ceil(count / columns) * height]);
        expect(unmosaic(whole, pictures)).toEqual(pictures);
      }),
    );
  });

  it('puts the first pixels of neighbours a picture apart', () => {
    const { data } = mosaic([picture(1, 2, 2), picture(2, 2, 2), picture(3, 2, 2)], 2);
    expect([data[0], data[6], data[24], data[30]]).toEqual([1, 2, 3, 0]);
  });

  it('refuses what does not fit', () => {
    expect(() => mosaic([], 2)).toThrow('number of pictures');
    expect(() => mosaic([picture(0, 2, 2), picture(1, 3, 2)], 2)).toThrow('picture p1 is 3 x 2');
    expect(() => unmosaic(picture(0, 3, 2), [picture(0, 2, 2)])).toThrow('mosaic of 3 x 2');
  });
});
