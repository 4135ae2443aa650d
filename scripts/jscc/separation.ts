import { awgn, type Channel, ofdmTdl, rayleigh } from 'semwave/channel';
import {
  adaptiveCodec,
  deepJsccCodec,
  linearCodec,
  loadAdaptive,
  loadDeepJscc,
  type PictureDelivery,
  pictureRow,
  principalComponents,
  SeparationBound,
  schemeLadder,
  separationCodec,
} from 'semwave/jscc';
import { transmit } from 'semwave/link';
import { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { meanColour, type Picture, photographs, rateDistortion } from 'semwave/source';
import { once } from './once.js';
import { linkParams, pictureParams } from './picture-params.js';
import { envelopeName, separationFigures } from './separation-figures.js';
import { loadSources, type Sources } from './separation-sources.js';

const channels: Record<string, (options: { snrDb: number }) => Channel> = {
  awgn,
  rayleigh,
  // NR in 20 MHz at 3.5 GHz and 30 km/h: 624 subcarriers of 30 kHz.
  'ofdm-tdl-c': ({ snrDb }) =>
    ofdmTdl({
      snrDb,
      profile: 'TDL-C',
      delaySpreadSec: 300e-9,
      dopplerHz: 97,
      subcarriers: 624,
      subcarrierSpacingHz: 30e3,
    }),
};

type Over = (channel: Channel, pictures: readonly Picture[], rng: Rng) => Promise<PictureDelivery>;

/** The joint codecs at a ratio, by name. */
async function jointCodecs(ratio: number): Promise<Map<string, Over>> {
  const codecs = [
    linearCodec({ ratio, components: principalComponents(await photographs.training()) }),
    deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio) }),
    adaptiveCodec({ ratio, parameters: loadAdaptive() }),
  ];
  return new Map(codecs.map((codec) => [codec.name, (...args) => transmit(codec, ...args)]));
}

/** The search for the best file is made beforehand, so that it is no part of a latency. */
async function measuredSources(config: Parameters<typeof loadSources>[0]): Promise<Sources> {
  const sources = await loadSources(config);
  for (const picture of sources.sent) await rateDistortion(picture);
  return sources;
}

export default defineExperiment({
  id: 'jscc/separation',
  title: 'Joint coding against separate coding with real codes',
  paper:
    'Bourtsoulatze, Kurka, Gündüz 2019 (DeepJSCC); 3GPP TS 38.212 (NR LDPC); Polyanskiy, Poor, Verdú 2010 (finite block length)',
  purpose: 'PSNR of joint codecs against image files over NR LDPC and QAM: cliffs, envelope, bounds',
  params: {
    channel: param.grid(['awgn', 'rayleigh', 'ofdm-tdl-c'], {
      about: 'no fading, one gain a picture, or OFDM over TDL-C (300 ns, 97 Hz)',
    }),
    ratio: param.grid([1 / 12, 1 / 6, 1 / 3], {
      unit: 'channel uses per source value',
      about: 'bandwidth ratio',
    }),
    snrDb: param.grid({ unit: 'dB', from: -2, to: 20, step: 1, min: -20, max: 40, about: 'mean Es/N0' }),
    ...pictureParams,
    ...linkParams,
    cifar: param.text({ default: '', about: 'file of CIFAR-10 pictures in its binary format, instead' }),
    tiled: param.integer({
      default: 0,
      min: 0,
      max: 1000,
      about: 'CIFAR pictures a row of one mosaic, sent as one file as in the literature; 0: a file each',
    }),
    blockErrorRate: param.number({
      default: 1e-3,
      min: 1e-12,
      max: 0.5,
      about: 'of the finite-length bound',
    }),
    iterations: param.integer({ default: 20, min: 1, max: 1000, about: 'of the LDPC decoder, at most' }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      ratio: [1 / 6],
      snrDb: [0, 2, 4, 6, 8, 10, 12, 14, 16],
      images: 4,
      tile: 128,
      draws: 2,
    },
    paper: { cost: '2 hours on two cores' },
  },
  points: ({ channel, ratio, snrDb }) =>
    channel.flatMap((c) => ratio.flatMap((r) => snrDb.map((s) => ({ channel: c, ratio: r, snrDb: s })))),

  async *measure(point, { config, rng, seed }) {
    const { ratio, snrDb } = point;
    const { judged, sent, judge } = await once('sources', config, () => measuredSources(config));
    const channel = channels[point.channel]!({ snrDb });
    const draws = channel.fading === 'none' ? 1 : config.draws;
    const repeated = (pictures: Picture[]) => Array.from({ length: draws }, () => pictures).flat();
    // Not the point's own stream: every SNR, ratio and system meets the same draws.
    const draw = Rng.of(seed).fork('jscc/separation').fork(point.channel);
    const rowOf = (system: string, delivery: PictureDelivery): NewRow => {
      const link = { snrDb, symbolRate: config.symbolRate, rng };
      const row = pictureRow(system, repeated(judged), judge(delivery), link);
      return { ...row, params: point };
    };

    if (sent === judged) {
      for (const [name, over] of await once('joint codecs', ratio, () => jointCodecs(ratio))) {
        yield rowOf(name, await over(channel, repeated(sent), draw));
      }
    }
    const mean = meanColour(config.cifar === '' ? await photographs.training() : judged);
    const schemes = schemeLadder.map((scheme) =>
      separationCodec({ ratio, mean, scheme, iterations: config.iterations }),
    );
    let best: NewRow | undefined;
    for (const codec of schemes) {
      const row = rowOf(codec.name, await transmit(codec, channel, repeated(sent), draw));
      if (!best || row.accuracy.value > best.accuracy.value) best = row;
      yield row;
    }
    if (best) yield { ...best, system: envelopeName, params: { ...point, scheme: best.system } };
    for (const blockErrorRate of [config.blockErrorRate, undefined]) {
      const bound = new SeparationBound({ ratio, mean, ...(blockErrorRate && { blockErrorRate }) });
      yield rowOf(bound.name, await bound.over(channel, repeated(sent), draw));
    }
  },

  figures: (rows) => separationFigures(rows),
});
