import { awgn } from 'semwave/channel';
import {
  adaptiveCodec,
  defaultTraining,
  linearCodec,
  loadAdaptive,
  pictureRow,
  principalComponents,
  trainAdaptive,
} from 'semwave/jscc';
import { transmit } from 'semwave/link';
import { Rng } from 'semwave/math';
import { defineExperiment, param } from 'semwave/pipeline';
import { curve } from 'semwave/report';
import { photographs, testPictures } from 'semwave/source';
import { pictureParams } from './picture-params.js';

/** The one model for all SNRs, and the models that go on from it at one SNR only. */
const models = ['all', '1', '7', '13'] as const;

export default defineExperiment({
  id: 'jscc/adaptation',
  title: 'One SNR-adaptive model against models trained for one SNR',
  paper: 'Xu et al. 2022 (ADJSCC)',
  purpose: 'what the one adaptive model loses against models tuned to 1, 7 and 13 dB',
  params: {
    trainedFor: param.grid(models, {
      about: 'SNR in dB that a model is tuned for; all: the weights that ship',
    }),
    snrDb: param.grid({
      unit: 'dB',
      from: -2,
      to: 20,
      step: 1,
      min: -20,
      max: 40,
      about: 'Es/N0 of the test',
    }),
    ratio: param.choice([1 / 12, 1 / 6, 1 / 3], { default: 1 / 6, unit: 'channel uses per source value' }),
    tuningSteps: param.integer({
      default: 300,
      min: 1,
      max: 1_000_000,
      about: 'steps at one SNR, from the weights that ship',
    }),
    tuningRate: param.number({ default: 5e-4, min: 0, max: 1, about: 'learning rate of the tuning' }),
    ...pictureParams,
  },
  presets: {
    quick: { cost: '2 minutes on two cores', snrDb: [1, 7, 13], tuningSteps: 12, images: 3, tile: 192 },
    paper: { cost: '20 minutes on two cores' },
  },
  points: ({ trainedFor }) => trainedFor.map((model) => ({ trainedFor: model })),

  async *measure({ trainedFor }, { config, rng, seed, progress, signal }) {
    const { ratio, tuningSteps: steps, folder, images: count, tile } = config;
    const training = await photographs.training();
    const pictures = await testPictures({ folder, count, tile });
    const parameters = loadAdaptive();
    if (trainedFor !== 'all') {
      const snr = Number(trainedFor);
      await trainAdaptive(
        parameters,
        { pictures: training, ...defaultTraining, recoloured: 0.5, ratios: [ratio], snrDb: [snr, snr] },
        {
          seed,
          steps,
          learningRate: config.tuningRate,
          stop: signal,
          onStep: ({ step }) => progress(step / steps),
        },
      );
    }
    const name = trainedFor === 'all' ? 'adaptive' : `tuned to ${trainedFor} dB`;
    const linear = () => linearCodec({ ratio, components: principalComponents(training) });
    const codecs = [adaptiveCodec({ ratio, parameters, name }), ...(trainedFor === 'all' ? [linear()] : [])];
    for (const snrDb of config.snrDb) {
      for (const codec of codecs) {
        // Not the point's own stream: all models meet the same noise.
        const noise = Rng.of(seed).fork('jscc/adaptation').fork(snrDb);
        const delivery = await transmit(codec, awgn({ snrDb }), pictures, noise);
        const row = pictureRow(codec.name, pictures, delivery, { snrDb, symbolRate: 1e6, rng });
        yield { ...row, params: { snrDb, ratio } };
      }
    }
  },

  figures: (rows) => [
    curve(rows, {
      name: 'adaptation',
      title: 'One model for all SNRs',
      caption:
        'The adaptive codec, one set of weights, beside the same network tuned further at a single SNR: tuning gains ' +
        'little at its own SNR and loses elsewhere. Same pictures and noise for all.',
      x: 'snrDb',
      y: 'accuracy',
      xTitle: 'SNR Es/N0 (dB)',
      yTitle: 'mean PSNR (dB)',
      systems: [...new Set(rows.map(({ system }) => system))],
    }),
  ],
});
