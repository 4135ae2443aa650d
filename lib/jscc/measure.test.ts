import { describe, expect, it } from 'vitest';
import { mean, Rng } from '../math/index.js';
import { type Picture, psnr } from '../source/index.js';
import { type PictureDelivery, pictureRow } from './measure.js';
import { wavyPicture } from './testing.js';

const pictures = ['a', 'b', 'c'].map((name) => wavyPicture(16, 8, name));
const shifted = (picture: Picture, by: number): Picture => ({
  ...picture,
  data: picture.data.map((v) => v + by),
});
const delivery: PictureDelivery = {
  received: pictures.map((picture, i) => shifted(picture, 0.01 * (i + 1))),
  channelUses: [64, 64, 64],
  encodeSec: [0.1, 0.2, 0.9],
  decodeSec: [0.3, 0.3, 0.3],
  sideInformationBits: [16, 16, 16],
};
const link = { snrDb: 10, symbolRate: 1000, rng: Rng.of(1) };

describe('row of a delivery', () => {
  const row = pictureRow('system', pictures, delivery, link);

  it('counts side information as the channel uses that would carry it', () => {
    // 16 bits at log2(11) = 3.46 bits a use: 5 uses more.
    expect(row.rate.value).toBeCloseTo((64 + 5) / 384, 12);
    expect(row.rate.sideInformationBits).toBe(48);
    const bare = pictureRow('system', pictures, { ...delivery, sideInformationBits: [0, 0, 0] }, link);
    expect(bare.rate.value).toBeCloseTo(1 / 6, 12);
  });

  it('has the mean of the PSNR of the pictures, inside its interval', () => {
    // An error of 0.01 everywhere is 40 dB.
    expect(row.accuracy.value).toBeCloseTo(mean([1, 2, 3].map((k) => 40 - 20 * Math.log10(k))), 4);
    expect(row.accuracy.value).toBeCloseTo(mean(pictures.map((p, i) => psnr(p, delivery.received[i]!))), 9);
    const [low, high] = row.accuracy.ci95!;
    expect(low).toBeLessThan(row.accuracy.value);
    expect(high).toBeGreaterThan(row.accuracy.value);
    expect(pictureRow('system', pictures, delivery, link)).toEqual(row);
  });

  it('adds median times and the time on air', () => {
    expect(row.latency.value).toBeCloseTo(0.2 + 0.3 + 0.064, 9);
    expect(row.latency).toMatchObject({
      unit: 's',
      encodeSec: { median: 0.2 },
      airSec: { median: 0.064, p95: 0.064 },
    });
  });

  it('has no interval for one picture', () => {
    const one: PictureDelivery = {
      received: delivery.received.slice(0, 1),
      channelUses: [64],
      encodeSec: [1],
      decodeSec: [1],
      sideInformationBits: [0],
    };
    expect(pictureRow('system', pictures.slice(0, 1), one, link).accuracy.ci95).toBeUndefined();
  });
});
