import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { fileProblem, InputError, readFileChecked, requireInteger, writeFileAtomic } from '../base/index.js';
import { type Picture, type Rectangle, requirePicture } from './picture.js';

const MAX_PIXELS = 64 * 2 ** 20;
const MAX_FILE_BYTES = 256 * 2 ** 20;
const EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp'];
const FORMATS = ['png', 'jpeg', 'webp'];

/**
 * Decodes a PNG, JPEG or WebP file in memory to 8-bit sRGB and from there to [0, 1]. Grey becomes three
 * equal channels, an alpha channel is dropped, the orientation tag is applied.
 * @param what names the file in an error.
 * @throws InputError when it is none of these, damaged, truncated or larger than 64 Mpixel.
 */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  options: { what?: string; rectangle?: Rectangle; formats?: readonly string[] } = {},
): Promise<Picture> {
  const { what = `picture ${name}`, rectangle, formats = FORMATS } = options;
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
    const { format } = await image.metadata();
    if (!formats.includes(format)) {
      throw new InputError(`${what}: its content is ${format}; allowed: ${formats.join(', ')}`);
    }
    const upright = image.autoOrient().toColourspace('srgb').removeAlpha();
    const { data, info } = await (rectangle ? upright.extract(rectangle) : upright)
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { name, width: info.width, height: info.height, data: fromBytes(data, info.channels) };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = oneLine(error);
    throw new InputError(
      `${what}: cannot be decoded (${reason}); allowed: PNG, JPEG or WebP of at most 64 Mpixel`,
    );
  }
}

/** The message of an image library's error, which may have several lines, as one. */
export function oneLine(error: unknown): string {
  return (error as Error).message
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 200);
}

function fromBytes(bytes: Uint8Array, channels: number): Float32Array {
  const out = new Float32Array((bytes.length / channels) * 3);
  for (let i = 0; i < out.length; i++) {
    out[i] = (channels === 3 ? bytes[i]! : bytes[Math.floor(i / 3) * channels]!) / 255;
  }
  return out;
}

/**
 * Reads one PNG, JPEG or WebP file; the picture is named after the file.
 * @throws InputError naming the file when it is absent, damaged or too large.
 */
export async function loadPicture(path: string): Promise<Picture> {
  const bytes = readFileChecked(path, 'picture', { minBytes: 1, maxBytes: MAX_FILE_BYTES });
  return decodePicture(bytes, basename(path, extname(path)), { what: `picture ${path}` });
}

/**
 * Reads the PNG, JPEG and WebP files of a folder (not of folders inside it), sorted by name, the first
 * `limit` of them.
 * @throws InputError when the folder has none, or naming the first file that cannot be read.
 */
export async function loadFolder(dir: string, options: { limit?: number } = {}): Promise<Picture[]> {
  const { limit = Number.MAX_SAFE_INTEGER } = options;
  requireInteger('limit of pictures', limit, 1);
  const names = listFolder(dir).slice(0, limit);
  if (names.length === 0) {
    throw new InputError(`folder ${dir}: 0 pictures; allowed: at least one of ${EXTENSIONS.join(', ')}`);
  }
  const pictures: Picture[] = [];
  for (const name of names) pictures.push(await loadPicture(join(dir, name)));
  return pictures;
}

function listFolder(dir: string): string[] {
  try {
    const names = readdirSync(dir).filter((name) => EXTENSIONS.includes(extname(name).toLowerCase()));
    // Code-unit order, so that the order does not depend on the machine's language.
    return names.sort();
  } catch (error) {
    throw new InputError(`folder ${dir}: ${fileProblem(error)}`);
  }
}

/** The picture's values clipped to [0, 1] and rounded to 8 bits, row by row, red, green, blue. */
export function toBytes(picture: Picture): Uint8Array {
  requirePicture(picture);
  const bytes = new Uint8ClampedArray(picture.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = picture.data[i]! * 255;
  return new Uint8Array(bytes.buffer);
}

/** The picture as a sharp image, for an encoder. */
export function toSharp(picture: Picture): Sharp {
  const { width, height } = picture;
  return sharp(toBytes(picture), { raw: { width, height, channels: 3 }, limitInputPixels: MAX_PIXELS });
}

/** The picture as an 8-bit PNG file in memory; values are clipped to [0, 1] first. */
export function toPng(picture: Picture): Promise<Buffer> {
  return toSharp(picture).png().toBuffer();
}

/**
 * Writes the picture as an 8-bit PNG file.
 * @throws InputError when the file cannot be written.
 */
export async function savePng(picture: Picture, path: string): Promise<void> {
  writeFileAtomic(path, await toPng(picture));
}
