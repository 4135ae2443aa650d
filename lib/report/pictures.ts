import sharp, { type OverlayOptions } from 'sharp';
import { InputError } from '../base/index.js';
import { rasterise } from './raster.js';
import { FONT_FAMILY, INK, MUTED } from './style.js';
import { escapeMarkup } from './text.js';
import type { PictureFigure } from './types.js';

const PAD = 16;
const LABEL_WIDTH = 150 + PAD;
const GAP = 8;
const TEXT_HEIGHT = 24;
const HEAD_HEIGHT = 64;

/** What `pictureStrip` shows: `pictures[row][column]` as PNG bytes or `data:image/png;base64,` addresses. */
export interface StripOptions {
  name: string;
  title: string;
  caption: string;
  /** One label a row, usually a system. */
  rows: readonly string[];
  /** One label a column, usually a condition such as `SNR 4 dB`. */
  columns: readonly string[];
  pictures: readonly (readonly (Uint8Array | string | null)[])[];
  /** The text below each picture, such as `31.2 dB`; same shape as `pictures`. */
  texts: readonly (readonly string[])[];
}

/**
 * A grid of pictures: rows are systems, columns are conditions.
 * @throws InputError when the shapes of pictures, texts and labels differ or a picture is not a PNG.
 */
export function pictureStrip(options: StripOptions): PictureFigure {
  const { name, title, caption, rows, columns, pictures, texts } = options;
  if (pictures.length !== rows.length || texts.length !== rows.length) {
    const found = `${pictures.length} rows of pictures and ${texts.length} of texts`;
    throw new InputError(`strip ${name}: ${found}; allowed: ${rows.length}, as many as row labels`);
  }
  return {
    kind: 'pictures',
    name,
    title,
    caption,
    columns: [...columns],
    rows: rows.map((label, row) => {
      const cells = pictures[row]!;
      if (cells.length !== columns.length || texts[row]!.length !== columns.length) {
        throw new InputError(
          `strip ${name}, row ${label}: ${cells.length} pictures; allowed: ${columns.length}, as many as columns`,
        );
      }
      return {
        label,
        cells: cells.map((picture, column) =>
          picture === null ? null : { png: pngBytes(picture, name), text: texts[row]![column]! },
        ),
      };
    }),
  };
}

function pngBytes(picture: Uint8Array | string, strip: string): Uint8Array {
  const bytes =
    typeof picture === 'string'
      ? Uint8Array.from(Buffer.from(picture.replace(/^data:image\/png;base64,/, ''), 'base64'))
      : picture;
  if (!isPng(bytes))
    throw new InputError(`strip ${strip}: a picture is not a PNG; allowed: PNG bytes or data URLs`);
  return bytes;
}

/** Whether bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

interface StripPlan {
  width: number;
  height: number;
  cellWidth: number;
  rows: { top: number; height: number }[];
}

/** Where everything stands, for pictures shown `cellWidth` pixels wide. */
async function plan(figure: PictureFigure, cellWidth: number): Promise<StripPlan> {
  let top = HEAD_HEIGHT;
  const rows: StripPlan['rows'] = [];
  for (const row of figure.rows) {
    let height = 24;
    for (const cell of row.cells) {
      if (cell === null) continue;
      const size = await sharp(cell.png).metadata();
      height = Math.max(height, Math.round((size.height * cellWidth) / size.width));
    }
    rows.push({ top, height });
    top += height + TEXT_HEIGHT + GAP;
  }
  return {
    width: LABEL_WIDTH + figure.columns.length * (cellWidth + GAP) + PAD - GAP,
    height: top,
    cellWidth,
    rows,
  };
}

/** The labels of a strip as SVG; `inside` stands before them (the pictures, or nothing). */
function labelsSvg(figure: PictureFigure, at: StripPlan, inside: string): string {
  const text = (x: number, y: number, size: number, fill: string, content: string, extra = '') =>
    `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" ${extra}>${escapeMarkup(content)}</text>`;
  const left = (column: number) => LABEL_WIDTH + column * (at.cellWidth + GAP);
  const parts = [text(PAD, 28, 16, INK, figure.title, 'font-weight="bold"')];
  figure.columns.forEach((label, column) => {
    parts.push(text(left(column), HEAD_HEIGHT - 10, 13, INK, label, 'font-weight="bold"'));
  });
  figure.rows.forEach((row, index) => {
    const { top, height } = at.rows[index]!;
    wrap(row.label, 18).forEach((line, i) => {
      parts.push(text(PAD, top + 16 + 17 * i, 13, INK, line, 'font-weight="bold"'));
    });
    row.cells.forEach((cell, column) => {
      if (cell !== null) parts.push(text(left(column), top + height + 16, 12, MUTED, cell.text));
    });
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${at.width}" height="${at.height}" ` +
    `viewBox="0 0 ${at.width} ${at.height}" font-family="${FONT_FAMILY}">${inside}${parts.join('')}</svg>`
  );
}

/** Breaks a label at spaces into lines of at most `limit` characters (a longer word stays whole). */
function wrap(label: string, limit: number): string[] {
  const lines: string[] = [];
  for (const word of label.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < limit) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Pictures at least this wide keep their pixels; smaller ones (CIFAR) are enlarged by whole pixels. */
const SMALL = 160;

async function cellWidthOf(figure: PictureFigure): Promise<number> {
  const first = figure.rows.flatMap((row) => row.cells).find((cell) => cell !== null);
  if (!first) return SMALL;
  const { width } = await sharp(first.png).metadata();
  return width >= SMALL ? Math.min(width, 512) : width * Math.ceil(SMALL / width);
}

/** The strip as one PNG: pictures laid out on white, labels drawn over them. */
export async function stripPng(figure: PictureFigure): Promise<Uint8Array> {
  const at = await plan(figure, await cellWidthOf(figure));
  const layers: OverlayOptions[] = [
    {
      input: Buffer.from(await rasterise(labelsSvg(figure, at, ''), { scale: 1, transparent: true })),
      left: 0,
      top: 0,
    },
  ];
  for (const [index, row] of figure.rows.entries()) {
    for (const [column, cell] of row.cells.entries()) {
      if (cell === null) continue;
      const source = sharp(cell.png);
      const { width } = await source.metadata();
      const kernel = width < at.cellWidth ? 'nearest' : 'lanczos3';
      const input = await source.resize({ width: at.cellWidth, kernel }).png().toBuffer();
      layers.push({ input, left: LABEL_WIDTH + column * (at.cellWidth + GAP), top: at.rows[index]!.top });
    }
  }
  const canvas = { width: at.width, height: at.height, channels: 3 as const, background: '#FFFFFF' };
  return sharp({ create: canvas }).composite(layers).png().toBuffer();
}

/** The strip as SVG with the pictures inside. */
export async function stripSvg(figure: PictureFigure): Promise<string> {
  const at = await plan(figure, await cellWidthOf(figure));
  const images = [`<rect width="${at.width}" height="${at.height}" fill="#FFFFFF"/>`];
  figure.rows.forEach((row, index) => {
    row.cells.forEach((cell, column) => {
      if (cell === null) return;
      const { top, height } = at.rows[index]!;
      const x = LABEL_WIDTH + column * (at.cellWidth + GAP);
      images.push(
        `<image x="${x}" y="${top}" width="${at.cellWidth}" height="${height}" preserveAspectRatio="xMinYMin" ` +
          `href="data:image/png;base64,${Buffer.from(cell.png).toString('base64')}"/>`,
      );
    });
  });
  return labelsSvg(figure, at, images.join(''));
}
