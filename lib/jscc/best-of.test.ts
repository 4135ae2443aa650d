import { describe, expect, it } from 'vitest';
import { awgn } from '../channel/index.js';
import { type Codec, transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import { flatPicture, type Picture, psnr } from '../source/index.js';
import { bestOf } from './best-of.js';
import type { PictureShape } from './symbols.js';

/** Sends one value of the picture `repeats` times as the real part and shows a flat picture of it. */
function flatCodec(name: string, value: (picture: Picture) => number): Codec<Picture, PictureShape> {
  return {
    name,
    channelUses: () => 8,
    shapeOf: ({ name: title, width, height }) => ({ name: title, width, height }),
    encode: (picture) => {
      const symbols = new Float32Array(16).map((_, i) =>
        i % 2 === 0 ? value(picture) : Math.sqrt(1 - value(picture) ** 2),
      );
      return { symbols, sideInformationBits: 3, side: name };
    },
    decode: ({ symbols, side }, { width, height }) => {
      expect(side).toBe(name);
      let sum = 0;
      for (let i = 0; i < 16; i += 2) sum += symbols[i]!;
      return flatPicture(width, height, [sum / 8, sum / 8, sum / 8]);
    },
  };
}

describe('bestOf', () => {
  const dark = flatCodec('dark', () => 0.2);
  const light = flatCodec('light', () => 0.8);
  const both = bestOf('both', [dark, light]);

  it('sends each picture by the codec that does better on it, for one bit more', async () => {
    const pictures = [0.15, 0.85].map((level) => flatPicture(8, 8, [level, level, level]));
    const channel = awgn({ snrDb: 30 });
    const chosen = await transmit(both, channel, pictures, Rng.of(1));
    expect(chosen.sideInformationBits).toEqual([4, 4]);
    const alone = await Promise.all(
      [dark, light].map((codec) => transmit(codec, channel, pictures, Rng.of(1))),
    );
    for (const [i, picture] of pictures.entries()) {
      const best = Math.max(...alone.map(({ received }) => psnr(picture, received[i]!)));
      expect(psnr(picture, chosen.received[i]!)).toBe(best);
    }
    expect(psnr(pictures[0]!, chosen.received[0]!)).toBeGreaterThan(20);
    expect(psnr(pictures[1]!, chosen.received[1]!)).toBeGreaterThan(20);
  });
});
