import { awgn, type Channel, rayleigh } from 'semwave/channel';
import {
  adaptiveCodec,
  bestOf,
  bestScheme,
  deepJsccCodec,
  defaultTraining,
  linearCodec,
  loadAdaptive,
  loadDeepJscc,
  type PictureDelivery,
  pictureRow,
  principalComponents,
  ratioLabel,
  SeparationBound,
  schemeLadder,
  separationCodec,
  startAdaptive,
  trainAdaptive,
  trainAdaptiveWeights,
  trainDeepJsccWeights,
} from 'semwave/jscc';
import { transmit } from 'semwave/link';
import { Rng, standardError } from 'semwave/math';
import { defineExperiment, type MeasureContext, type NewRow, param } from 'semwave/pipeline';
import { meanColour, type Picture, photographs, testPictures, toPng } from 'semwave/source';
import { awgnFigures, learnerName, shownOf, stripName } from './awgn-figures.js';
import { once } from './once.js';
import { linkParams, pictureParams } from './picture-params.js';

const channels: Record<string, (options: { snrDb: number }) => Channel> = { awgn, rayleigh };
const ratios = [1 / 12, 1 / 6, 1 / 3];
/** The learning curve over AWGN; the linear maps stay as they are in so short a training. */
const learning = { ratio: 1 / 6, snrsDb: [0, 10, 20], rate: 1e-3 };

/** One system: sends pictures over a channel and says how they came through. */
interface System {
  name: string;
  over(channel: Channel, pictures: readonly Picture[], rng: Rng): Promise<PictureDelivery>;
}

type Weights = (name: string) => Uint8Array | undefined;

async function systemsAt(ratio: number, pictures: readonly Picture[], weights: Weights): Promise<System[]> {
  const training = await photographs.training();
  const linear = linearCodec({ ratio, components: principalComponents(training) });
  const network = adaptiveCodec({ ratio, parameters: loadAdaptive(weights('adaptive')) });
  const codecs = [
    linear,
    deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio, weights(`deepjscc-${ratioLabel(ratio)}`)) }),
    bestOf('adaptive', [network, linear]),
  ];
  const overLink = codecs.map((codec) => ({
    name: codec.name,
    over: (channel: Channel, pictures: readonly Picture[], rng: Rng) =>
      transmit(codec, channel, pictures, rng),
  }));
  const mean = meanColour(training);
  // Every second scheme: jscc/separation has all.
  const ladder = schemeLadder.filter((_, index) => index % 2 === 0);
  const schemes = ladder.map((scheme) => separationCodec({ ratio, mean, scheme }));
  const separation: System = {
    name: 'separation',
    over: async (...link) => (await bestScheme(schemes, ...link)).delivery,
  };
  const systems = [...overLink, separation, new SeparationBound({ ratio, mean })];
  // The first pass of a network compiles its kernels, which is no part of its latency.
  for (const system of systems)
    await system.over(awgn({ snrDb: 10 }), pictures.slice(0, 1), Rng.of('warm-up'));
  return systems;
}

/** Trains the adaptive codec from its linear start and tells its PSNR on the way. */
async function learn(
  pictures: readonly Picture[],
  { steps, symbolRate }: { steps: number; symbolRate: number },
  { rng, seed, signal, progress }: Pick<MeasureContext<unknown>, 'rng' | 'seed' | 'signal' | 'progress'>,
): Promise<NewRow[]> {
  const training = { pictures: await photographs.training(), ...defaultTraining, recoloured: 0.5 };
  const parameters = startAdaptive(training.pictures, seed);
  const codec = adaptiveCodec({ ratio: learning.ratio, parameters });
  const rows: NewRow[] = [];
  const look = async (step: number) => {
    for (const snrDb of learning.snrsDb) {
      const delivery = await transmit(codec, awgn({ snrDb }), pictures, rng.fork('noise'));
      const row = pictureRow(learnerName(snrDb), pictures, delivery, { snrDb, symbolRate, rng });
      rows.push({ ...row, params: { step, snrDb, ratio: learning.ratio, channel: 'awgn' } });
    }
  };
  await look(0);
  const onStep = async ({ step }: { step: number }) => {
    progress(step / steps);
    if ((step + 1) % Math.ceil(steps / 10) === 0) await look(step + 1);
  };
  await trainAdaptive(parameters, training, {
    seed,
    steps,
    learningRate: learning.rate,
    branchesOnly: true,
    stop: signal,
    onStep,
  });
  return rows;
}

