import { awgn } from 'semwave/channel';
import {
  adaptiveCodec,
  loadAdaptive,
  type PictureDelivery,
  type PictureShape,
  pictureRow,
} from 'semwave/jscc';
import {
  blockKeySource,
  type Codec,
  KEY_BITS,
  type KeySource,
  keyedCodec,
  SCRAMBLES,
  type ScrambleKind,
  transmit,
} from 'semwave/link';
import { bootstrapInterval, mean, Rng, variance } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { linkKeySource } from 'semwave/quantum';
import {
  type Colour,
  flatPicture,
  meanColour,
  type Picture,
  photographs,
  psnr,
  testPictures,
  tiles,
  toPng,
} from 'semwave/source';
import { once } from '../jscc/once.js';
import { pictureParams } from '../jscc/picture-params.js';
import { learnColour, matchSymbols, projectSymbols, remembering, tapped } from './eavesdropper.js';
import { keyedFigures, names, stripName } from './keyed-codec-figures.js';
import { keyRows, linkOver } from './keyed-codec-link.js';

type PictureCodec = Codec<Picture, PictureShape>;

/** What a run sends and on what it trains its eavesdropper. */
interface Setting {
  codec: PictureCodec;
  pictures: readonly Picture[];
  training: readonly Picture[];
  /** Of the training pictures: what a receiver shows that knows nothing else. */
  usual: Colour;
}

interface Air {
  snrDb: number;
  symbolRate: number;
  rng: Rng;
}

const sizedLike = ({ width, height }: PictureShape, colour: Colour) => flatPicture(width, height, colour);

/** The codec for one who only listens: decodes nothing. */
const listening = (codec: PictureCodec): PictureCodec => ({
  ...codec,
  decode: (_, shape) => sizedLike(shape, [0.5, 0.5, 0.5]),
});

/** Sends pictures under keys of a link and says what each side makes of them. */
async function* overTheAir(
  setting: Setting,
  { keys, ...air }: Air & { keys: KeySource },
  save: (system: string, picture: Picture) => Promise<void>,
): AsyncGenerator<NewRow> {
  const { codec, pictures, usual } = setting;
  const channel = awgn({ snrDb: air.snrDb });
  const row = (system: string, delivery: PictureDelivery) => pictureRow(system, pictures, delivery, air);
  const look = mostContrast(pictures);
  // The first pass of a network compiles its kernels, which is no part of its latency.
  await transmit(codec, channel, pictures.slice(0, 1), Rng.of('warm-up'));
  const plain = await transmit(codec, channel, pictures, air.rng.fork('noise'));
  yield row(names.plain, plain);
  const flat = pictures.map((picture) => sizedLike(picture, usual));
  yield row(names.mean, { ...plain, received: flat });
  await save(names.mean, flat[look]!);

  const memory = remembering(codec);
  for (const scramble of SCRAMBLES) {
    const { delivery, guessed, blind } = await overheard(scramble, memory, setting, { keys, ...air });
    yield row(names.statistics(scramble), { ...delivery, received: guessed });
    yield { ...row(names.gain(scramble), delivery), accuracy: gainOver(pictures, guessed, flat, air.rng) };
    if (scramble !== 'rotation') continue;
    yield row(names.bob, delivery);
    yield row(names.blind, { ...delivery, received: blind });
    await save(names.bob, delivery.received[look]!);
    await save(names.blind, blind[look]!);
    await save(names.statistics(scramble), guessed[look]!);
  }
}

/** What Bob receives, what Eve guesses by statistics, and what she gets when she decodes all the same. */
async function overheard(
  scramble: ScrambleKind,
  memory: PictureCodec,
  { codec, pictures, training }: Setting,
  { keys, snrDb, symbolRate, rng }: Air & { keys: KeySource },
) {
  const channel = awgn({ snrDb });
  const timing = { intervalSec: codec.channelUses(pictures[0]!) / symbolRate, startSec: keys.latencySec };
  const keyed = (inner: PictureCodec) => keyedCodec(inner, keys, { ...timing, scramble });
  const bob = tapped(memory, keyed(codec));
  const delivery = await transmit(bob.codec, channel, pictures, rng.fork('noise'));

  const school = tapped(memory, listening(keyed(memory)));
  await transmit(school.codec, channel, training, rng.fork('training'));
  const guess = learnColour(
    school.heard.map(({ reception }) => reception.symbols),
    training,
  );
  // Without the key she does not know the scale either, and takes the usual one.
  const side = mean(school.heard.map((one) => Number(one.side)));
  const link = { channel: channel.name, fading: channel.fading, snrDb };
  const [guessed, blind]: [Picture[], Picture[]] = [[], []];
  for (const [i, { reception }] of bob.heard.entries()) {
    guessed.push(sizedLike(pictures[i]!, guess(reception.symbols)));
    blind.push(await codec.decode({ ...reception, side }, codec.shapeOf(pictures[i]!), link));
  }
  return { delivery, guessed, blind };
}

