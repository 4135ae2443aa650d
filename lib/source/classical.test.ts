import { beforeAll, describe, expect, it } from 'vitest';
import {
  bestWithin,
  classicalCodecs,
  crop,
  decodeClassical,
  encodeClassical,
  encodeToBudget,
  meanPicture,
  type Picture,
  photographs,
  psnr,
  type RatePoint,
  rateDistortion,
  separationPicture,
} from './index.js';
import { messageOf } from './testing.js';

const budgets = [300, 600, 900, 1300, 2000, 3000, 4500, 7000, 11_000, 16_000];
let picture: Picture;
let mean: Picture;
let points: RatePoint[];
beforeAll(async () => {
  // Conifers before a slope: fine texture, so that files are not all headers.
  const [, alps] = await photographs.heldOut(2);
  picture = crop(alps!, 200, 200, 128, 128);
  mean = meanPicture(await photographs.training(), 128, 128);
  points = await rateDistortion(picture);
});

describe('rate and distortion of classical codecs', () => {
  it('counts the bytes of the whole file and the error of what it decodes to', async () => {
    for (const codec of classicalCodecs) {
      const point = points.filter((entry) => entry.codec === codec)[10]!;
      const file = await encodeClassical(picture, point);
      expect(point.bytes).toBe(file.byteLength);
      const decoded = await decodeClassical(file, 'again');
      expect(psnr(picture, decoded)).toBe(point.psnrDb);
      expect((await point.decoded()).data).toEqual(decoded.data);
    }
  });

  it('keeps the full resolution and a finite PSNR at every point', async () => {
    expect(await points[0]!.decoded()).toMatchObject({ width: 128, height: 128 });
    for (const { psnrDb, mse } of points) {
      expect(mse).toBeGreaterThan(0);
      expect(psnrDb).toBeGreaterThan(10);
    }
  });

  it('is measured once a picture', async () => {
    const again = await rateDistortion(picture);
    again.forEach((point, i) => {
      expect(point).toBe(points[i]);
    });
    const avif = await rateDistortion(picture, { codecs: ['avif'] });
    expect(avif[3]).toBe(points.filter(({ codec }) => codec === 'avif')[3]);
  });

  it('AVIF takes a new quantiser step, hence another size, at each point', () => {
    const sizes = points.filter(({ codec }) => codec === 'avif').map(({ bytes }) => bytes);
    expect(sizes.length).toBe(62);
    expect(new Set(sizes).size).toBeGreaterThan(58);
    for (let i = 4; i < sizes.length; i++) expect(sizes[i]).toBeGreaterThan(sizes[i - 4]!);
  });
});

describe('the best within a budget', () => {
  it('never exceeds it, fills it well, and its PSNR never falls with it', () => {
    let last = 0;
    const fills: number[] = [];
    for (let budget = 700; budget < 20_000; budget *= 1.03) {
      const best = bestWithin(points, budget)!;
      expect(best.bytes).toBeLessThanOrEqual(budget);
      expect(best.psnrDb).toBeGreaterThanOrEqual(last);
      last = best.psnrDb;
      fills.push(best.bytes / budget);
    }
    expect(fills.reduce((sum, fill) => sum + fill) / fills.length).toBeGreaterThan(0.94);
  });

  it('a budget equal to a file takes it, one byte less does not', () => {
    const smallest = points.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    expect(bestWithin(points, smallest.bytes)!.bytes).toBe(smallest.bytes);
    expect(bestWithin(points, smallest.bytes - 1)).toBeUndefined();
    expect(() => bestWithin(points, Number.NaN)).toThrow('budget is NaN');
  });

  it('the search at one budget finds what the table has', async () => {
    for (const budget of [900, 4000]) {
      const found = (await encodeToBudget(picture, budget))!;
      expect(found.bytes).toBeLessThanOrEqual(budget);
      // Bisection relies on sizes growing with quality; where they do not it may stop one step early.
      expect(found.psnrDb).toBeGreaterThan(bestWithin(points, budget)!.psnrDb - 0.3);
    }
    expect(await encodeToBudget(picture, 100)).toBeUndefined();
  });
});

describe('separation', () => {
  it('shows the best picture that fits, or the training mean when none does', async () => {
    let last = 0;
    for (const budget of budgets) {
      const shown = await separationPicture(picture, budget, mean);
      const quality = psnr(picture, shown.picture);
      if (shown.point) {
        expect(shown.point.bytes).toBeLessThanOrEqual(budget);
        expect(quality).toBe(shown.point.psnrDb);
      } else {
        expect(shown.picture).toBe(mean);
      }
      expect(quality).toBeGreaterThanOrEqual(last);
      last = quality;
    }
    expect((await separationPicture(picture, 300, mean)).point).toBeUndefined();
    expect((await separationPicture(picture, 16_000, mean)).point).toBeDefined();
    expect(last).toBeGreaterThan(38);
  });

  it('refuses a mean picture of another size and unknown settings', async () => {
    const small = meanPicture([picture], 64, 64);
    expect(await messageOf(() => separationPicture(picture, 900, small))).toContain('differ in size');
    const setting = { codec: 'webp', chroma: '4:4:4', quality: 50 } as const;
    expect(await messageOf(() => encodeClassical(picture, setting))).toContain(
      'chroma is "4:4:4"; allowed: 4:2:0',
    );
    const wide = meanPicture([picture], 17_000, 1);
    expect(await messageOf(() => encodeClassical(wide, { ...setting, chroma: '4:2:0' }))).toMatch(
      /^InputError: picture mean \(17000 x 1\): webp refuses it \([^\n]+\)$/,
    );
  });
});
