import { beforeAll, describe, expect, it } from 'vitest';
import { awgn, rayleigh } from '../channel/index.js';
import { transmit } from '../link/index.js';
import { mean, Rng, standardError } from '../math/index.js';
import { meanPsnr, mse, type Picture } from '../source/index.js';
import { blockValues, fromBlocks, toBlocks } from './blocks.js';
import { linearCodec } from './linear.js';
import { type PrincipalComponents, principalComponents } from './principal.js';
import { heldOutCrops, inputErrorOf, largestDifference, trainingCrops, wavyPicture } from './testing.js';

const link = { channel: 'awgn', fading: 'none', snrDb: 10 } as const;
const ratios = [1 / 12, 1 / 6, 1 / 3];
const energyOf = (symbols: Float32Array) =>
  (2 * symbols.reduce((sum, value) => sum + value * value, 0)) / symbols.length;

let components: PrincipalComponents;
let pictures: Picture[];
beforeAll(async () => {
  components = principalComponents(await trainingCrops(128));
  pictures = await heldOutCrops(64);
});

/** Projection of a picture's blocks on the first components. */
function truncated(picture: Picture, kept: number): Picture {
  const { mean: middle, vectors } = components;
  const blocks = toBlocks(picture);
  const out = new Float32Array(blocks.length);
  for (let start = 0; start < blocks.length; start += blockValues) {
    for (let i = 0; i < blockValues; i++) out[start + i] = middle[i]!;
    for (let k = 0; k < kept; k++) {
      const row = vectors.subarray(k * blockValues, (k + 1) * blockValues);
      const value = row.reduce((sum, v, i) => sum + v * (blocks[start + i]! - middle[i]!), 0);
      for (const [i, v] of row.entries()) out[start + i]! += value * v;
    }
  }
  return fromBlocks(out, picture, picture.name);
}

describe('linear codec, power over the ensemble', () => {
  const picture = wavyPicture(160, 128);
  const own = principalComponents([picture]);
  const kept = 64;
  const codec = linearCodec({ ratio: 1 / 6, components: own, power: 'ensemble' });
  const roots = Array.from(own.variances.subarray(0, kept), Math.sqrt);
  const scale = Math.sqrt(0.5 / mean(roots));

  it.each([-2, 5, 12])(
    'has the error of the closed form on its own training blocks at %i dB',
    async (snrDb) => {
      const noise = 10 ** (-snrDb / 10) / 2;
      let expected = 0;
      for (const [k, variance] of own.variances.entries()) {
        const gain = scale * variance ** -0.25;
        expected += k < kept ? (variance * noise) / (gain * gain * variance + noise) : variance;
      }
      const { symbols } = await codec.encode(picture, link);
      const noiseVariance = Float32Array.of(2 * noise);
      const errors: number[] = [];
      for (let draw = 0; draw < 24; draw++) {
        const realisation = awgn({ snrDb }).sample(Rng.of('closed form').fork(draw), {
          codewords: 1,
          uses: symbols.length / 2,
        });
        const got = await codec.decode({ symbols: realisation.apply(symbols), noiseVariance }, picture, link);
        // Nothing was clipped, so the linear theory holds.
        expect(got.data.every((value) => value > 0 && value < 1)).toBe(true);
        errors.push(mse(picture, got));
      }
      const theory = expected / blockValues;
      expect(standardError(errors) / theory).toBeLessThan(0.005);
      expect(Math.abs(mean(errors) - theory)).toBeLessThan(4 * standardError(errors));
    },
  );

  it('has unit mean symbol energy over the training blocks, and no side information', async () => {
    const { symbols, sideInformationBits, side } = await codec.encode(picture, link);
    expect(energyOf(symbols)).toBeCloseTo(1, 5);
    expect(sideInformationBits).toBe(0);
    expect(side).toBeUndefined();
  });

  it('gives each component the energy of the square root of its variance (SoftCast)', async () => {
    const { symbols } = await codec.encode(picture, link);
    const energies = new Float64Array(kept);
    for (const [at, value] of symbols.entries()) energies[at % kept]! += value * value;
    const blocks = symbols.length / kept;
    const found = energies.map((energy) => energy / blocks / scale ** 2);
    expect(Math.max(...found.map((energy, k) => Math.abs(energy / roots[k]! - 1)))).toBeLessThan(1e-4);
  });
});

