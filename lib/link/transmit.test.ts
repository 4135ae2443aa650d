import { describe, expect, it } from 'vitest';
import { averageOverEnsemble, awgn, ofdmTdl, perCodeword, rayleigh } from '../channel/index.js';
import { meanPower, Rng } from '../math/index.js';
import type { Codec, LinkState, Reception } from './codec.js';
import { transmit } from './transmit.js';

/** Sends a source of unit-energy complex symbols as it is. */
const identity: Codec<Float32Array, { length: number }> = {
  name: 'identity',
  channelUses: (source) => source.length / 2,
  shapeOf: (source) => ({ length: source.length }),
  encode: (source) => ({ symbols: source, sideInformationBits: 0 }),
  decode: ({ symbols }) => symbols,
};

const constraint = perCodeword();
const sources = (count: number, uses: number) =>
  Array.from({ length: count }, (_, index) =>
    constraint.normalise(
      Rng.of('source')
        .fork(index)
        .fillNormal(new Float32Array(2 * uses)),
      uses,
    ),
  );
const difference = (a: Float32Array, b: Float32Array) => a.map((value, index) => value - b[index]!);

describe('transmit', () => {
  it('delivers the source plus noise of variance N0 over AWGN', async () => {
    const [snrDb, uses, count] = [5, 2000, 40];
    const sent = sources(count, uses);
    const result = await transmit(identity, awgn({ snrDb }), sent, Rng.of('identity'));
    const error =
      sent.reduce((sum, source, k) => sum + meanPower(difference(result.received[k]!, source)), 0) / count;
    // The standard error of the mean of n exponentials of mean N0 is N0 / sqrt(n).
    expect(Math.abs(error / 10 ** -0.5 - 1)).toBeLessThan(5 / Math.sqrt(uses * count));
    expect(result.channelUses).toEqual(new Array(count).fill(uses));
    expect(result.sideInformationBits).toEqual(new Array(count).fill(0));
    for (const seconds of [...result.encodeSec, ...result.decodeSec])
      expect(seconds).toBeGreaterThanOrEqual(0);
    expect(result.encodeSec).toHaveLength(count);
    expect(result.decodeSec).toHaveLength(count);
  });

  it('tells the decoder the noise variance after equalisation', async () => {
    const receptions: Reception[] = [];
    const spy = {
      ...identity,
      decode: (reception: Reception) => {
        receptions.push(reception);
        return reception.symbols;
      },
    };
    const sent = sources(20, 4000);
    const { received } = await transmit(spy, rayleigh({ snrDb: 10 }), sent, Rng.of('fading'));
    for (const [index, { noiseVariance }] of receptions.entries()) {
      expect(noiseVariance).toHaveLength(1);
      const error = meanPower(difference(received[index]!, sent[index]!));
      expect(Math.abs(error / noiseVariance[0]! - 1)).toBeLessThan(5 / Math.sqrt(4000));
    }
    // Each source meets a gain of its own.
    expect(new Set(receptions.map(({ noiseVariance }) => noiseVariance[0])).size).toBe(20);
  });

  it('carries any codec over OFDM on a tapped delay line, with the noise variance of each use', async () => {
    const channel = ofdmTdl({
      profile: 'TDL-C',
      delaySpreadSec: 300e-9,
      dopplerHz: 50,
      subcarriers: 72,
      subcarrierSpacingHz: 15e3,
      snrDb: 15,
    });
    const seen: number[] = [];
    const spy = {
      ...identity,
      decode: (reception: Reception) => {
        seen.push(...reception.noiseVariance);
        return reception.symbols;
      },
    };
    const sent = sources(20, 1000);
    const { received } = await transmit(spy, channel, sent, Rng.of('ofdm'));
    let sum = 0;
    received.forEach((symbols, index) => {
      const error = difference(symbols, sent[index]!);
      for (let use = 0; use < 1000; use++) {
        sum += (error[2 * use]! ** 2 + error[2 * use + 1]! ** 2) / seen[1000 * index + use]!;
      }
    });
    expect(seen).toHaveLength(20_000);
    expect(Math.abs(sum / 20_000 - 1)).toBeLessThan(5 / Math.sqrt(20_000));
  });

  it('gives both ends the average state, and the decoder the shape and the side information', async () => {
    const seen: unknown[] = [];
    const codec: Codec<Float32Array, { length: number }> = {
      ...identity,
      encode: async (source, link) => {
        seen.push(link);
        return { symbols: source, sideInformationBits: 12, side: { scale: 3 } };
      },
      decode: async ({ symbols, side }, like, link: LinkState) => {
        seen.push(side, like, link);
        return symbols;
      },
    };
    const result = await transmit(codec, rayleigh({ snrDb: 4, fading: 'fast' }), sources(1, 8), Rng.of(0));
    const link = { channel: 'rayleigh-fast', fading: 'fast', snrDb: 4 };
    expect(seen).toEqual([link, { scale: 3 }, { length: 16 }, link]);
    expect(result.sideInformationBits).toEqual([12]);
  });

  it('draws by source index: the same stream, the same noise, whatever comes before', async () => {
    const sent = sources(3, 16);
    const run = async (rng: Rng, list = sent) =>
      (await transmit(identity, rayleigh({ snrDb: 0 }), list, rng)).received;
    const first = await run(Rng.of(1));
    const used = Rng.of(1);
    used.uniform();
    expect(await run(used)).toEqual(first);
    expect(await run(Rng.of(2))).not.toEqual(first);
    expect((await run(Rng.of(1), sent.slice(0, 2)))[1]).toEqual(first[1]);
    const [one, other] = await run(Rng.of(1), [sent[0]!, sent[0]!]);
    expect(one).not.toEqual(other);
  });

  it('refuses a codeword that breaks the power constraint, naming it, before anything is sent', async () => {
    const [quiet, loud] = [
      sources(1, 10)[0]!.map((value) => value * 0.5),
      sources(1, 10)[0]!.map((value) => value * 1.1),
    ];
    let decoded = 0;
    const codec = {
      ...identity,
      decode: ({ symbols }: Reception) => {
        decoded++;
        return symbols;
      },
    };
    await expect(transmit(codec, awgn({ snrDb: 0 }), [quiet, loud], Rng.of(0))).rejects.toThrow(
      'mean symbol energy of codeword 1 is 1.21',
    );
    expect(decoded).toBe(0);
    const options = { powerConstraint: averageOverEnsemble() };
    await transmit(codec, awgn({ snrDb: 0 }), [quiet, loud], Rng.of(0), options);
    expect(decoded).toBe(2);
    await expect(transmit(codec, awgn({ snrDb: 0 }), [loud], Rng.of(0), options)).rejects.toThrow(
      'of 1 codewords',
    );
    const own = { ...codec, powerConstraint: averageOverEnsemble() };
    await transmit(own, awgn({ snrDb: 0 }), [quiet, loud], Rng.of(0));
    await expect(transmit(own, awgn({ snrDb: 0 }), [loud], Rng.of(0))).rejects.toThrow('of 1 codewords');
  });

  it('refuses a codec that takes other channel uses than it announced', async () => {
    const channel = awgn({ snrDb: 0 });
    const greedy = { ...identity, channelUses: () => 3 };
    await expect(transmit(greedy, channel, sources(1, 4), Rng.of(0))).rejects.toThrow(
      'identity: codeword 0 has 4 channel uses; allowed: 3',
    );
    const vague = { ...identity, encode: (symbols: Float32Array) => ({ symbols, sideInformationBits: -1 }) };
    await expect(transmit(vague, channel, sources(1, 4), Rng.of(0))).rejects.toThrow('side information bits');
    await expect(transmit(identity, channel, [], Rng.of(0))).rejects.toThrow('0 sources');
  });

  it('sends sources of different lengths', async () => {
    const sent = [...sources(1, 4), ...sources(1, 9)];
    const { received, channelUses } = await transmit(identity, awgn({ snrDb: 100 }), sent, Rng.of(0));
    expect(channelUses).toEqual([4, 9]);
    received.forEach((symbols, k) => {
      expect(meanPower(difference(symbols, sent[k]!))).toBeLessThan(1e-9);
    });
  });
});
