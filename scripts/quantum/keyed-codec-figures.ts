import { SCRAMBLES, type ScrambleKind } from 'semwave/link';
import type { FigureContext, Row } from 'semwave/pipeline';
import { bars, curve, type Figure, pictureStrip } from 'semwave/report';

/** Names of the systems, as they stand in rows and legends. */
export const names = {
  original: 'original',
  plain: 'adaptive codec, no key',
  bob: 'Bob, with the key',
  blind: 'Eve, decodes what she hears',
  mean: 'mean picture',
  statistics: (scramble: ScrambleKind) => `Eve, learned statistics (${scramble})`,
  gain: (scramble: ScrambleKind) => `Eve by statistics, ${scramble}`,
  reuse: (scramble: ScrambleKind, numbered: boolean) =>
    numbered ? `${scramble}, numbered` : `${scramble}, repeated`,
  measured: 'BB84, block simulated',
  expected: 'BB84, closed form',
  plob: 'PLOB bound',
  needed: 'needed: 256 bits a picture',
  neededOneTime: 'needed: permutation and signs by chance alone',
  firstKey: 'first key, once',
  refresh: 'from one fresh key to the next',
  longest: 'longest use of one key',
  onePicture: 'one picture on air',
  control: 'classical traffic of the key',
  secret: 'secret bits of the key',
  file: 'picture, 8 bits a value',
} as const;

/** Name of the artefact that holds what a system made of the first test picture. */
export const stripName = (system: string, snrDb: number): string =>
  `strip/${system.replaceAll(/[^A-Za-z]+/g, '-')}_${snrDb}dB.png`;

/** The figures of `quantum/keyed-codec`: pictures, who sees what, what leaks, keys over length. */
export function keyedFigures(
  rows: readonly Row[],
  { artefact }: Pick<FigureContext<unknown>, 'artefact'>,
): Figure[] {
  const air = rows.filter(({ params }) => params.snrDb !== undefined);
  const reused = rows.filter(({ params }) => params.knownPictures !== undefined);
  const links = rows.filter(({ params }) => params.lengthKm !== undefined);
  return [
    ...(air.length > 0 ? [...strip(air, artefact), whoSees(air), statistics(air), pictureLatency(air)] : []),
    ...(reused.length > 0 ? [reuse(reused)] : []),
    ...(links.length > 0 ? [keyRate(links), freshness(links), latency(links), traffic(links)] : []),
  ];
}

const ofSystems = (systems: readonly string[]) => (row: Row) => systems.includes(row.system);

function whoSees(rows: readonly Row[]): Figure {
  const systems = [names.plain, names.bob, names.statistics('rotation'), names.blind, names.mean];
  return curve(rows, {
    name: 'psnr-over-snr',
    title: 'Who sees what',
    caption:
      'With the key Bob has what the codec gives without one. Eve hears the same codewords at the same SNR: decoded as they are ' +
      'they lie no better than the mean of the training pictures, and no statistics that she learned of keyed codewords lift ' +
      'her above it. Signs, transforms and permutations drawn by 256 bits of a BB84 link for each picture; bands: 95 % bootstrap intervals over pictures.',
    x: 'snrDb',
    y: 'accuracy',
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'mean PSNR (dB)',
    systems,
    bounds: [names.mean],
    where: ofSystems(systems),
  });
}

function statistics(rows: readonly Row[]): Figure {
  const systems = SCRAMBLES.map(names.gain);
  return curve(rows, {
    name: 'what-statistics-tell',
    title: 'What statistics tell of a scrambled picture',
    caption:
      'PSNR above the mean picture of an eavesdropper without a key who learned, on keyed training pictures, to tell a picture’s ' +
      'mean colour by the distribution of the values on the air. A permutation alone leaves it readable, for the features ' +
      'differ much in size and the sign of the largest tells the brightness; signs hide less than one might think; after a ' +
      'rotation (signs, Walsh-Hadamard transforms and permutations) nothing is left. Bars: 95 % bootstrap intervals.',
    x: 'snrDb',
    y: 'accuracy',
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'PSNR above the mean picture (dB)',
    systems,
    where: ofSystems(systems),
  });
}

function pictureLatency(rows: readonly Row[]): Figure {
  const systems = [names.plain, names.bob];
  return bars(rows, {
    name: 'picture-latency',
    title: 'What scrambling costs in time',
    caption:
      'Median time to encode, send and decode a picture on this machine, over all SNRs; scrambling and its inverse are part of encoding and ' +
      'decoding. No picture waits for its key: keys are made ahead, or the last one serves again.',
    systems,
    where: ofSystems(systems),
  });
}