/** Which picture has the most to show: a tile of sky says little. */
function mostContrast(pictures: readonly Picture[]): number {
  const deviations = pictures.map(({ data }) => standardError([...data]) * Math.sqrt(data.length));
  return deviations.indexOf(Math.max(...deviations));
}

export default defineExperiment({
  id: 'jscc/awgn',
  title: 'Neural against linear and separate coding over noisy channels',
  paper:
    'Bourtsoulatze, Kurka, Gündüz 2019 (DeepJSCC); Xu et al. 2022 (ADJSCC); Jakubczak, Katabi 2011 (SoftCast)',
  purpose: 'PSNR, rate and latency of five image systems over AWGN and block Rayleigh, -2 to 20 dB',
  params: {
    channel: param.grid(['awgn', 'rayleigh'], { about: 'no fading, or one gain a picture' }),
    ratio: param.grid(ratios, { unit: 'channel uses per source value', about: 'bandwidth ratio' }),
    snrDb: param.grid({ unit: 'dB', from: -2, to: 20, step: 2, min: -20, max: 40, about: 'mean Es/N0' }),
    ...pictureParams,
    ...linkParams,
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
    quick: { cost: '2 minutes on two cores', images: 6, tile: 128, draws: 2, learnSteps: 50 },
    paper: { cost: '1 hour on two cores; with --train 3 hours' },
  },

  points({ channel, ratio, snrDb, learnSteps }) {
    const sweep = channel.flatMap((c) =>
      ratio.flatMap((r) => snrDb.map((s) => ({ channel: c, ratio: r, snrDb: s }))),
    );
    const learning = { learning: true };
    return learnSteps > 0 ? [learning, ...sweep] : sweep;
  },

  async prepare({ config, seed, artefact, artefactDir, saveArtefact, progress, signal }) {
    if (!config.train) return;
    const training = await photographs.training();
    const recipe = { seed, steps: config.trainSteps };
    const jobs = ['adaptive', ...ratios.map((ratio) => `deepjscc-${ratioLabel(ratio)}`)];
    for (const [job, name] of jobs.entries()) {
      if (artefact(`${name}.safetensors`)) continue;
      const onStep = ({ step }: { step: number }) => progress((job + step / recipe.steps) / jobs.length);
      const watch = { stop: signal, folder: artefactDir, onStep };
      const weights =
        job === 0
          ? await trainAdaptiveWeights(training, recipe, watch)
          : await trainDeepJsccWeights(training, ratios[job - 1]!, recipe, watch);
      saveArtefact(`${name}.safetensors`, weights);
    }
  },

  async *measure(point, ctx) {
    const { config, rng, seed, artefact, saveArtefact } = ctx;
    const { folder, images: count, tile, symbolRate } = config;
    const pictures = await once('pictures', [folder, count, tile], () =>
      testPictures({ folder, count, tile }),
    );
    if ('learning' in point) {
      yield* await learn(pictures.slice(0, 3), { steps: config.learnSteps, symbolRate }, ctx);
      return;
    }

    const channel = channels[point.channel]!({ snrDb: point.snrDb });
    const link = { snrDb: point.snrDb, symbolRate, rng };
    const shown = shownOf(config.channel, config.ratio);
    const isShown = point.channel === shown.channel && point.ratio === shown.ratio;
    // Not the point's own stream: every SNR and ratio meets the same fades, so a curve shows the SNR alone.
    const draw = Rng.of(seed).fork('jscc/awgn').fork(point.channel);
    const draws = channel.fading === 'none' ? 1 : config.draws;
    const sent = Array.from({ length: draws }, () => pictures).flat();
    const look = mostContrast(pictures);
    const weights: Weights = (name) => artefact(`${name}.safetensors`);
    for (const system of await once('systems', [point.ratio, ctx.runDir, folder, count, tile], () =>
      systemsAt(point.ratio, pictures, weights),
    )) {
      const delivery = await system.over(channel, sent, draw.fork('noise'));
      if (isShown) {
        saveArtefact(stripName(system.name, point.snrDb), await toPng(delivery.received[look]!));
        saveArtefact(stripName('original', point.snrDb), await toPng(sent[look]!));
      }
      yield pictureRow(system.name, sent, delivery, link);
    }
  },

  figures: (rows, context) => awgnFigures(rows, context),
});
