import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { transmit } from '../link/index.js';
import { Rng } from '../math/index.js';
import { mcs } from '../phy/index.js';
import { bestWithin, meanPsnr, type Picture, rateDistortion } from '../source/index.js';
import { SeparationBound } from './separation.js';
import { separationCodec } from './separation-codec.js';
import { heldOutCrops } from './testing.js';

const mean = [0.4, 0.5, 0.6] as const;
const ratio = 1 / 6;
let pictures: Picture[];
beforeAll(async () => {
  pictures = (await heldOutCrops(96)).slice(0, 2);
});

const codecOf = (index: number) => separationCodec({ ratio, scheme: mcs(index), mean });

async function qualities(index: number, snrsDb: readonly number[]): Promise<number[]> {
  const codec = codecOf(index);
  const values: number[] = [];
  for (const snrDb of snrsDb) {
    const { received } = await transmit(codec, awgn({ snrDb }), pictures, Rng.of('separation'));
    values.push(meanPsnr(pictures, received));
  }
  return values;
}

describe('separation with real codes', () => {
  // jscc.md section 4 (d).
  it('falls off a cliff of more than 10 dB within 2 dB of SNR, and is flat above it', async () => {
    for (const index of [8, 15]) {
      const atCapacity = 10 * Math.log10(2 ** mcs(index).efficiency - 1);
      const [below, above, higher, highest] = await qualities(index, [
        atCapacity,
        atCapacity + 2,
        atCapacity + 3,
        atCapacity + 20,
      ]);
      expect(above! - below!).toBeGreaterThan(10);
      expect([higher, highest]).toEqual([above, above]);
    }
  });

  it('delivers the best file that fits its payload, below the bound', async () => {
    const { received, channelUses, sideInformationBits } = await transmit(
      codecOf(10),
      awgn({ snrDb: 30 }),
      pictures,
      Rng.of(1),
    );
    const uses = Math.round(96 * 96 * 3 * ratio);
    expect(channelUses).toEqual([uses, uses]);
    expect(sideInformationBits).toEqual([0, 0]);
    const payload = Math.floor((uses * 4 * (340 / 1024)) / 8);
    for (const [i, picture] of pictures.entries()) {
      const best = bestWithin(await rateDistortion(picture), payload - 3);
      expect(meanPsnr([picture], [received[i]!])).toBeCloseTo(best!.psnrDb, 6);
    }
    // The bound at the SNR where capacity is the scheme's efficiency has the same payload, and no overhead.
    const snrDb = 10 * Math.log10(2 ** mcs(10).efficiency - 1);
    const bound = await new SeparationBound({ ratio, mean }).over(awgn({ snrDb }), pictures, Rng.of(1));
    expect(meanPsnr(pictures, bound.received)).toBeGreaterThanOrEqual(meanPsnr(pictures, received));
  });

  it('shows the mean colour where nothing comes through or fits', async () => {
    const lost = await transmit(codecOf(20), awgn({ snrDb: -10 }), pictures, Rng.of(1));
    const tiny = separationCodec({ ratio: 1 / 50, scheme: mcs(0), mean });
    const unfit = await transmit(tiny, awgn({ snrDb: 20 }), pictures, Rng.of(1));
    for (const picture of [...lost.received, ...unfit.received]) {
      expect([...picture.data.subarray(0, 3)]).toEqual([...Float32Array.from(mean)]);
      expect(new Set(picture.data).size).toBe(3);
    }
  });

  it('shows no part of a file of which a later block was lost', async () => {
    const codec = codecOf(15);
    const link = { channel: 'awgn', fading: 'none', snrDb: 30 } as const;
    const { symbols } = await codec.encode(pictures[0]!, link);
    const shape = codec.shapeOf(pictures[0]!);
    const uses = symbols.length / 2;
    const clean = new Float32Array(uses).fill(1e-3);
    const whole = await codec.decode({ symbols, noiseVariance: clean }, shape, link);
    expect(meanPsnr([pictures[0]!], [whole])).toBeGreaterThan(25);
    // The first block, with the length in it, comes through.
    const noiseVariance = clean.map((value, use) => (use < uses / 2 ? value : Number.POSITIVE_INFINITY));
    const { data } = await codec.decode({ symbols, noiseVariance }, shape, link);
    expect([...data.subarray(0, 3)]).toEqual([...Float32Array.from(mean)]);
    expect(new Set(data).size).toBe(3);
  });

  it('goes over fading with a gain a symbol', async () => {
    const channel = rayleigh({ snrDb: 12, fading: 'fast' });
    const { received } = await transmit(codecOf(10), channel, pictures, Rng.of(2));
    expect(meanPsnr(pictures, received)).toBeGreaterThan(22);
  });

  it('refuses what cannot be sent, in one line', async () => {
    const scheme = { bitsPerSymbol: 2, codeRate: 2 } as const;
    expect(() => separationCodec({ ratio: 0, scheme: mcs(0), mean })).toThrow('bandwidth ratio is 0');
    expect(() => separationCodec({ ratio, scheme, mean })).toThrow('code rate is 2');
    const small = { name: 'dot', width: 2, height: 2, data: new Float32Array(12) };
    await expect(codecOf(0).encode(small, { channel: 'awgn', fading: 'none', snrDb: 0 })).rejects.toThrow(
      /^2 channel uses carry 0 bytes/,
    );
  });
});
