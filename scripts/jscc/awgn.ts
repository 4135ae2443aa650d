import { awgn, type Channel, rayleigh } from 'semwave/channel';
import {
  adaptiveCodec,
  adaptiveRate,
  deepJsccCodec,
  defaultTraining,
  linearCodec,
  loadAdaptive,
  loadDeepJscc,
  type PictureDelivery,
  type PictureRow,
  pictureRow,
  principalComponents,
  ratioLabel,
  SeparationBound,
  startAdaptive,
  trainAdaptive,
  trainAdaptiveWeights,
  trainDeepJsccWeights,
} from 'semwave/jscc';
import { transmit } from 'semwave/link';
import type { Rng } from 'semwave/math';
import { defineExperiment, param } from 'semwave/pipeline';
import { meanColour, type Picture, photographs, testPictures, toPng } from 'semwave/source';
import { awgnFigures, stripName } from './awgn-figures.js';

const channels: Record<string, (options: { snrDb: number }) => Channel> = { awgn, rayleigh };
const ratios = [1 / 12, 1 / 6, 1 / 3];
/** Where the reconstructed pictures of the report and the learning curve are taken. */
const shown = { ratio: 1 / 6, channel: 'awgn', snrDb: 10 };

/** One system: sends pictures over a channel and says how they came through. */
interface System {
  name: string;
  over(channel: Channel, pictures: readonly Picture[], rng: Rng): Promise<PictureDelivery>;
}

type Weights = (name: string) => Uint8Array | undefined;

async function systemsAt(ratio: number, weights: Weights): Promise<System[]> {
  const training = await photographs.training();
  const codecs = [
    linearCodec({ ratio, components: principalComponents(training) }),
    deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio, weights(`deepjscc-${ratioLabel(ratio)}`)) }),
    adaptiveCodec({ ratio, parameters: loadAdaptive(weights('adaptive')) }),
  ];
  const overLink = codecs.map((codec) => ({
    name: codec.name,
    over: (channel: Channel, pictures: readonly Picture[], rng: Rng) =>
      transmit(codec, channel, pictures, rng),
  }));
  return [...overLink, new SeparationBound({ ratio, mean: meanColour(training) })];
}

/** Systems and pictures serve all points of a worker. */
const made = new Map<string, Promise<unknown>>();
function once<T>(key: string, make: () => Promise<T>): Promise<T> {
  const known = (made.get(key) as Promise<T> | undefined) ?? make();
  made.set(key, known);
  return known;
}