/** Which picture has the most to show. */
function mostContrast(pictures: readonly Picture[]): number {
  const spreads = pictures.map(({ data }) => variance(data));
  return spreads.indexOf(Math.max(...spreads));
}

/** Mean over pictures of the PSNR of a guess above that of the mean picture. */
function gainOver(
  pictures: readonly Picture[],
  guesses: readonly Picture[],
  flat: readonly Picture[],
  rng: Rng,
) {
  const gains = pictures.map((picture, i) => psnr(picture, guesses[i]!) - psnr(picture, flat[i]!));
  return {
    value: mean(gains),
    unit: 'dB',
    metric: 'PSNR above the mean picture',
    ci95: bootstrapInterval(gains, rng.fork('gain')),
  };
}

/** Repeats of a scramble, or not, under a key that never changes. */
const reuses: readonly { scramble: ScrambleKind; numbered: boolean }[] = [
  ...SCRAMBLES.map((scramble) => ({ scramble, numbered: false })),
  { scramble: 'rotation', numbered: true },
];

/** Largest side of the tiles that teach the eavesdropper. */
const TRAINING_SIDE = 128;

/** How many pictures of a reused key are looked at. */
const SPIED = 12;

/** Sends pictures under one key to an eavesdropper who knows some of them. */
async function* underOneKey(
  { codec, pictures, training, usual }: Setting,
  { known, ...air }: Air & { known: number },
): AsyncGenerator<NewRow> {
  const { snrDb, rng } = air;
  const channel = awgn({ snrDb });
  const link = { channel: channel.name, fading: channel.fading, snrDb };
  const secret = pictures.slice(0, SPIED);
  const open = await transmit(codec, channel, secret, rng.fork('noise'));
  yield pictureRow(names.bob, secret, open, air);
  const flat = secret.map((picture) => sizedLike(picture, usual));
  yield pictureRow(names.mean, secret, { ...open, received: flat }, air);
  for (const { scramble, numbered } of reuses) {
    const one = blockKeySource({
      name: 'one key for all',
      security: 'that of the first picture only',
      blockBits: KEY_BITS,
      blockSec: 1e9,
      firstBlockSec: 0,
      controlBitsPerBlock: 0,
      rng: rng.fork('key'),
    });
    const tap = tapped(codec, listening(keyedCodec(codec, one, { intervalSec: 0, scramble, numbered })));
    const sent = [...training.slice(0, known), ...secret];
    const delivery = await transmit(tap.codec, channel, sent, rng.fork('noise'));
    const plaintext = tap.heard.slice(0, known);
    const unscramble =
      scramble === 'rotation'
        ? projectSymbols(plaintext)
        : matchSymbols(plaintext, scramble === 'signed permutation');
    const received: Picture[] = [];
    for (const [i, { reception, side }] of tap.heard.slice(known).entries()) {
      const symbols = unscramble(reception.symbols);
      received.push(await codec.decode({ ...reception, symbols, side }, codec.shapeOf(secret[i]!), link));
    }
    const last = <T>(list: readonly T[]) => list.slice(known);
    yield pictureRow(
      names.reuse(scramble, numbered),
      secret,
      {
        received,
        channelUses: last(delivery.channelUses),
        encodeSec: last(delivery.encodeSec),
        decodeSec: last(delivery.decodeSec),
        sideInformationBits: last(delivery.sideInformationBits),
      },
      air,
    );
  }
}

