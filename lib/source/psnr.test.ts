import { describe, expect, it } from 'vitest';
import { flatPicture, meanPsnr, mse, psnr, psnrOfMeanMse, psnrOfMse } from './index.js';
import { changed, formulaPicture } from './testing.js';

const grey = flatPicture(8, 6, [0.5, 0.5, 0.5]);
const off = (by: number) => changed(grey, (value) => value + by);

describe('PSNR', () => {
  it('is -10 log10 of the mean squared error', () => {
    expect(psnr(grey, off(0.25))).toBeCloseTo(12.041199826559248, 10);
    // 1/3 of the values off by 0.25.
    const red = changed(grey, (value, _x, _y, channel) => (channel === 0 ? value + 0.25 : value));
    expect(psnr(grey, red)).toBeCloseTo(12.041199826559248 + 10 * Math.log10(3), 10);
  });

  it('clips both pictures first', () => {
    const white = flatPicture(8, 6, [1, 1, 1]);
    expect(
      psnr(
        white,
        changed(white, () => 7),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
    expect(
      mse(
        changed(white, () => -3),
        white,
      ),
    ).toBe(1);
    expect(psnrOfMse(1)).toBe(0);
    expect(Object.is(psnrOfMse(1), 0)).toBe(true);
  });

  it('the mean of per-picture values is not the value of the mean error', () => {
    const [as, bs] = [
      [grey, grey],
      [off(0.5), off(0.05)],
    ];
    const [first, second] = [psnrOfMse(0.25), psnrOfMse(0.0025)];
    expect(meanPsnr(as, bs)).toBeCloseTo((first + second) / 2, 4);
    expect(psnrOfMeanMse(as, bs)).toBeCloseTo(psnrOfMse(0.12625), 4);
    expect(meanPsnr(as, bs) - psnrOfMeanMse(as, bs)).toBeGreaterThan(5);
  });

  it('does not round to 8 bits', () => {
    expect(psnr(grey, off(2 ** -12))).toBeCloseTo(20 * 12 * Math.log10(2), 6);
  });

  it('refuses what cannot be compared', () => {
    expect(() => psnr(grey, flatPicture(6, 8, [0, 0, 0]))).toThrow('differ in size');
    expect(() =>
      psnr(
        grey,
        changed(grey, () => Number.NaN),
      ),
    ).toThrow('holds NaN');
    expect(() => psnr(grey, { ...grey, data: new Float32Array(3) })).toThrow(
      '3 values; allowed: 8 x 6 x 3 = 144',
    );
    expect(() => meanPsnr([grey], [])).toThrow('1 pictures against 0');
    expect(() => meanPsnr([], [])).toThrow('0 pictures against 0');
    expect(() => psnr(formulaPicture(4, 4), grey)).toThrow('formula (4 x 4)');
  });
});
