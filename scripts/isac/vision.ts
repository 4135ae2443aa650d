import {
  compareReceivers,
  defaultScene,
  type EstimateQuality,
  initTapNetwork,
  picturesOf,
  predictTaps,
  type Scene,
  tapCount,
  tapScale,
  trainTapNetwork,
  type VisionData,
  visionData,
} from 'semwave/isac';
import { mean, Rng, standardError, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { visionFigures } from './vision-figures.js';

const artefactName = 'predicted-taps.f64';

interface Setup {
  pictureHeight: number;
  trainFrames: number;
  testFrames: number;
}

const cameraScene = (height: number): Scene => ({
  ...defaultScene,
  camera: { ...defaultScene.camera, height, width: Math.round((height * 16) / 9) },
});

/** The stream of the walks: every point of a run sees the same ones. */
const worldOf = (seed: number) => Rng.of(seed).fork('isac/vision');

let made: { key: string; data: VisionData } | undefined;

/** The walks; made once a worker. */
function walks({ pictureHeight, trainFrames, testFrames }: Setup, seed: number): VisionData {
  const key = [pictureHeight, trainFrames, testFrames, seed].join(' ');
  if (made?.key !== key) {
    const data = visionData(cameraScene(pictureHeight), { trainFrames, testFrames }, worldOf(seed));
    made = { key, data };
  }
  return made.data;
}

export default defineExperiment({
  id: 'isac/vision',
  title: 'Channel taps from a depth camera',
  paper: 'Veni Vidi Dixi (vision-aided channel estimation of IEEE 802.15.4 packets); simulated room',
  purpose: 'what a camera knows of the channel, against preambles, old estimates and a Kalman filter',
  params: {
    snrDb: param.grid({
      unit: 'dB',
      from: -16,
      to: 4,
      step: 2,
      min: -40,
      max: 60,
      about: 'mean SNR of a sample at 8 MHz; 21 dB more for a symbol',
    }),
    packets: param.integer({ default: 4000, min: 10, max: 1_000_000, about: 'packets an SNR' }),
    payloadSymbols: param.integer({ default: 40, min: 1, max: 254, about: 'of four bits' }),
    pictureHeight: param.choice([36, 72], {
      default: 72,
      unit: 'pixels',
      about: 'of the depth camera, 16:9',
    }),
    trainFrames: param.integer({
      default: 20_000,
      min: 100,
      max: 1_000_000,
      about: 'pictures to learn from',
    }),
    trainSteps: param.integer({ default: 10_000, min: 10, max: 10_000_000, about: 'batches of 32 pictures' }),
    testFrames: param.integer({
      default: 6000,
      min: 200,
      max: 1_000_000,
      about: 'of a later walk, 30 a second',
    }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      packets: 300,
      payloadSymbols: 20,
      pictureHeight: 36,
      trainFrames: 8000,
      trainSteps: 2500,
      testFrames: 3000,
    },
    paper: { cost: '1 hour on two cores, 2 GB of memory' },
  },

  async prepare({ config, seed, artefact, saveArtefact, progress, signal }) {
    if (artefact(artefactName)) return;
    const data = walks(config, seed);
    const { scene } = data;
    const world = worldOf(seed);
    const network = initTapNetwork(world.fork('network'), scene.camera);
    await trainTapNetwork(network, data, {
      pictures: picturesOf(scene, data.training, world.fork('training noise')),
      steps: config.trainSteps,
      rng: world.fork('training'),
      stop: signal,
      onStep: ({ step }) => progress(step / config.trainSteps),
    });
    const pictures = picturesOf(scene, data.test, world.fork('test noise'));
    const predicted = await predictTaps(network, pictures, { camera: scene.camera, scale: tapScale(data) });
    const flat = Float64Array.from(predicted.flatMap((taps) => [...taps]));
    if (!signal.aborted) saveArtefact(artefactName, new Uint8Array(flat.buffer));
  },

  points: ({ snrDb }) => [{ track: true }, ...snrDb.map((value) => ({ snrDb: value }))],

  async *measure(point, { config, rng, seed, artefact }): AsyncGenerator<NewRow> {
    const bytes = artefact(artefactName)!;
    const flat = new Float64Array(bytes.slice().buffer);
    const size = 2 * tapCount;
    const predicted = Array.from({ length: config.testFrames }, (_, i) =>
      flat.subarray(i * size, (i + 1) * size),
    );
    if ('track' in point) {
      yield* trackRows(walks(config, seed), predicted);
      return;
    }
    const { packets, payloadSymbols } = config;
    const { snrDb } = point;
    const trial = { snrDb, packets, payloadSymbols };
    for (const quality of compareReceivers(walks(config, seed), predicted, trial, rng))
      yield* rowsOf(quality, payloadSymbols);
  },

  figures: (rows) => visionFigures(rows),
});

const decibels = (value: number) => 10 * Math.log10(value);

/** Seconds of the test walk that the figure of the gain shows, and frames between its points. */
const shown = { seconds: 12, stride: 2 };

/** Channel gain over time: what it is, what the network says, what it is on average. */
function* trackRows(
  { test, staticTaps, scene }: VisionData,
  predicted: readonly Float64Array[],
): Generator<NewRow> {
  const gain = (taps: Float64Array) => decibels(taps.reduce((sum, value) => sum + value * value, 0));
  const frames = Math.min(test.taps.length, shown.seconds * scene.frameRateHz);
  for (let frame = 0; frame < frames; frame += shown.stride) {
    const systems = { truth: test.taps[frame]!, network: predicted[frame]!, 'static mean': staticTaps };
    for (const [system, taps] of Object.entries(systems))
      yield {
        system,
        rate: { value: scene.frameRateHz, unit: 'pictures/s' },
        accuracy: { value: gain(taps), unit: 'dB', metric: 'channel gain' },
        latency: { value: 1 / scene.frameRateHz, unit: 's', metric: 'between pictures' },
        params: { quantity: 'gain', timeSec: Number((frame / scene.frameRateHz).toFixed(3)) },
      };
  }
}

function* rowsOf(quality: EstimateQuality, payloadSymbols: number): Generator<NewRow> {
  const { system, error, errorByStretch, packets, lost } = quality;
  // 62 500 symbols a second; preamble of 8.
  const airSec = (payloadSymbols + 8) / 62_500;
  const latency = { value: airSec, unit: 's', metric: 'packet on air' };
  const rate = { value: (4 * payloadSymbols) / airSec / 1000, unit: 'kbit/s', metric: 'payload' };
  const lossRate = lost / packets;
  yield {
    system,
    rate: { ...rate, value: rate.value * (1 - lossRate), metric: 'payload delivered' },
    accuracy: {
      value: lossRate,
      unit: 'ratio',
      metric: 'packet error rate',
      ci95: wilsonInterval(lost, packets),
    },
    latency,
    params: { quantity: 'packet error rate' },
  };
  if (error === undefined) return;
  const reach = 1.96 * standardError(errorByStretch);
  const centre = mean(errorByStretch);
  const low = Math.max(centre - reach, centre / 10);
  yield {
    system,
    rate,
    accuracy: {
      value: decibels(error),
      unit: 'dB',
      metric: 'normalised mean squared error of the taps',
      ci95: [decibels((error * low) / centre), decibels((error * (centre + reach)) / centre)],
    },
    latency,
    params: { quantity: 'error' },
  };
}
