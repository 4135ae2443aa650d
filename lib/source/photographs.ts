import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError, readFileChecked, requireInteger } from '../base/index.js';
import { type DatasetFile, datasetFiles } from './dataset.js';
import { decodePicture } from './image-files.js';
import { halve, type Picture, tiles } from './picture.js';

const MAX_FILE_BYTES = 16 * 2 ** 20;

/**
 * Nine photographs (toned prints of 1871 to 1938, about 1,000 pixels wide) that npm packages carry, so
 * that every installation has real pictures; six to train, three held out. See
 * `datasets/photographs.json` for sources, licence, crops and the reason of the split.
 */
export const photographs = {
  /**
   * The six training pictures. `downscale: 2` halves them (mean of 2 x 2), which removes most of what is
   * left of their own JPEG compression.
   */
  async training(options: { downscale?: 1 | 2 } = {}): Promise<Picture[]> {
    const whole = await loadSplit('train');
    return options.downscale === 2 ? whole.map(halve) : whole;
  },

  /**
   * The first `count` of the held-out pictures, or all. With `tile` they are squares of that size that do
   * not overlap, taken in turn from each picture.
   * @throws InputError when there are fewer than `count`.
   */
  async heldOut(count: number | 'all' = 'all', options: { tile?: number } = {}): Promise<Picture[]> {
    const whole = await loadSplit('heldOut');
    const { tile } = options;
    const pictures =
      tile === undefined ? whole : inTurn(whole.map((picture) => spread(tiles(picture, tile))));
    if (count === 'all') return pictures;
    return pictures.slice(0, requireInteger('number of held-out pictures', count, 1, pictures.length));
  },
};

/** Reorders a list so that its first few entries are spread over all of it (steps of the golden ratio). */
function spread<T>(list: readonly T[]): T[] {
  const key = (i: number) => (i * 0.6180339887498949) % 1;
  return list
    .map((item, i) => ({ item, key: key(i) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** One of each list in turn until all are used up. */
function inTurn<T>(lists: readonly T[][]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

async function loadSplit(split: 'train' | 'heldOut'): Promise<Picture[]> {
  const files = datasetFiles('photographs').filter((file) => file.split === split);
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(await loadPhotograph(file));
  return pictures;
}

async function loadPhotograph(file: DatasetFile): Promise<Picture> {
  const path = packagedFile(file.path);
  const bytes = readFileChecked(path, 'photograph', { minBytes: 1, maxBytes: MAX_FILE_BYTES });
  const name = file.path.split('/')[1]!.replace('datasets-img-', '');
  return decodePicture(bytes, name, { what: `photograph ${path}`, rectangle: file.crop });
}

/**
 * The place of `@scope/package/rest` on this machine.
 * @throws InputError when the package is not installed.
 */
export function packagedFile(path: string): string {
  const [scope, name, ...rest] = path.split('/');
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`${scope}/${name}/package.json`)), ...rest);
  } catch {
    throw new InputError(`package ${scope}/${name} is not installed; run npm install`);
  }
}
