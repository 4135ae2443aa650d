import sharp from 'sharp';
import { InputError, requireChoice, requireInteger, requireRange } from '../base/index.js';
import { decodePicture, oneLine, toSharp } from './image-files.js';
import { type Picture, requireSameSize } from './picture.js';
import { mse, psnrOfMse } from './psnr.js';

export const classicalCodecs = ['jpeg', 'webp', 'avif'] as const;
export type ClassicalCodec = (typeof classicalCodecs)[number];
export type Chroma = '4:2:0' | '4:4:4';

/** How a picture is compressed; `quality` is the encoder's own scale, 1 to 100. */
export interface ClassicalSetting {
  readonly codec: ClassicalCodec;
  readonly chroma: Chroma;
  readonly quality: number;
}

/** One compressed version of a picture. `bytes` counts the whole file, its headers too. */
export interface RatePoint extends ClassicalSetting {
  readonly bytes: number;
  readonly mse: number;
  /** Infinite only for a picture that comes back exactly (a flat one). */
  readonly psnrDb: number;
  /** The decoded picture, compressed and decoded anew at each call (the points keep no pixels). */
  decoded(): Promise<Picture>;
}

/** Encodings at a time: they run beside each other on their own threads, and each holds a whole picture. */
const IN_FLIGHT = 4;

/** One encoder with the qualities worth trying, ascending. */
interface Ladder {
  readonly codec: ClassicalCodec;
  readonly chroma: Chroma;
  readonly qualities: readonly number[];
}

const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

// AVIF wins nearly everywhere, so it gets every step it has; the others fill in where it does not.
const coarse = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99];
const ladders: readonly Ladder[] = [
  { codec: 'jpeg', chroma: '4:2:0', qualities: coarse },
  { codec: 'jpeg', chroma: '4:4:4', qualities: coarse },
  // Lossy WebP has no other chroma format.
  { codec: 'webp', chroma: '4:2:0', qualities: [1, 2, ...range(4, 100, 4)] },
  // At equal PSNR the files of 4:4:4 are never more than 1 % larger, and at high rates much smaller.
  { codec: 'avif', chroma: '4:4:4', qualities: avifQualities() },
];

/** One quality for each of AV1's quantiser steps 62 to 1; step 0 is left out, as it can be lossless (infinite PSNR). */
function avifQualities(): number[] {
  const step = (quality: number) => Math.floor(((100 - quality) * 63 + 50) / 100);
  return range(1, 99).filter((quality) => quality === 1 || step(quality) !== step(quality - 1));
}

/**
 * Compresses a picture: JPEG by MozJPEG, WebP at effort 4, AVIF (AV1) at effort 2 tuned for PSNR, all
 * at full resolution and 8 bits. The same picture gives the same bytes on any number of cores.
 * @throws InputError when the setting is not valid or the encoder refuses the picture (its size).
 */
export async function encodeClassical(picture: Picture, setting: ClassicalSetting): Promise<Buffer> {
  const { codec, chroma, quality } = setting;
  requireChoice('codec', codec, classicalCodecs);
  requireChoice('chroma', chroma, codec === 'webp' ? ['4:2:0'] : ['4:2:0', '4:4:4']);
  requireInteger('quality', quality, 1, 100);
  // The AV1 encoder's output depends on its number of threads (with more, files are up to 5 % larger);
  // libvips passes this process-wide setting on to it.
  sharp.concurrency(1);
  const image = toSharp(picture);
  try {
    if (codec === 'jpeg')
      return await image.jpeg({ quality, chromaSubsampling: chroma, mozjpeg: true }).toBuffer();
    if (codec === 'webp') return await image.webp({ quality, effort: 4 }).toBuffer();
    return await image.avif({ quality, chromaSubsampling: chroma, effort: 2, tune: 'psnr' }).toBuffer();
  } catch (error) {
    throw new InputError(
      `picture ${picture.name} (${picture.width} x ${picture.height}): ${codec} refuses it (${oneLine(error)})`,
    );
  }
}

/** Decodes a file of `encodeClassical`. @throws InputError when it is damaged. */
export function decodeClassical(bytes: Uint8Array, name: string): Promise<Picture> {
  return decodePicture(bytes, name, { formats: ['jpeg', 'webp', 'heif'] });
}

async function measure(picture: Picture, setting: ClassicalSetting): Promise<RatePoint> {
  const file = await encodeClassical(picture, setting);
  const error = mse(picture, await decodeClassical(file, picture.name));
  return {
    ...setting,
    bytes: file.byteLength,
    mse: error,
    psnrDb: psnrOfMse(error),
    decoded: async () => decodeClassical(await encodeClassical(picture, setting), picture.name),
  };
}