export default defineExperiment({
  id: 'jscc/awgn',
  title: 'Neural against linear and separate coding over noisy channels',
  paper:
    'Bourtsoulatze, Kurka, Gündüz 2019 (DeepJSCC); Xu et al. 2022 (ADJSCC); Jakubczak, Katabi 2011 (SoftCast)',
  purpose: 'PSNR, rate and latency of four image codecs over AWGN and block Rayleigh, -2 to 20 dB',
  params: {
    channel: param.grid(['awgn', 'rayleigh'], { about: 'no fading, or one gain a picture' }),
    ratio: param.grid(ratios, { unit: 'channel uses per source value', about: 'bandwidth ratio' }),
    snrDb: param.grid({ unit: 'dB', from: -2, to: 20, step: 2, min: -20, max: 40, about: 'mean Es/N0' }),
    images: param.count({ default: 'all', about: 'test pictures or tiles' }),
    tile: param.integer({
      default: 256,
      min: 0,
      max: 4096,
      unit: 'pixels',
      about: 'side of a test tile, a multiple of 8; 0: whole pictures',
    }),
    folder: param.text({
      default: '',
      about: 'folder of PNG, JPEG or WebP test pictures; empty: the held-out photographs',
    }),
    draws: param.integer({ default: 20, min: 1, max: 1000, about: 'fades a picture over block Rayleigh' }),
    symbolRate: param.number({
      default: 1e6,
      min: 1,
      max: 1e12,
      unit: 'symbols/s',
      about: 'complex symbols a second on air',
    }),
    learnSteps: param.integer({
      default: 400,
      min: 0,
      max: 100_000,
      about: 'steps of the learning curve; 0: none',
    }),
    train: param.boolean({ default: false, about: 'make the weights anew instead of using those that ship' }),
    trainSteps: param.integer({ default: 3600, min: 1, max: 10_000_000, about: 'steps of --train' }),
  },
  presets: {
    quick: { cost: '2 minutes on two cores', images: 6, tile: 192, draws: 2, learnSteps: 60 },
    paper: { cost: '1 hour on two cores; with --train 3 hours' },
  },

  points({ channel, ratio, snrDb, learnSteps }) {
    const sweep = channel.flatMap((c) =>
      ratio.flatMap((r) => snrDb.map((s) => ({ channel: c, ratio: r, snrDb: s }))),
    );
    const learning = { channel: shown.channel, ratio: shown.ratio, snrDb: shown.snrDb, learning: true };
    return learnSteps > 0 ? [learning, ...sweep] : sweep;
  },

  async prepare({ config, seed, saveArtefact, progress, signal }) {
    if (!config.train) return;
    const training = await photographs.training();
    const recipe = { seed, steps: config.trainSteps };
    const jobs = 1 + ratios.length;
    const watch = (job: number) => ({
      stop: signal,
      onStep: ({ step }: { step: number }) => progress((job + step / recipe.steps) / jobs),
    });
    saveArtefact('adaptive.safetensors', await trainAdaptiveWeights(training, recipe, watch(0)));
    for (const [i, ratio] of ratios.entries()) {
      const half = { seed, steps: Math.ceil(recipe.steps / 2) };
      const weights = await trainDeepJsccWeights(training, ratio, half, watch(i + 1));
      saveArtefact(`deepjscc-${ratioLabel(ratio)}.safetensors`, weights);
    }
  },

  async *measure(point, { config, rng, seed, artefact, saveArtefact, progress, signal }) {
    const { folder, images: count, tile, symbolRate } = config;
    const pictures = await once('pictures', () => testPictures({ folder, count, tile }));
    const channel = channels[point.channel]!({ snrDb: point.snrDb });
    const link = { snrDb: point.snrDb, symbolRate, rng };

    if ('learning' in point) {
      const training = await photographs.training();
      const parameters = startAdaptive(training, seed);
      const codec = adaptiveCodec({
        ratio: point.ratio,
        parameters,
        name: 'adaptive, from the linear start',
      });
      const few = pictures.slice(0, 3);
      const learned: { step: number; row: PictureRow }[] = [];
      const look = async (step: number) => {
        const delivery = await transmit(codec, channel, few, rng.fork('noise'));
        learned.push({ step, row: pictureRow(codec.name, few, delivery, link) });
      };
      await look(0);
      await trainAdaptive(
        parameters,
        { pictures: training, ...defaultTraining },
        {
          seed,
          steps: config.learnSteps,
          learningRate: adaptiveRate,
          stop: signal,
          onStep: async ({ step }) => {
            progress(step / config.learnSteps);
            if ((step + 1) % Math.ceil(config.learnSteps / 10) === 0) await look(step + 1);
          },
        },
      );
      for (const { step, row } of learned) yield { ...row, params: { step } };
      return;
    }

    const draws = channel.fading === 'none' ? 1 : config.draws;
    const sent = Array.from({ length: draws }, () => pictures).flat();
    const weights: Weights = (name) => artefact(`${name}.safetensors`);
    for (const system of await once(`systems ${point.ratio}`, () => systemsAt(point.ratio, weights))) {
      const delivery = await system.over(channel, sent, rng.fork('noise'));
      if (point.channel === shown.channel && point.ratio === shown.ratio) {
        saveArtefact(stripName(system.name, point.snrDb), await toPng(delivery.received[0]!));
        saveArtefact(stripName('original', point.snrDb), await toPng(sent[0]!));
      }
      yield pictureRow(system.name, sent, delivery, link);
    }
  },

  figures: (rows, context) => awgnFigures(rows, context),
});
