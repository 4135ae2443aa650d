import { describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import {
  crop,
  flatPicture,
  fromBatch,
  halve,
  meanColour,
  meanPicture,
  patches,
  tiles,
  toBatch,
} from './index.js';
import type { Picture } from './picture.js';
import { formulaPicture } from './testing.js';

const pixel = (p: Picture, x: number, y: number) => [
  ...p.data.subarray((y * p.width + x) * 3, (y * p.width + x) * 3 + 3),
];

describe('crop, tiles, halve', () => {
  const picture = formulaPicture(37, 23);

  it('crop takes the rectangle and leaves the original alone', () => {
    const part = crop(picture, 5, 7, 11, 4);
    expect([part.width, part.height, part.data.length]).toEqual([11, 4, 132]);
    expect(pixel(part, 0, 0)).toEqual(pixel(picture, 5, 7));
    expect(pixel(part, 10, 3)).toEqual(pixel(picture, 15, 10));
    part.data.fill(0);
    expect(pixel(picture, 5, 7)).not.toEqual([0, 0, 0]);
  });

  it('crop refuses a rectangle that is not inside', () => {
    expect(() => crop(picture, 30, 0, 8, 4)).toThrow('crop width is 8; allowed: an integer from 1 to 7');
    expect(() => crop(picture, -1, 0, 8, 4)).toThrow('crop x is -1');
  });

  it('tiles do not overlap and are centred', () => {
    const squares = tiles(picture, 10);
    expect(squares.map(({ name }) => name)).toEqual(
      ['3,1', '13,1', '23,1', '3,11', '13,11', '23,11'].map((at) => `formula@${at}`),
    );
    expect(pixel(squares[4]!, 9, 9)).toEqual(pixel(picture, 22, 20));
    expect(() => tiles(picture, 24)).toThrow('tile size is 24');
  });

  it('halve is the mean of 2 x 2 and drops an odd border', () => {
    const half = halve(picture);
    expect([half.width, half.height]).toEqual([18, 11]);
    const four = [pixel(picture, 6, 4), pixel(picture, 7, 4), pixel(picture, 6, 5), pixel(picture, 7, 5)];
    const mean = [0, 1, 2].map((c) => four.reduce((sum, p) => sum + p[c]! / 4, 0));
    pixel(half, 3, 2).forEach((value, c) => {
      expect(value).toBeCloseTo(mean[c]!, 6);
    });
  });
});

describe('mean colour', () => {
  it('weights by pixels, not by pictures', () => {
    const colour = meanColour([flatPicture(2, 1, [1, 0, 0.5]), flatPicture(1, 1, [0.25, 0.75, 0.5])]);
    expect(colour).toEqual([0.75, 0.25, 0.5]);
    const flat = meanPicture([flatPicture(4, 4, [0.5, 0.25, 1])], 3, 2);
    expect([...flat.data]).toEqual(Array(6).fill([0.5, 0.25, 1]).flat());
    expect(() => meanColour([])).toThrow('number of pictures for a mean colour is 0');
  });
});

describe('batches', () => {
  it('round trip', () => {
    const pictures = [formulaPicture(6, 4, 'a'), flatPicture(6, 4, [0.5, 0, 1], 'b')];
    const { data, shape } = toBatch(pictures);
    expect(shape).toEqual([2, 4, 6, 3]);
    expect(fromBatch(data, shape, ['a', 'b'])).toEqual(pictures);
  });

  it('refuses mixed sizes and wrong shapes', () => {
    expect(() => toBatch([])).toThrow('a batch of 0 pictures');
    expect(() => toBatch([formulaPicture(6, 4), formulaPicture(4, 6)])).toThrow('differ in size');
    expect(() => fromBatch(new Float32Array(10), [1, 2, 2, 3])).toThrow(
      'a batch of 10 values in shape [1, 2, 2, 3]',
    );
    expect(() => fromBatch(new Float32Array(8), [1, 2, 2, 2])).toThrow('allowed: [count, height, width, 3]');
  });
});

describe('patches', () => {
  // Every pixel holds its own position, so a patch says where it came from.
  const map: Picture = { name: 'map', width: 20, height: 12, data: new Float32Array(20 * 12 * 3) };
  for (let i = 0; i < map.data.length; i++) {
    map.data[i] = [Math.floor(i / 3) % 20, Math.floor(i / 60), 7][i % 3]!;
  }
  const cut = (flips: boolean, seed: number) => {
    const data = patches([map], { size: 5, count: 400, rng: Rng.of(seed), flips });
    return fromBatch(data, [400, 5, 5, 3]);
  };

  it('are contiguous squares of the picture, everywhere in it', () => {
    const squares = cut(false, 1);
    for (const square of squares) {
      const [x, y] = pixel(square, 0, 0) as [number, number, number];
      expect(square.data).toEqual(crop(map, x, y, 5, 5).data);
    }
    const firsts = squares.map((square) => pixel(square, 0, 0));
    expect(new Set(firsts.map(([x]) => x)).size).toBe(16);
    expect(new Set(firsts.map(([, y]) => y)).size).toBe(8);
  });

  it('flips mirror each direction half of the time', () => {
    const squares = cut(true, 2);
    const counts = { x: 0, y: 0, both: 0 };
    for (const square of squares) {
      const dx = pixel(square, 4, 0)[0]! - pixel(square, 0, 0)[0]!;
      const dy = pixel(square, 0, 4)[1]! - pixel(square, 0, 0)[1]!;
      expect([Math.abs(dx), Math.abs(dy)]).toEqual([4, 4]);
      if (dx < 0) counts.x++;
      if (dy < 0) counts.y++;
      if (dx < 0 && dy < 0) counts.both++;
    }
    // Binomial standard errors of 400 draws: 10 and 8.7; four of them.
    expect(Math.abs(counts.x - 200)).toBeLessThan(40);
    expect(Math.abs(counts.y - 200)).toBeLessThan(40);
    expect(Math.abs(counts.both - 100)).toBeLessThan(35);
  });

  it('are the same for the same stream and other for another', () => {
    expect(cut(true, 3)).toEqual(cut(true, 3));
    expect(cut(true, 3)).not.toEqual(cut(true, 4));
  });

  it('refuse a picture that is too small', () => {
    expect(() => patches([map], { size: 13, count: 1, rng: Rng.of(0) })).toThrow(
      'patch size (picture map) is 13; allowed: an integer from 1 to 12',
    );
  });
});