describe('linear codec, power of each codeword', () => {
  it.each(ratios)('sends unit energy and 16 bits beside, within the ratio (%d)', async (ratio) => {
    const codec = linearCodec({ ratio, components });
    const { channelUses, sideInformationBits, received } = await transmit(
      codec,
      awgn({ snrDb: 10 }),
      pictures,
      Rng.of(1),
    );
    expect(sideInformationBits).toEqual(pictures.map(() => 16));
    channelUses.forEach((uses, i) => {
      expect(uses / pictures[i]!.data.length).toBeCloseTo(ratio, 12);
    });
    received.forEach(({ name, width, height }, i) => {
      expect({ name, width, height }).toEqual(codec.shapeOf(pictures[i]!));
    });
    for (const picture of pictures) {
      const energy = energyOf((await codec.encode(picture, link)).symbols);
      expect(energy).toBeLessThanOrEqual(1 + 1e-6);
      expect(energy).toBeGreaterThan(1 - 0.0015);
    }
  });

  it('never loses PSNR by a better link or a higher ratio', async () => {
    let last = ratios.map(() => 0);
    for (let snrDb = -4; snrDb <= 28; snrDb += 4) {
      const psnrs: number[] = [];
      for (const ratio of ratios) {
        const codec = linearCodec({ ratio, components });
        const { received } = await transmit(codec, awgn({ snrDb }), pictures, Rng.of('monotone'));
        psnrs.push(meanPsnr(pictures, received));
      }
      expect(psnrs[1]).toBeGreaterThan(psnrs[0]!);
      expect(psnrs[2]).toBeGreaterThan(psnrs[1]!);
      for (const [i, value] of psnrs.entries()) expect(value).toBeGreaterThan(last[i]!);
      last = psnrs;
    }
  });

  it.each(ratios)('is the truncated principal components where there is no noise (%d)', async (ratio) => {
    const { received } = await transmit(
      linearCodec({ ratio, components }),
      awgn({ snrDb: 90 }),
      pictures,
      Rng.of(3),
    );
    for (const [i, picture] of pictures.entries()) {
      expect(largestDifference(received[i]!.data, truncated(picture, 384 * ratio).data)).toBeLessThan(2e-3);
    }
  });

  it('falls back to the mean block where there is only noise', async () => {
    const codec = linearCodec({ ratio: 1 / 6, components });
    const { received } = await transmit(codec, awgn({ snrDb: -50 }), pictures, Rng.of(4));
    for (const [i, picture] of pictures.entries()) {
      const flat = truncated(picture, 0);
      expect(meanPsnr([received[i]!], [flat])).toBeGreaterThan(40);
    }
  });

  it('takes the noise of each channel use when the gain changes that fast', async () => {
    // A receiver that used one noise variance for all would be worse.
    const codec = linearCodec({ ratio: 1 / 6, components });
    const blind: typeof codec = {
      ...codec,
      decode: ({ noiseVariance, ...rest }, shape, state) =>
        codec.decode({ ...rest, noiseVariance: Float32Array.of(mean(noiseVariance)) }, shape, state),
    };
    const channel = rayleigh({ snrDb: 8, fading: 'fast' });
    const [knowing, other] = await Promise.all(
      [codec, blind].map(async (each) =>
        meanPsnr(pictures, (await transmit(each, channel, pictures, Rng.of(5))).received),
      ),
    );
    expect(knowing).toBeGreaterThan(other! + 0.5);
  });

  it('sends a flat picture without harm', async () => {
    const flat = { ...wavyPicture(16, 16, 'flat'), data: new Float32Array(768).fill(0.5) };
    const mid = { ...components, mean: new Float64Array(blockValues).fill(0.5) };
    const codec = linearCodec({ ratio: 1 / 6, components: mid });
    const { received } = await transmit(codec, awgn({ snrDb: 10 }), [flat], Rng.of(6));
    expect(largestDifference(received[0]!.data, flat.data)).toBeLessThan(1e-3);
  });

  it('refuses a ratio or a picture that does not fit, in one line', async () => {
    expect(await inputErrorOf(() => linearCodec({ ratio: 0.2, components }))).toContain(
      'bandwidth ratio is 0.2',
    );
    const codec = linearCodec({ ratio: 1 / 6, components });
    const odd = wavyPicture(30, 30, 'odd');
    expect(await inputErrorOf(() => codec.encode(odd, link))).toContain('picture odd is 30 x 30');
    const broken = wavyPicture(16, 16, 'broken');
    broken.data[7] = Number.NaN;
    const send = () => transmit(codec, awgn({ snrDb: 10 }), [broken], Rng.of(7));
    expect(await inputErrorOf(send)).toContain('codeword 0 holds NaN');
  });
});
