import { awgn, type Channel, rayleigh } from 'semwave/channel';
import { type Codec, type MessageCodec, messageCodec, transmit } from 'semwave/link';
import { mean, Rng } from 'semwave/math';
import { mcs } from 'semwave/phy';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  airNetwork,
  averagePrecisionDifference,
  type DigitalFeatures,
  digitalFeatures,
  type FeatureCodec,
  type FeatureCoder,
  type FeatureMap,
  featureComponents,
  gridAbout,
  type JudgedFrame,
  latentCoder,
  linearFeatures,
  neuralFeatures,
  type PillarDetector,
  pillarDetector,
  pillarLate,
  type SharingStrategy,
  tensorBytes,
  trainingFrames,
} from 'semwave/v2x';
import { once } from '../jscc/once.js';
import { names, overTheAirFigures } from './over-the-air-figures.js';
import {
  headerBytes,
  judgedAll,
  judgedEach,
  remembering,
  type SeenFrame,
  seenFrames,
  sentMaps,
  unheard,
} from './over-the-air-frames.js';
import { sceneRng } from './scene-rng.js';

const channels: Record<string, (options: { snrDb: number }) => Channel> = { awgn, rayleigh };

/** Fixed schemes of the digital chain, each for another SNR: MCS indices of TS 38.214, table 1. */
const SCHEMES = [5, 11, 17];
/** The most robust of them carries boxes, which are short. */
const BOX_SCHEME = 5;
/** Scenes and frames whose maps the linear codec takes its statistics from. */
const STATISTICS = { scenes: 8, frames: 32 };

/** What is sent, and what it is worth over an ideal pipe and without. */
interface Scenes {
  readonly detector: PillarDetector;
  readonly frames: readonly SeenFrame[];
  readonly sent: readonly FeatureMap[];
  /** What each sender's map goes with. */
  readonly headers: readonly number[];
  readonly alone: readonly JudgedFrame[];
  readonly ideal: readonly JudgedFrame[];
}

interface SceneSetting {
  readonly scenes: number;
  readonly frames: number;
}

async function scenesOf({ scenes, frames: perScene }: SceneSetting, seed: number): Promise<Scenes> {
  const detector = pillarDetector();
  const streams = Array.from({ length: scenes }, (_, scene) => sceneRng(seed, scene));
  const frames = seenFrames(detector, streams, perScene);
  const sent = sentMaps(frames);
  return {
    ...{ detector, frames, sent },
    headers: headerBytes(frames),
    alone: judgedAll(frames, sent.map(unheard)),
    ideal: judgedAll(frames, sent),
  };
}

interface Codecs {
  readonly analogue: readonly FeatureCodec[];
  readonly coder: FeatureCoder;
  readonly digital: readonly DigitalFeatures[];
  readonly boxes: { readonly chain: MessageCodec; readonly strategy: SharingStrategy };
}

async function codecsOf(detector: PillarDetector, uses: number, iterations: number): Promise<Codecs> {
  const network = airNetwork({ uses });
  const training = trainingFrames(STATISTICS.scenes);
  const maps = Array.from({ length: STATISTICS.frames }, (_, n) => training.frame(n)).flatMap(({ agents }) =>
    agents.map(({ pose, points }) => detector.features({ origin: gridAbout(pose), clouds: [points] })),
  );
  const coder = remembering(latentCoder(network));
  const chain = messageCodec({
    name: names.boxes(mcs(BOX_SCHEME)),
    uses,
    scheme: mcs(BOX_SCHEME),
    iterations,
  });
  return {
    boxes: { chain, strategy: pillarLate(detector, { maxBytes: chain.messageBytes }) },
    coder,
    analogue: [
      neuralFeatures(network, names.neural),
      linearFeatures({ uses, components: featureComponents(maps) }),
    ],
    digital: SCHEMES.map((index) =>
      digitalFeatures({ name: names.digital(mcs(index)), coder, uses, scheme: mcs(index), iterations }),
    ),
  };
}

/** Average precision by itself: nothing found has none. */
function precisionOf(judged: readonly JudgedFrame[], rng: Rng) {
  const nothing = judged.map((frame) => ({ ...frame, detections: [] }));
  return precisionOver(judged, nothing, rng, 'AP@0.5');
}

