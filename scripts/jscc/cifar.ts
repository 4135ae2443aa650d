import { join } from 'node:path';
import { awgn } from 'semwave/channel';
import {
  deepJsccCodec,
  linearCodec,
  pictureRow,
  principalComponents,
  startDeepJscc,
  trainDeepJscc,
} from 'semwave/jscc';
import { transmit } from 'semwave/link';
import { constantRate } from 'semwave/nn';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { curve, type PlotFigure } from 'semwave/report';
import { loadCifar10, patches } from 'semwave/source';

/** Steps that one pass over the 50,000 training images of CIFAR-10 takes at batch 64: the published epoch. */
const epochSteps = 782;
const batch = 64;
const side = 32;
/** Artefact that holds the rows of the learning curve so far. */
const lookedAt = 'learned.json';

/**
 * PSNR by epoch of an open implementation's log (k/n 1/6, nominal 7 dB). It adds half the noise its axis
 * says, so its 7 dB are 10 dB by the definition used here.
 */
const published = [
  { epoch: 1, psnrDb: 22.0 },
  { epoch: 5, psnrDb: 22.5 },
  { epoch: 10, psnrDb: 26.1 },
  { epoch: 20, psnrDb: 26.9 },
];

export default defineExperiment({
  id: 'jscc/cifar',
  title: 'DeepJSCC on CIFAR-10: learning curve',
  paper: 'Bourtsoulatze, Kurka, Gündüz 2019',
  purpose: 'learning curve of the five-layer DeepJSCC network on CIFAR-10 beside the linear codec',
  params: {
    data: param.text({
      default: 'datasets/cifar10',
      about: 'folder with train.bin and test.bin in the binary format of CIFAR-10',
    }),
    ratio: param.choice([1 / 12, 1 / 6, 1 / 3], { default: 1 / 6, unit: 'channel uses per source value' }),
    snrDb: param.number({ default: 10, min: -20, max: 40, unit: 'dB', about: 'Es/N0 of training and test' }),
    epochs: param.number({ default: 20, min: 0.01, max: 10_000, unit: 'epochs of 782 steps' }),
    images: param.count({ default: 400, about: 'test images' }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', epochs: 0.2, images: 100 },
    paper: { cost: '80 minutes on one core' },
  },
  points: ({ ratio, snrDb }) => [{ ratio, snrDb }],

  async *measure({ ratio, snrDb }, ctx) {
    const { config, rng, seed, progress, signal, artefact, artefactDir, saveArtefact } = ctx;
    const train = loadCifar10(join(config.data, 'train.bin')).pictures;
    const test = loadCifar10(join(config.data, 'test.bin')).pictures.slice(
      0,
      config.images === 'all' ? undefined : config.images,
    );
    const channel = awgn({ snrDb });
    const link = { snrDb, symbolRate: 1e6, rng };
    const linear = linearCodec({ ratio, components: principalComponents(train) });
    const reference = pictureRow(
      'linear',
      test,
      await transmit(linear, channel, test, rng.fork('test')),
      link,
    );

    const parameters = startDeepJscc(seed, ratio);
    const codec = deepJsccCodec({ ratio, parameters });
    const steps = Math.max(1, Math.round(config.epochs * epochSteps));
    const every = Math.ceil(steps / 20);
    // An interrupted training goes on from its checkpoint with what had been looked at before it.
    const kept = artefact(lookedAt);
    const learned = new Map<number, NewRow>(kept ? JSON.parse(new TextDecoder().decode(kept)) : []);
    const schedule = constantRate(1e-3);
    await trainDeepJscc(
      parameters,
      {
        channel,
        batch: (_, stream) => ({
          data: patches(train, { size: side, count: batch, rng: stream, flips: true }),
          shape: [batch, side, side, 3],
        }),
      },
      {
        seed,
        steps,
        schedule,
        stop: signal,
        checkpoint: { path: join(artefactDir, 'checkpoint.safetensors'), everySteps: 200, resume: true },
        onStep: async ({ step }) => {
          progress(step / steps);
          if ((step + 1) % every !== 0 && step + 1 !== steps) return;
          const delivery = await transmit(codec, channel, test, rng.fork('test'));
          learned.set(step + 1, pictureRow(codec.name, test, delivery, link));
          saveArtefact(lookedAt, new TextEncoder().encode(JSON.stringify([...learned])));
        },
      },
    );
    for (const [step, row] of learned) {
      const epoch = step / epochSteps;
      yield { ...row, params: { epoch } };
      yield { ...reference, params: { epoch } };
    }
  },

  figures(rows, { config }) {
    const figure = curve(rows, {
      name: 'learning-curve',
      title: `DeepJSCC on CIFAR-10 at ${config.snrDb} dB`,
      caption:
        'PSNR on test images over training; an epoch is 782 steps of 64 images, as with the 50,000 images of the whole ' +
        'set. Crosses: the log of an open implementation at the same ratio and SNR (its axis corrected by 3 dB).',
      x: 'epoch',
      y: 'accuracy',
      xTitle: 'training (epochs of 782 steps)',
      yTitle: 'mean PSNR (dB)',
    });
    const comparable = config.snrDb === 10 && Math.abs(config.ratio - 1 / 6) < 1e-9;
    return [comparable ? withPublished(figure, config.epochs) : figure];
  },
});

function withPublished(figure: PlotFigure, epochs: number): PlotFigure {
  const shown = published.filter(({ epoch }) => epoch <= epochs);
  const trace = {
    type: 'scatter',
    mode: 'markers',
    name: 'published log',
    x: shown.map(({ epoch }) => epoch),
    y: shown.map(({ psnrDb }) => psnrDb),
    marker: { symbol: 'x', size: 10, color: '#000000' },
  };
  return shown.length > 0 ? { ...figure, data: [...figure.data, trace] } : figure;
}
