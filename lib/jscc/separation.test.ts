import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { type Codec, transmit } from '../link/index.js';
import { mean, Rng } from '../math/index.js';
import { bestWithin, meanPsnr, type Picture, psnr, rateDistortion } from '../source/index.js';
import { SeparationBound } from './separation.js';
import { heldOutCrops, inputErrorOf } from './testing.js';

const colour = [0.4, 0.5, 0.6] as const;
let pictures: Picture[];
beforeAll(async () => {
  pictures = (await heldOutCrops(56)).slice(0, 2);
});

const bound = (ratio = 1 / 6) => new SeparationBound({ ratio, mean: [...colour] });

/** Notes the noise variance at which `transmit` delivers each codeword. */
function spy(uses: number): { codec: Codec<Picture, object>; variances: Float32Array[] } {
  const variances: Float32Array[] = [];
  const codec: Codec<Picture, object> = {
    name: 'spy',
    channelUses: () => uses,
    shapeOf: () => ({}),
    encode: () => ({ symbols: new Float32Array(2 * uses).fill(Math.SQRT1_2), sideInformationBits: 0 }),
    decode: ({ noiseVariance }) => {
      variances.push(noiseVariance);
      return pictures[0]!;
    },
  };
  return { codec, variances };
}

describe('separation bound', () => {
  it('spends at most the capacity of the channel uses, and gains by a better link', async () => {
    let last = 0;
    for (const snrDb of [-6, 0, 5, 10, 15, 20]) {
      const out = await bound().over(awgn({ snrDb }), pictures, Rng.of(1));
      const uses = Math.round(56 * 56 * 3 * (1 / 6));
      expect(out.channelUses).toEqual([uses, uses]);
      expect(out.sideInformationBits).toEqual([0, 0]);
      for (const [i, picture] of pictures.entries()) {
        expect(out.budgetBytes[i]).toBe(Math.floor((uses * Math.log2(1 + 10 ** (snrDb / 10))) / 8));
        expect(out.usedBytes[i]).toBeLessThanOrEqual(out.budgetBytes[i]!);
        // It is the best file that fits, and shown as decoded.
        const best = bestWithin(await rateDistortion(picture), out.budgetBytes[i]!);
        expect(out.usedBytes[i]).toBe(best?.bytes ?? 0);
        if (best) expect(psnr(picture, out.received[i]!)).toBeCloseTo(best.psnrDb, 6);
      }
      const quality = meanPsnr(pictures, out.received);
      expect(quality).toBeGreaterThanOrEqual(last);
      last = quality;
    }
    expect(last).toBeGreaterThan(30);
  });

  it('carries less in codewords of finite length: 3.32 bits a use for 1000 at 10 dB and 1e-3', async () => {
    const side = 64;
    const [picture] = await heldOutCrops(side);
    const ratio = 1000 / (3 * side * side);
    const finite = new SeparationBound({ ratio, mean: [...colour], blockErrorRate: 1e-3 });
    const out = await finite.over(awgn({ snrDb: 10 }), [picture!], Rng.of(1));
    // Polyanskiy, Poor and Verdu 2010, theorem 54, for two real dimensions; Qinv(1e-3) = 3.0902.
    const dispersion = (1 - 1 / 121) * Math.LOG2E ** 2;
    const rate = Math.log2(11) - Math.sqrt(dispersion / 1000) * 3.0902 + Math.log2(1000) / 2000;
    expect(out.budgetBytes).toEqual([Math.floor((1000 * rate) / 8)]);
  });

  it('shows the mean colour when no file fits', async () => {
    const out = await bound(1 / 12).over(awgn({ snrDb: -20 }), pictures, Rng.of(1));
    expect(out.usedBytes).toEqual([0, 0]);
    for (const [i, { data, width, height, name }] of out.received.entries()) {
      expect([width, height, name]).toEqual([56, 56, pictures[i]!.name]);
      expect(data.every((value, at) => value === Math.fround(colour[at % 3]!))).toBe(true);
    }
  });

  it.each(['block', 'fast'] as const)(
    'has the capacity of the gains that transmit draws (%s)',
    async (fading) => {
      const channel = rayleigh({ snrDb: 9, fading });
      const rng = Rng.of('same draw');
      const many = Array.from({ length: 6 }, () => pictures[0]!);
      const { budgetBytes, channelUses } = await bound().over(channel, many, rng);
      const uses = channelUses[0]!;
      const { codec, variances } = spy(uses);
      await transmit(codec, channel, many, rng);
      const shape = { codewords: 1, uses };
      for (const [i, budget] of budgetBytes.entries()) {
        const capacity = mean(Array.from(variances[i]!, (variance) => Math.log2(1 + 1 / variance)));
        expect(budget).toBe(Math.floor((uses * capacity) / 8));
        if (fading !== 'block') continue;
        const [re, im] = channel.sample(rng.fork(i), shape).gains;
        const byGain = (uses * Math.log2(1 + (re! ** 2 + im! ** 2) * 10 ** 0.9)) / 8;
        expect(Math.abs(budget + 0.5 - byGain)).toBeLessThanOrEqual(0.51);
      }
      // Block fades differ from picture to picture; over many uses a fast one averages out.
      const spread = (Math.max(...budgetBytes) - Math.min(...budgetBytes)) / mean(budgetBytes);
      if (fading === 'block') expect(spread).toBeGreaterThan(0.3);
      else expect(spread).toBeLessThan(0.2);
    },
  );

  it('takes the extremes of a link', async () => {
    const out = await bound().over(awgn({ snrDb: 100 }), pictures.slice(0, 1), Rng.of(1));
    expect(psnr(pictures[0]!, out.received[0]!)).toBeGreaterThan(40);
    expect((await bound().over(awgn({ snrDb: -50 }), pictures.slice(0, 1), Rng.of(1))).usedBytes).toEqual([
      0,
    ]);
  });

  it('refuses a ratio that is none', async () => {
    for (const ratio of [0, -1, 11, Number.NaN]) {
      expect(await inputErrorOf(() => bound(ratio))).toContain('bandwidth ratio');
    }
  });
});