const tables = new WeakMap<Picture, Map<ClassicalCodec, Promise<RatePoint[]>>>();

/**
 * What each classical codec makes of the picture at each quality of a fixed grid, always at full
 * resolution, and at what size. Measured once a picture and codec (the picture object is the key, its
 * values must not change) and kept; takes about 3 s for 256 x 256 and grows with the pixels.
 */
export async function rateDistortion(
  picture: Picture,
  options: { codecs?: readonly ClassicalCodec[] } = {},
): Promise<RatePoint[]> {
  const { codecs = classicalCodecs } = options;
  const points: RatePoint[] = [];
  for (const codec of codecs) points.push(...(await codecTable(picture, codec)));
  return points;
}

function codecTable(picture: Picture, codec: ClassicalCodec): Promise<RatePoint[]> {
  requireChoice('codec', codec, classicalCodecs);
  const known = tables.get(picture) ?? new Map<ClassicalCodec, Promise<RatePoint[]>>();
  tables.set(picture, known);
  const table = known.get(codec) ?? measureCodec(picture, codec);
  known.set(codec, table);
  return table;
}

async function measureCodec(picture: Picture, codec: ClassicalCodec): Promise<RatePoint[]> {
  const settings = ladders
    .filter((ladder) => ladder.codec === codec)
    .flatMap(({ chroma, qualities }) => qualities.map((quality) => ({ codec, chroma, quality })));
  const points: RatePoint[] = [];
  for (let start = 0; start < settings.length; start += IN_FLIGHT) {
    const group = settings.slice(start, start + IN_FLIGHT);
    points.push(...(await Promise.all(group.map((setting) => measure(picture, setting)))));
  }
  return points;
}

/**
 * The point of the highest PSNR among those of at most `budgetBytes` bytes (the smaller file when equal);
 * undefined when none fits.
 */
export function bestWithin(points: readonly RatePoint[], budgetBytes: number): RatePoint | undefined {
  requireRange('budget', budgetBytes, 0, Number.MAX_VALUE, 'bytes');
  let best: RatePoint | undefined;
  for (const point of points) {
    if (point.bytes > budgetBytes) continue;
    if (!best || point.mse < best.mse || (point.mse === best.mse && point.bytes < best.bytes)) best = point;
  }
  return best;
}

/**
 * The best of the codecs within one budget without the whole table: the quality of each is found by
 * bisection (about 6 encodings each), which takes it that a higher quality makes a larger file. What is
 * returned fits the budget in any case; undefined when nothing does.
 */
export async function encodeToBudget(
  picture: Picture,
  budgetBytes: number,
  options: { codecs?: readonly ClassicalCodec[] } = {},
): Promise<RatePoint | undefined> {
  const { codecs = classicalCodecs } = options;
  requireRange('budget', budgetBytes, 0, Number.MAX_VALUE, 'bytes');
  for (const codec of codecs) requireChoice('codec', codec, classicalCodecs);
  const points: RatePoint[] = [];
  for (const ladder of ladders.filter(({ codec }) => codecs.includes(codec))) {
    const setting = await largestFitting(picture, ladder, budgetBytes);
    if (setting) points.push(await measure(picture, setting));
  }
  return bestWithin(points, budgetBytes);
}

async function largestFitting(
  picture: Picture,
  { codec, chroma, qualities }: Ladder,
  budgetBytes: number,
): Promise<ClassicalSetting | undefined> {
  let fits = -1;
  let exceeds = qualities.length;
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    const file = await encodeClassical(picture, { codec, chroma, quality: qualities[middle]! });
    if (file.byteLength <= budgetBytes) fits = middle;
    else exceeds = middle;
  }
  return fits < 0 ? undefined : { codec, chroma, quality: qualities[fits]! };
}

/**
 * What a receiver shows after a separate source code of at most `budgetBytes` bytes came through without
 * error: the best classical picture that fits, or, when not even the smallest file fits, `mean` (a flat
 * picture of the training mean, see `meanPicture`), with `point` undefined.
 */
export async function separationPicture(
  picture: Picture,
  budgetBytes: number,
  mean: Picture,
): Promise<{ picture: Picture; point: RatePoint | undefined }> {
  requireSameSize(picture, mean);
  const point = bestWithin(await rateDistortion(picture), budgetBytes);
  return { picture: point ? await point.decoded() : mean, point };
}