export default defineExperiment({
  id: 'quantum/keyed-codec',
  title: 'A quantum link keys a neural picture codec',
  paper: 'own composition; Lim et al. 2014 (BB84 of finite blocks), Xu et al. 2022 (ADJSCC)',
  purpose: 'pictures scrambled by keys of a BB84 link: what Bob and an eavesdropper get, how fresh keys are',
  params: {
    snrDb: param.grid({ unit: 'dB', from: 0, to: 20, step: 2, min: -20, max: 40, about: 'Es/N0 of both' }),
    knownPictures: param.grid([1, 2, 4], { about: 'pictures under a reused key that Eve knows' }),
    lengthKm: param.grid({ unit: 'km', from: 0, to: 200, step: 10, min: 0, max: 400, about: 'of the fibre' }),
    ratio: param.choice([1 / 12, 1 / 6, 1 / 3], { default: 1 / 6, unit: 'channel uses per source value' }),
    ...pictureParams,
    tile: { ...pictureParams.tile, default: 128 },
    symbolRate: param.number({
      default: 1e6,
      min: 1,
      max: 1e12,
      unit: 'symbols/s',
      about: 'complex symbols a second on air; pictures follow one another',
    }),
    reuseSnrDb: param.number({
      default: 10,
      min: -20,
      max: 40,
      unit: 'dB',
      about: 'Es/N0 under a reused key',
    }),
    keyLengthKm: param.number({
      default: 50,
      min: 0,
      max: 400,
      unit: 'km',
      about: 'fibre of the pictures’ keys',
    }),
    blockDetections: param.integer({
      default: 1_000_000,
      min: 1000,
      max: 1e9,
      about: 'detected pulses of a block that makes a key',
    }),
    timetable: param.integer({
      default: 10_000,
      min: 10,
      max: 1e7,
      about: 'pictures of a timetable of keys',
    }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      images: 24,
      snrDb: [0, 5, 10, 15, 20],
      lengthKm: [0, 25, 50, 75, 100, 125, 150, 175],
      blockDetections: 500_000,
      timetable: 20_000,
    },
    paper: { cost: '20 minutes on two cores' },
  },

  points: ({ snrDb, knownPictures, lengthKm }) => [
    ...snrDb.map((s) => ({ snrDb: s })),
    ...knownPictures.map((k) => ({ knownPictures: k })),
    ...lengthKm.map((l) => ({ lengthKm: l })),
  ],

  async *measure(point, { config, rng, seed, saveArtefact }): AsyncGenerator<NewRow> {
    const { ratio, folder, images: count, tile, symbolRate, keyLengthKm, blockDetections } = config;
    const pictures = await once('pictures', [folder, count, tile], () =>
      testPictures({ folder, count, tile }),
    );
    const codec = adaptiveCodec({ ratio, parameters: loadAdaptive() });
    if ('lengthKm' in point) {
      const [uses, fileBits] = [codec.channelUses(pictures[0]!), 8 * pictures[0]!.data.length];
      yield* keyRows(point.lengthKm, { ...config, uses, fileBits, rng });
      return;
    }
    const photos = await photographs.training();
    const side = Math.min(pictures[0]!.width, pictures[0]!.height, TRAINING_SIDE);
    const training = photos.flatMap((photo) => tiles(photo, side)).filter((_, i) => i % 2 === 0);
    const setting = { codec, pictures, training, usual: meanColour(photos) };
    // Not the point's own stream: every SNR meets the same noise and the same keys.
    const draw = Rng.of(seed).fork('quantum/keyed-codec');
    if ('knownPictures' in point) {
      const { reuseSnrDb: snrDb } = config;
      yield* underOneKey(setting, { snrDb, symbolRate, rng: draw.fork('reuse'), known: point.knownPictures });
      return;
    }
    const keys = await once('keys', [seed, keyLengthKm, blockDetections], async () =>
      linkKeySource(linkOver(keyLengthKm, blockDetections), draw.fork('link')),
    );
    const { snrDb } = point;
    const save = async (system: string, picture: Picture) =>
      saveArtefact(stripName(system, snrDb), await toPng(picture));
    await save(names.original, pictures[mostContrast(pictures)]!);
    yield* overTheAir(setting, { snrDb, symbolRate, rng: draw.fork('air'), keys }, save);
  },

  figures: (rows, context) => keyedFigures(rows, context),
});