function precisionOver(
  ours: readonly JudgedFrame[],
  theirs: readonly JudgedFrame[],
  rng: Rng,
  metric: string,
): NewRow['accuracy'] {
  const { value, ci95 } = averagePrecisionDifference(
    ours,
    theirs,
    { minIou: 0.5, resamples: 500 },
    rng.fork('bootstrap'),
  );
  return { value, ci95: [...ci95], unit: 'ratio', metric };
}

interface Air {
  readonly channel: Channel;
  /** Times that each message is sent, over another fade each. */
  readonly draws: number;
  readonly draw: Rng;
  readonly uses: number;
  readonly symbolRate: number;
  readonly rng: Rng;
}

/** What each system finds, and what it takes. */
async function* overTheAir(scenes: Scenes, codecs: Codecs, air: Air) {
  const { frames, sent, headers, alone, ideal } = scenes;
  const { rng } = air;
  const full =
    perFrame(scenes, headers) +
    perFrame(
      scenes,
      sent.map(({ values }) => tensorBytes([values.length])),
    );
  yield { system: names.alone, ...overPipe(0), accuracy: precisionOf(alone, rng) };
  yield { system: names.ideal, ...overPipe(full), accuracy: precisionOf(ideal, rng) };

  const judge = (received: readonly FeatureMap[]) => judgedAll(frames, received);
  const joint: JudgedFrame[][] = [];
  for (const codec of codecs.analogue) {
    const { judged, row } = await sentOver({ codec, sources: sent, judge, headers }, scenes, air);
    joint.push(judged);
    yield row;
  }
  const above = (judged: readonly JudgedFrame[]) =>
    precisionOver(joint[0]!, judged, rng, 'AP@0.5 of the neural codec above it');
  for (const codec of codecs.digital) {
    const messages = sent.map((map) => codec.message(map));
    const bytesPerFrame = perFrame(scenes, headers) + perFrame(scenes, lengths(messages));
    const { judged, row } = await sentOver({ codec, sources: sent, judge, headers }, scenes, air);
    yield { ...row, params: { bytesPerFrame } };
    const read = messages.map((message, n) => codecs.coder.read(message, sent[n]!.origin));
    const accuracy = precisionOf(judge(read), rng);
    yield { system: names.piped(codec.name), ...overPipe(bytesPerFrame), accuracy };
    yield { ...row, system: names.gain(codec.name), accuracy: above(judged) };
  }
  yield* boxesOverTheAir(scenes, codecs.boxes, above, air);
}

/** Late fusion by the same chain: messages of boxes have their header in them. */
async function* boxesOverTheAir(
  scenes: Scenes,
  { chain, strategy }: Codecs['boxes'],
  above: (judged: readonly JudgedFrame[]) => NewRow['accuracy'],
  air: Air,
) {
  const { frames } = scenes;
  const messages = frames.flatMap(({ senders }) => senders.map((sender) => strategy.share(sender)));
  const judge = (received: readonly Uint8Array[]) =>
    judgedEach(frames, received, (frame, heard) => frame.judgeBy(strategy, heard));
  const bytesPerFrame = perFrame(scenes, lengths(messages));
  const { judged, row } = await sentOver({ codec: chain, sources: messages, judge }, scenes, air);
  yield { ...row, params: { bytesPerFrame } };
  const accuracy = precisionOf(judge(messages), air.rng);
  yield { system: names.piped(chain.name), ...overPipe(bytesPerFrame), accuracy };
  yield { ...row, system: names.gain(chain.name), accuracy: above(judged) };
}

const lengths = (messages: readonly Uint8Array[]) => messages.map(({ length }) => length);

const perFrame = ({ frames }: Scenes, bytes: readonly number[]) =>
  bytes.reduce((sum, count) => sum + count, 0) / frames.length;

const overPipe = (bytes: number): Pick<NewRow, 'rate' | 'latency'> => ({
  rate: { value: bytes, unit: 'bytes a frame' },
  latency: { value: 0, unit: 's', metric: 'ideal pipe' },
});

