import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import { meanPsnr, type Picture } from '../source/index.js';
import { bestScheme, schemeLadder } from './envelope.js';
import { separationCodec } from './separation-codec.js';
import { heldOutCrops } from './testing.js';

const [ratio, mean] = [1 / 6, [0.4, 0.5, 0.6]] as const;
const ladder = schemeLadder.filter((_, index) => index % 3 === 0);
const codecs = ladder.map((scheme) => separationCodec({ ratio, mean, scheme }));
let pictures: Picture[];
beforeAll(async () => {
  pictures = (await heldOutCrops(64)).slice(0, 2);
});

describe('the envelope of separation over schemes', () => {
  it.each([
    ['awgn', awgn({ snrDb: 9 })],
    ['rayleigh', rayleigh({ snrDb: 9 })],
  ])('is the best of all that there are, tried one by one (%s)', async (_, channel) => {
    const { psnrDb } = await bestScheme(codecs, channel, pictures, Rng.of(1));
    const each: number[] = [];
    for (const codec of codecs) {
      each.push(meanPsnr(pictures, (await transmit(codec, channel, pictures, Rng.of(1))).received));
    }
    expect(psnrDb).toBe(Math.max(...each));
  });

  it('rises with the SNR', async () => {
    let last = 0;
    for (const snrDb of [-10, 0, 4, 8, 12, 16, 20]) {
      const { psnrDb } = await bestScheme(codecs, awgn({ snrDb }), pictures, Rng.of(1));
      expect(psnrDb).toBeGreaterThanOrEqual(last);
      last = psnrDb;
    }
  });

  it('needs a scheme', async () => {
    await expect(bestScheme([], awgn({ snrDb: 9 }), pictures, Rng.of(1))).rejects.toThrow(
      'best of 0 schemes',
    );
  });
});
