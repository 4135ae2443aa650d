import { join } from 'node:path';
import sharp from 'sharp';
import { InputError, writeFileAtomic } from '../base/index.js';
import { type PageParts, reportPage, type ShownPicture } from './page.js';
import { stripPng } from './pictures.js';
import { rasterise } from './raster.js';
import { closeRenderer, renderSvg } from './render.js';
import { figureJson } from './store.js';
import type { Figure, PictureFigure, ReportContent, WrittenReport } from './types.js';
import { validateFigure } from './validate.js';

/** What all pictures of a page may take together, in bytes before base64. */
const PICTURE_BUDGET = 2_200_000;

/**
 * Writes a report into `dir`: `report.html`, one file that opens anywhere without a network, and for each figure
 * `figures/NAME.json` (the figure itself), `.svg` and `.png`. Every file is replaced whole or not at all, the
 * page last.
 * @throws InputError when a figure is not valid, two have one name, or `dir` cannot be written.
 */
export async function writeReport(dir: string, content: ReportContent): Promise<WrittenReport> {
  const { figures, rendered = true } = content;
  const names = new Set<string>();
  for (const figure of figures) {
    validateFigure(figure);
    const key = figure.name.toLowerCase();
    if (names.has(key))
      throw new InputError(`figure name ${figure.name} is given twice; allowed: once in a report`);
    names.add(key);
  }
  const { written, stills } = await writeFigures(dir, figures, rendered);
  const pictures = await shownPictures(
    figures.filter((figure): figure is PictureFigure => figure.kind === 'pictures'),
  );
  const html = reportPage(content, { stills, hasFiles: rendered, ...pictures });
  const path = join(dir, 'report.html');
  writeFileAtomic(path, html);
  return { html: path, bytes: Buffer.byteLength(html), figures: written };
}

async function writeFigures(dir: string, figures: readonly Figure[], rendered: boolean) {
  const written: WrittenReport['figures'] = [];
  const stills = new Map<string, string>();
  try {
    for (const figure of figures) {
      const at = (kind: string) => join(dir, 'figures', `${figure.name}.${kind}`);
      const files: WrittenReport['figures'][number] = { name: figure.name, json: at('json') };
      written.push(files);
      writeFileAtomic(at('json'), figureJson(figure));
      if (!rendered) continue;
      const svg = await renderSvg(figure);
      const isStrip = figure.kind === 'pictures';
      writeFileAtomic(at('svg'), svg);
      writeFileAtomic(at('png'), isStrip ? await stripPng(figure) : await rasterise(svg, { scale: 2 }));
      if (!isStrip) stills.set(figure.name, svg);
      Object.assign(files, { svg: at('svg'), png: at('png') });
    }
  } finally {
    await closeRenderer();
  }
  return { written, stills };
}

/**
 * The pictures as the page carries them: as they are where they fit, else as WebP of falling quality, else
 * also smaller. The files in `figures/` keep them unaltered.
 */
async function shownPictures(
  strips: readonly PictureFigure[],
): Promise<Pick<PageParts, 'pictures' | 'pictureNote'>> {
  const all = strips.flatMap(cellsOf);
  const asTheyAre = all.reduce((sum, cell) => sum + (cell?.png.length ?? 0), 0);
  if (asTheyAre <= PICTURE_BUDGET) return { pictures: await encodeAll(strips, 'png') };
  const tries = [
    { quality: 95, maxWidth: 1024 },
    { quality: 90, maxWidth: 640 },
    { quality: 85, maxWidth: 420 },
    { quality: 75, maxWidth: 256 },
  ];
  for (const attempt of tries) {
    const pictures = await encodeAll(strips, attempt);
    const total = [...pictures.values()]
      .flat(2)
      .reduce((sum, shown) => sum + (shown?.address.length ?? 0) * 0.75, 0);
    if (total > PICTURE_BUDGET && attempt !== tries.at(-1)) continue;
    const pictureNote = `On this page the pictures are WebP of quality ${attempt.quality}, at most ${attempt.maxWidth} pixels wide; the figure\u2019s JSON file holds them unaltered.`;
    return { pictures, pictureNote };
  }
  return { pictures: new Map() };
}

function cellsOf(figure: Figure & PictureFigure): ({ png: Uint8Array } | null)[] {
  return figure.rows.flatMap((row) => row.cells);
}

async function encodeAll(
  strips: readonly PictureFigure[],
  how: 'png' | { quality: number; maxWidth: number },
): Promise<Map<string, (ShownPicture | null)[][]>> {
  const shown = new Map<string, (ShownPicture | null)[][]>();
  for (const strip of strips) {
    const rows: (ShownPicture | null)[][] = [];
    for (const row of strip.rows) {
      const cells: (ShownPicture | null)[] = [];
      for (const cell of row.cells) cells.push(cell === null ? null : await encode(cell.png, how));
      rows.push(cells);
    }
    shown.set(strip.name, rows);
  }
  return shown;
}

async function encode(
  png: Uint8Array,
  how: 'png' | { quality: number; maxWidth: number },
): Promise<ShownPicture> {
  if (how === 'png') {
    const { width, height } = await sharp(png).metadata();
    return { address: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, width, height };
  }
  const { data, info } = await sharp(png)
    .resize({ width: how.maxWidth, withoutEnlargement: true })
    .webp({ quality: how.quality, smartSubsample: true, effort: 3 })
    .toBuffer({ resolveWithObject: true });
  return {
    address: `data:image/webp;base64,${data.toString('base64')}`,
    width: info.width,
    height: info.height,
  };
}
