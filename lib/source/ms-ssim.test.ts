import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { msSsim, msSsimDb, type Picture } from './index.js';
import { changed, formulaPicture } from './testing.js';

interface Case {
  width: number;
  height: number;
  kind: keyof typeof distortions;
  levels: number;
  window: number;
  value: number;
}

// As in scripts/bench/source/ms_ssim_reference.py, which made the golden values.
const distortions = {
  noise: (a: Picture) =>
    changed(a, (value, x, y, c) => value + (((x * 31 + y * 17 + c * 7 + x * y) % 23) - 11) / 64),
  contrast: (a: Picture) => changed(a, (value) => Math.fround(value * 0.5) + 0.25),
  beyond: (a: Picture) => changed(a, (value) => Math.fround(value * 2) - 0.5),
  negative: (a: Picture) => changed(a, (value) => 1 - value),
};
const golden = JSON.parse(readFileSync(new URL('./ms-ssim.golden.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe('MS-SSIM', () => {
  it.each(golden.cases)('$kind, $width x $height, $levels levels, window $window: $value', (entry) => {
    const a = formulaPicture(entry.width, entry.height);
    const value = msSsim(a, distortions[entry.kind](a), { levels: entry.levels, window: entry.window });
    // Pictures are single precision, the coarser levels too; the reference keeps double ones.
    expect(value).toBeCloseTo(entry.value, 7);
  });

  it('is 1 for equal pictures, symmetric, and falls with the distortion', () => {
    const a = formulaPicture(180, 176);
    expect(msSsim(a, a)).toBeCloseTo(1, 12);
    const noisy = (scale: number) =>
      changed(a, (value, x, y) => value + (scale * (((x * 31 + y * 17) % 23) - 11)) / 64);
    const [little, much] = [noisy(0.5), noisy(2)];
    expect(msSsim(a, much)).toBeLessThan(msSsim(a, little));
    expect(msSsim(a, much)).toBeCloseTo(msSsim(much, a), 12);
  });

  it('in dB', () => {
    expect(msSsimDb(0.99)).toBeCloseTo(20, 9);
    expect(msSsimDb(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('says how many levels fit a small picture', () => {
    const fits =
      (side: number, levels: number, window = 11) =>
      () => {
        const a = formulaPicture(side, side);
        return msSsim(a, a, { levels, window });
      };
    expect(fits(32, 5)).toThrow(
      '5 levels of a 11 x 11 window need 176 pixels a side; allowed: at most 2 levels',
    );
    expect(fits(32, 2)).not.toThrow();
    expect(fits(32, 3)).toThrow('at most 2 levels');
    expect(fits(176, 5)).not.toThrow();
    expect(fits(175, 5)).toThrow('at most 4 levels');
    expect(fits(8, 1)).toThrow('allowed: a smaller window');
    expect(fits(32, 1, 4)).toThrow('MS-SSIM window is 4; allowed: an odd integer from 3 to 31');
    expect(fits(32, 6)).toThrow('MS-SSIM levels is 6');
  });
});