function reuse(rows: readonly Row[]): Figure {
  const systems = [
    ...SCRAMBLES.map((scramble) => names.reuse(scramble, false)),
    names.reuse('rotation', true),
    names.bob,
    names.mean,
  ];
  return curve(rows, {
    name: 'reused-key',
    title: 'What a reused key gives away',
    caption:
      'Eve knows some pictures that were sent under the same key, and the scales of the others. Where the scramble repeats, a ' +
      'permutation (with signs or not) is found symbol by symbol and the next pictures lie open; of a rotation she learns the ' +
      'angles between codewords, which tell brightness and colour. With the number of the picture in the scramble (the default) ' +
      'a reused key is protected by AES, and what she knows helps nothing. Bars: 95 % bootstrap intervals over the other pictures.',
    x: 'knownPictures',
    y: 'accuracy',
    xTitle: 'pictures known under the same key (count)',
    yTitle: 'mean PSNR of the others (dB)',
    systems,
    bounds: [names.bob, names.mean],
    where: ofSystems(systems),
  });
}

const overLength = { x: 'lengthKm', xTitle: 'fibre (km)' } as const;
const shownOnLog = (row: Row) => row.rate.value > 0;

function keyRate(rows: readonly Row[]): Figure {
  const systems = [names.measured, names.expected, names.plob, names.needed, names.neededOneTime];
  return curve(rows, {
    ...overLength,
    name: 'key-rate',
    title: 'Secret bits of the link',
    caption:
      'Decoy-state BB84 of finite blocks, each of as many detected pulses: closed form, and one block a length simulated photon by photon with Cascade and ' +
      'privacy amplification; the PLOB bound holds for any protocol at this pulse rate. Pictures that follow one another ' +
      'need a key of 256 bits each; scrambling them without any help of AES would take the upper line.',
    y: 'rate',
    yTitle: 'secret bits a second (bit/s)',
    systems,
    theory: { [names.expected]: names.measured },
    bounds: [names.plob],
    logY: true,
    where: (row) => shownOnLog(row) && ofSystems(systems)(row),
  });
}

function freshness(rows: readonly Row[]): Figure {
  const systems = [names.measured, names.expected];
  return curve(rows, {
    ...overLength,
    name: 'fresh-keys',
    title: 'How many pictures have a key of their own',
    caption:
      'Share of pictures that follow one another for which a fresh key has arrived; the others take the last one again. One over ' +
      'it is the number of pictures a key serves. Points: timetables of keys; dashed: key rate over what pictures need.',
    y: 'accuracy',
    yTitle: 'pictures under a key of their own (ratio)',
    systems,
    theory: { [names.expected]: names.measured },
    where: ofSystems(systems),
  });
}

function latency(rows: readonly Row[]): Figure {
  const systems = [names.firstKey, names.longest, names.refresh, names.onePicture];
  return curve(rows, {
    ...overLength,
    name: 'latency-budget',
    title: 'What a key costs in time',
    caption:
      'The first key waits for a block of pulses and the messages that correct and verify it, once; after that keys lie ready and ' +
      'a picture waits for none. From one fresh key to the next, on average: never less than a picture takes on air. Keys come ' +
      'a block at a time, so that the last of a block serves longest where the link is slower than the pictures.',
    y: 'latency',
    yTitle: 'time (s)',
    systems,
    logY: true,
    where: ofSystems(systems),
  });
}

function traffic(rows: readonly Row[]): Figure {
  const systems = [names.control, names.secret, names.file];
  return curve(rows, {
    ...overLength,
    name: 'control-traffic',
    title: 'What a key costs in traffic',
    caption:
      'Classical bits that the link sends while one picture is on air (detected pulses, bases, check bits, parities, hashes and their seeds, ' +
      'tags), whether its keys are used or not, beside the secret bits that pictures take of it and the bits of the picture itself.',
    y: 'rate',
    yTitle: 'bits while a picture is on air (bit)',
    systems,
    bounds: [names.file],
    logY: true,
    where: ofSystems(systems),
  });
}

function strip(rows: readonly Row[], artefact: FigureContext<unknown>['artefact']): Figure[] {
  const snrs = [...new Set(rows.map(({ params }) => Number(params.snrDb)))].sort((a, b) => a - b);
  const chosen = [...new Set([snrs[0]!, snrs[Math.floor(snrs.length / 2)]!, snrs.at(-1)!])];
  const systems = [names.original, names.bob, names.blind, names.statistics('rotation'), names.mean];
  const pictures = systems.map((system) => chosen.map((snr) => artefact(stripName(system, snr)) ?? null));
  if (pictures.flat().every((picture) => picture === null)) return [];
  const meanOf = (system: string, snrDb: number) =>
    rows.find((row) => row.system === system && row.params.snrDb === snrDb)?.accuracy.value;
  return [
    pictureStrip({
      name: 'pictures',
      title: 'What Bob sees, and Eve',
      caption: 'The test picture of most contrast; below each, the mean PSNR over all test pictures.',
      rows: systems,
      columns: chosen.map((snr) => `${snr} dB`),
      pictures,
      texts: systems.map((system) =>
        chosen.map((snr) => {
          const value = meanOf(system, snr);
          return value === undefined ? '' : `mean ${value.toFixed(1)} dB`;
        }),
      ),
    }),
  ];
}
