import { InputError, readFileChecked } from '../base/index.js';
import type { Figure, PictureFigure } from './types.js';
import { validateFigure } from './validate.js';

const MAX_FIGURE_BYTES = 2 ** 28;

/** A figure as JSON; the pictures of a strip are base64. */
export function figureJson(figure: Figure): string {
  if (figure.kind !== 'pictures') return `${JSON.stringify(figure, null, 1)}\n`;
  const rows = figure.rows.map((row) => ({
    label: row.label,
    cells: row.cells.map(
      (cell) => cell && { text: cell.text, png: Buffer.from(cell.png).toString('base64') },
    ),
  }));
  return `${JSON.stringify({ ...figure, rows }, null, 1)}\n`;
}

/**
 * Reads a figure that `writeReport` wrote to `figures/NAME.json`, so that a report can be made again without
 * running the experiment.
 * @throws InputError when the file is absent, is not JSON, or is not a figure.
 */
export function readFigure(path: string): Figure {
  const text = readFileChecked(path, 'figure', { minBytes: 2, maxBytes: MAX_FIGURE_BYTES }).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`figure ${path}: not JSON; allowed: a file that a run wrote`);
  }
  try {
    const figure = decode(value);
    validateFigure(figure);
    return figure;
  } catch (error) {
    const reason =
      error instanceof InputError ? error.message : 'not a figure; allowed: a file that a run wrote';
    throw new InputError(`figure ${path}: ${reason}`);
  }
}

function decode(value: unknown): Figure {
  const head = value as Partial<PictureFigure> | null;
  if (typeof head?.name !== 'string' || typeof head.title !== 'string' || typeof head.caption !== 'string') {
    throw new InputError('name, title or caption is missing; allowed: text for each');
  }
  if (head.kind !== 'pictures') {
    const { data, layout } = value as { data?: unknown; layout?: unknown };
    if (!Array.isArray(data) || typeof layout !== 'object' || layout === null) {
      throw new InputError('data or layout is missing; allowed: a list of traces and a layout');
    }
    return value as Figure;
  }
  const strip = value as Omit<PictureFigure, 'rows'> & {
    rows: { label: string; cells: ({ png: string; text: string } | null)[] }[];
  };
  const rows = strip.rows.map(({ label, cells }) => ({
    label: String(label),
    cells: cells.map(
      (cell) => cell && { text: String(cell.text), png: Uint8Array.from(Buffer.from(cell.png, 'base64')) },
    ),
  }));
  return { ...strip, rows };
}
