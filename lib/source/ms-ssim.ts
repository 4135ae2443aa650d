import { InputError, requireInteger } from '../base/index.js';
import { halve, type Picture, requireSameSize } from './picture.js';

/** Weights of the five levels, finest first (Wang, Simoncelli and Bovik 2003, their cross-scale calibration). */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Multi-scale structural similarity (Wang, Simoncelli and Bovik 2003) of two pictures clipped to [0, 1];
 * data range 1, K1 = 0.01, K2 = 0.03. At most 1, which equal pictures reach.
 *
 * Papers differ in details that move the value; here: the Gaussian window (sigma 1.5) is applied only
 * where it lies inside the picture; levels are made by 2 x 2 means (an odd last row or column is dropped);
 * each of red, green and blue has its own product over levels and the result is the mean of the three;
 * negative contrast or structure terms count as 0. With fewer than five levels the first weights are used,
 * scaled to sum 1.
 *
 * @param options.levels 1 to 5, default 5. @param options.window its side, odd, 3 to 31, default 11. State
 * both when they are not the default (JSCC repositories use 4 and 3 on CIFAR-10).
 * @throws InputError when sizes differ or the picture is too small, saying how many levels fit.
 */
export function msSsim(a: Picture, b: Picture, options: { levels?: number; window?: number } = {}): number {
  const { levels = 5, window = 11 } = options;
  requireSameSize(a, b);
  requireInteger('MS-SSIM levels', levels, 1, WEIGHTS.length);
  requireInteger('MS-SSIM window', window, 3, 31);
  if (window % 2 === 0)
    throw new InputError(`MS-SSIM window is ${window}; allowed: an odd integer from 3 to 31`);
  requireLevelsFit(a, levels, window);
  const weights = WEIGHTS.slice(0, levels);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const products = [1, 1, 1];
  let [x, y] = [clipped(a), clipped(b)];
  for (let level = 0; level < levels; level++) {
    if (level > 0) [x, y] = [halve(x), halve(y)];
    for (let channel = 0; channel < 3; channel++) {
      const { ssim, contrast } = similarity(x, y, channel, gaussian(window));
      const term = Math.max(0, level === levels - 1 ? ssim : contrast);
      products[channel]! *= term ** (weights[level]! / total);
    }
  }
  const value = (products[0]! + products[1]! + products[2]!) / 3;
  if (Number.isNaN(value))
    throw new InputError(`picture ${a.name} or ${b.name} holds NaN; allowed: finite values`);
  return value;
}

/** An MS-SSIM value in dB: -10 log10(1 - value); infinite for 1. */
export function msSsimDb(value: number): number {
  return 10 * Math.log10(1 / (1 - value));
}

function requireLevelsFit(picture: Picture, levels: number, window: number): void {
  const side = Math.min(picture.width, picture.height);
  if (side >> (levels - 1) >= window) return;
  const fitting = side < window ? 0 : Math.floor(Math.log2(side / window)) + 1;
  throw new InputError(
    `MS-SSIM of picture ${picture.name} (${picture.width} x ${picture.height}): ${levels} levels of a ${window} x ${window} window need ${window << (levels - 1)} pixels a side; allowed: ${fitting === 0 ? 'a smaller window' : `at most ${fitting} levels`}`,
  );
}

function clipped(picture: Picture): Picture {
  return { ...picture, data: picture.data.map((value) => (value < 0 ? 0 : value > 1 ? 1 : value)) };
}

function gaussian(window: number): Float64Array {
  const taps = Float64Array.from({ length: window }, (_, i) =>
    Math.exp(-((i - (window - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Means over the map of SSIM and of its contrast-structure factor, one channel, one level. */
function similarity(a: Picture, b: Picture, channel: number, taps: Float64Array) {
  const x = plane(a, channel);
  const y = plane(b, channel);
  const smooth = (values: Float64Array) => filter(values, a.width, a.height, taps);
  const meanX = smooth(x);
  const meanY = smooth(y);
  const squareX = smooth(x.map((value) => value * value));
  const squareY = smooth(y.map((value) => value * value));
  const product = smooth(x.map((value, i) => value * y[i]!));
  let ssim = 0;
  let contrast = 0;
  for (let i = 0; i < meanX.length; i++) {
    const [mx, my] = [meanX[i]!, meanY[i]!];
    const variances = squareX[i]! - mx * mx + squareY[i]! - my * my;
    const term = (2 * (product[i]! - mx * my) + C2) / (variances + C2);
    contrast += term;
    ssim += (term * (2 * mx * my + C1)) / (mx * mx + my * my + C1);
  }
  return { ssim: ssim / meanX.length, contrast: contrast / meanX.length };
}

function plane(picture: Picture, channel: number): Float64Array {
  return Float64Array.from(
    { length: picture.width * picture.height },
    (_, i) => picture.data[3 * i + channel]!,
  );
}

/** Separable filter over the positions where the window lies inside: (height - n + 1) x (width - n + 1). */
function filter(values: Float64Array, width: number, height: number, taps: Float64Array): Float64Array {
  const n = taps.length;
  const outWidth = width - n + 1;
  const outHeight = height - n + 1;
  const rows = new Float64Array(height * outWidth);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += taps[k]! * values[y * width + x + k]!;
      rows[y * outWidth + x] = sum;
    }
  }
  const out = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += taps[k]! * rows[(y + k) * outWidth + x]!;
      out[y * outWidth + x] = sum;
    }
  }
  return out;
}
