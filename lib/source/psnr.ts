import { InputError } from '../base/index.js';
import { type Picture, requireSameSize } from './picture.js';

/**
 * Mean squared error over all values, both pictures clipped to [0, 1] first.
 * @throws InputError when sizes differ or a value is not a number.
 */
export function mse(a: Picture, b: Picture): number {
  requireSameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = clip(a.data[i]!) - clip(b.data[i]!);
    sum += difference * difference;
  }
  if (Number.isNaN(sum)) {
    throw new InputError(`picture ${a.name} or ${b.name} holds NaN; allowed: finite values`);
  }
  return sum / a.data.length;
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Peak signal-to-noise ratio of a mean squared error on [0, 1]: -10 log10(mse) dB; infinite for 0. */
export function psnrOfMse(meanSquaredError: number): number {
  // Not -10 * log10(0), which would be right too, but -0 dB for an error of 1.
  return 10 * Math.log10(1 / meanSquaredError);
}

/**
 * Peak signal-to-noise ratio of one picture in dB, peak 1, over all pixels and channels, both clipped to
 * [0, 1] first and not rounded to 8 bits. Infinite when the pictures are equal.
 * @throws InputError when sizes differ or a value is not a number.
 */
export function psnr(a: Picture, b: Picture): number {
  return psnrOfMse(mse(a, b));
}

/** The mean of the pictures' own PSNR, dB: what image papers report. Infinite when one pair is equal. */
export function meanPsnr(as: readonly Picture[], bs: readonly Picture[]): number {
  return meanOver(as, bs, psnr);
}

/**
 * The PSNR of the mean of the pictures' mean squared errors, dB. Never above `meanPsnr` (Jensen); papers
 * that average the error over a batch report this one, 0 to 0.6 dB lower.
 */
export function psnrOfMeanMse(as: readonly Picture[], bs: readonly Picture[]): number {
  return psnrOfMse(meanOver(as, bs, mse));
}

function meanOver(
  as: readonly Picture[],
  bs: readonly Picture[],
  metric: (a: Picture, b: Picture) => number,
): number {
  if (as.length !== bs.length || as.length === 0) {
    throw new InputError(
      `${as.length} pictures against ${bs.length}; allowed: as many on both sides, at least 1`,
    );
  }
  return as.reduce((sum, a, i) => sum + metric(a, bs[i]!), 0) / as.length;
}
