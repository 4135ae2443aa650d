import type { Experiment } from '../pipeline/index.js';

/** One line an experiment: id and purpose. */
export function describeAll(experiments: readonly { id: string; purpose: string }[]): string {
  if (experiments.length === 0) return 'No experiments found.\n';
  return table(experiments.map(({ id, purpose }) => [id, purpose]));
}

/** All of one experiment: what it is, what its presets cost, and every parameter with unit, default and range. */
export function describeOne(experiment: Experiment): string {
  const { id, title, paper, purpose, presets, params } = experiment;
  const presetRows = Object.entries(presets).map(([name, { cost, ...values }]) => [
    `  ${name}`,
    cost,
    Object.entries(values)
      .map(([key, value]) => `${key}=${show(value)}`)
      .join(' '),
  ]);
  const paramRows = Object.entries(params).map(([name, param]) => [
    `  ${name}`,
    show(param.default) + (param.unit ? ` ${param.unit}` : ''),
    param.range,
    param.about,
  ]);
  return [
    `${id}: ${title}`,
    purpose,
    `After: ${paper}`,
    '',
    'Presets (name, cost, what they set):',
    table(presetRows),
    'Parameters for --set (name, default, allowed, meaning):',
    table(paramRows),
  ].join('\n');
}

/** A value as `--set` would take it, numbers to six digits. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.map(show).join(',');
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return value === '' ? '""' : String(value);
}

/** Columns padded to their widest cell, two spaces apart. */
function table(rows: readonly string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