/** What is sent by a codec, and what frames are worth with what arrives. */
interface Way<S, Shape> {
  readonly codec: Codec<S, Shape>;
  readonly sources: readonly S[];
  judge(received: readonly S[]): JudgedFrame[];
  /** Bytes that go beside each codeword, taken as free of error; none unless told otherwise. */
  readonly headers?: readonly number[];
}

async function sentOver<S, Shape>(
  { codec, sources, judge, headers = [] }: Way<S, Shape>,
  scenes: Scenes,
  air: Air,
) {
  const { channel, draws, draw, uses, symbolRate, rng } = air;
  const many = Array.from({ length: draws }, () => sources).flat();
  const { received, sideInformationBits } = await transmit(codec, channel, many, draw);
  const judged = Array.from({ length: draws }, (_, n) =>
    judge(received.slice(n * sources.length, (n + 1) * sources.length)),
  ).flat();
  const senders = sources.length / scenes.frames.length;
  const row: Omit<NewRow, 'params'> & { params?: NewRow['params'] } = {
    system: codec.name,
    rate: {
      value: senders * uses,
      unit: 'channel uses a frame',
      sideInformationBits: senders * mean(sideInformationBits) + 8 * perFrame(scenes, headers),
    },
    accuracy: precisionOf(judged, rng),
    latency: { value: (senders * uses) / symbolRate, unit: 's', metric: 'time on air of a frame' },
  };
  return { judged, row };
}

export default defineExperiment({
  id: 'v2x/over-the-air',
  title: 'Feature sharing over the air: a neural codec against LDPC and QAM',
  paper:
    'Hu et al. 2022 (Where2comm, sharing of features); Bourtsoulatze et al. 2019 (DeepJSCC); 3GPP TS 38.212 (NR LDPC)',
  purpose: 'AP of fused features over SNR: neural and linear codec, coded messages, an ideal pipe',
  params: {
    channel: param.grid(['awgn', 'rayleigh'], { about: 'no fading, or one gain a message' }),
    uses: param.grid([2500], {
      unit: 'channel uses',
      about: 'of each message, one a cell of the map; the weights that ship are of 2500',
    }),
    snrDb: param.grid({ unit: 'dB', from: -5, to: 20, step: 1, min: -20, max: 40, about: 'mean Es/N0' }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'crossings, drawn by the seed' }),
    frames: param.integer({ default: 60, min: 1, max: 60, about: 'of each crossing' }),
    draws: param.integer({
      default: 5,
      min: 1,
      max: 1000,
      about: 'fades a message, where the channel fades',
    }),
    symbolRate: param.number({
      default: 1e7,
      min: 1,
      max: 1e12,
      unit: 'symbols/s',
      about: 'complex symbols a second on air',
    }),
    iterations: param.integer({ default: 20, min: 1, max: 1000, about: 'of the LDPC decoder, at most' }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      snrDb: [-5, -3, -1, 1, 3, 5, 7, 9, 11, 13, 15, 20],
      frames: 20,
      draws: 1,
    },
    paper: { cost: '25 minutes on two cores' },
  },
  points: ({ channel, uses, snrDb }) =>
    channel.flatMap((c) => uses.flatMap((u) => snrDb.map((s) => ({ channel: c, uses: u, snrDb: s })))),

  async *measure(point, { config, rng, seed }) {
    const { scenes: count, frames, iterations } = config;
    const scenes = await once('scenes', [seed, count, frames], () => scenesOf(config, seed));
    const codecs = await once('codecs', [seed, count, frames, point.uses, iterations], () =>
      codecsOf(scenes.detector, point.uses, iterations),
    );
    const channel = channels[point.channel]!({ snrDb: point.snrDb });
    const draws = channel.fading === 'none' ? 1 : config.draws;
    // Not the point's own stream: every SNR and system meets the same draws.
    const draw = Rng.of(seed).fork('v2x/over-the-air').fork(point.channel);
    const air = { channel, draws, draw, uses: point.uses, symbolRate: config.symbolRate, rng };
    for await (const row of overTheAir(scenes, codecs, air)) {
      yield { ...row, params: { ...point, ...row.params } };
    }
  },

  figures: (rows) => overTheAirFigures(rows),
});
