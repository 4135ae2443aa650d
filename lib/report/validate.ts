import { InputError } from '../base/index.js';
import { isPng } from './pictures.js';
import type { Figure, PlotFigure } from './types.js';

/**
 * Checks what every figure of a report must have: a safe file name, a title, a caption, axis titles with units
 * in brackets, and finite numbers only.
 * @throws InputError naming the figure and the first thing missing.
 */
export function validateFigure(figure: Figure): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(figure.name)) {
    throw new InputError(
      `figure name ${JSON.stringify(figure.name)}; allowed: 1 to 80 letters, digits, "-" and "_", for a file name`,
    );
  }
  const problem =
    (figure.title.trim() === '' && 'has no title; allowed: a few words') ||
    (figure.caption.trim() === '' && 'has no caption; allowed: a sentence that says what it shows') ||
    (figure.kind === 'pictures' ? pictureProblem(figure) : plotProblem(figure));
  if (problem) throw new InputError(`figure ${figure.name} ${problem}`);
}

function pictureProblem(figure: Figure & { kind: 'pictures' }): string | undefined {
  for (const row of figure.rows) {
    if (row.cells.length !== figure.columns.length) {
      return `row ${row.label} has ${row.cells.length} cells; allowed: ${figure.columns.length}, as many as columns`;
    }
    if (row.cells.some((cell) => cell !== null && !isPng(cell.png))) {
      return `row ${row.label} has a picture that is not a PNG; allowed: PNG bytes`;
    }
  }
  return undefined;
}

function plotProblem(figure: PlotFigure): string | undefined {
  if (figure.data.length === 0) return 'has no traces; allowed: at least one';
  const broken = notFinite({ data: figure.data, layout: figure.layout }, '');
  if (broken) return `has ${broken}; allowed: finite numbers only`;
  const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
  const titles = axes.map(([key, axis]) => ({
    key,
    title: titleOf(axis),
    axis: axis as { type?: unknown; visible?: unknown },
  }));
  for (const letter of ['x', 'y']) {
    const own = titles.filter(({ key }) => key.startsWith(letter));
    // Category axes name things, which have no unit, and a drawing may have no axes; panels that share an axis have
    // one title for all.
    if (own.length > 0 && own.every(({ axis }) => axis.type === 'category' || axis.visible === false))
      continue;
    if (!own.some(({ title }) => title !== ''))
      return `has no title on its ${letter} axis; allowed: a title with a unit`;
    const bare = own.find(({ title }) => title !== '' && !/\([^)]+\)/.test(title));
    if (bare) return `has ${bare.key} "${bare.title}" without a unit; allowed: a unit in brackets`;
  }
  return undefined;
}

function titleOf(axis: unknown): string {
  const title = (axis as { title?: { text?: unknown } | string } | null)?.title;
  const text = typeof title === 'object' ? title.text : title;
  return typeof text === 'string' ? text : '';
}

/** The path of the first number that is NaN or infinite. */
function notFinite(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${value} at ${path}`;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = notFinite(inner, path === '' ? key : `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}
