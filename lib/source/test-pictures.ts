import { InputError, requireInteger } from '../base/index.js';
import { loadFolder } from './image-files.js';
import { photographs } from './photographs.js';
import { crop, type Picture, tiles } from './picture.js';

/** Sides of test pictures are cut to multiples of this, so that every codec here takes them whole. */
const unit = 8;

/**
 * Pictures to test on: the held-out photographs, or those of a folder.
 * @param options.folder folder of PNG, JPEG or WebP files; empty: the held-out photographs
 * @param options.count how many pictures or tiles
 * @param options.tile side of square tiles in pixels, a multiple of 8; 0: whole pictures, cut to multiples of 8
 * @throws InputError when the folder cannot be read, or has fewer pictures or tiles.
 */
export async function testPictures(options: {
  folder: string;
  count: number | 'all';
  tile: number;
}): Promise<Picture[]> {
  const { folder, count, tile } = options;
  requireInteger('tile', tile, 0, 65_536);
  if (tile % unit !== 0) throw new InputError(`tile is ${tile}; allowed: a multiple of ${unit}, 0 for none`);
  if (folder === '' && tile > 0) return photographs.heldOut(count, { tile });
  const whole = folder === '' ? await photographs.heldOut() : await loadFolder(folder);
  const all = tile > 0 ? whole.flatMap((picture) => tiles(picture, tile)) : whole.map(toUnits);
  return count === 'all'
    ? all
    : all.slice(0, requireInteger('number of test pictures', count, 1, all.length));
}

function toUnits(picture: Picture): Picture {
  const cut = (side: number) => Math.floor(side / unit) * unit;
  return crop(picture, 0, 0, cut(picture.width), cut(picture.height));
}
