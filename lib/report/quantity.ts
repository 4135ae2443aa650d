import { InputError } from '../base/index.js';
import type { Measurement } from '../link/index.js';
import type { Quantity, Table } from './types.js';

const QUANTITIES: readonly string[] = ['rate', 'accuracy', 'latency'];

/** Endings of parameter names and the unit that each states. */
const UNIT_ENDINGS: readonly [RegExp, string][] = [
  [/Db$/, 'dB'],
  [/Dbm$/, 'dBm'],
  [/Sec$/, 's'],
  [/Ms$/, 'ms'],
  [/Meters$/, 'm'],
  [/MHz$/, 'MHz'],
  [/GHz$/, 'GHz'],
  [/Hz$/, 'Hz'],
  [/Mps$/, 'm/s'],
  [/Bits$/, 'bit'],
  [/Bytes$/, 'byte'],
  [/Deg$/, '°'],
  [/Rad$/, 'rad'],
];

const KNOWN_NAMES: Record<string, string> = {
  snrDb: 'SNR',
  ebN0Db: 'Eb/N0',
  ratio: 'Bandwidth ratio (channel uses per source value)',
};

/** Whether the name stands for one of the three measured quantities rather than for a parameter. */
export function isQuantity(name: string): name is Quantity {
  return QUANTITIES.includes(name);
}

/** The value of a quantity or parameter of a row; undefined when the row has no such parameter. */
export function fieldOf(row: Measurement, name: string): number | string | boolean | undefined {
  if (name === 'system') return row.system;
  if (name === 'seed') return row.seed;
  return isQuantity(name) ? row[name].value : row.params[name];
}

/**
 * The title of an axis, with its unit in brackets: of a quantity from the rows (`PSNR (dB)`), of a
 * parameter from the ending of its name (`snrDb` gives `SNR (dB)`).
 * @throws InputError when the rows give one quantity in different units.
 */
export function axisTitle(name: string, rows: readonly Measurement[]): string {
  if (isQuantity(name)) {
    const units = new Set(rows.map((row) => row[name].unit));
    if (units.size > 1) {
      throw new InputError(
        `${name} of the rows has units ${[...units].join(', ')}; allowed: one unit in a figure`,
      );
    }
    const metrics = new Set(name === 'accuracy' ? rows.map((row) => row.accuracy.metric) : []);
    const label = metrics.size === 1 ? [...metrics][0]! : `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const [unit] = units;
    return withUnit(label, unit ?? '');
  }
  if (name === 'ratio') return KNOWN_NAMES.ratio!;
  const ending = UNIT_ENDINGS.find(([pattern]) => pattern.test(name));
  return withUnit(KNOWN_NAMES[name] ?? words(name, ending?.[0]), ending?.[1] ?? '');
}

function withUnit(label: string, unit: string): string {
  return unit === '' ? `${label} (no unit)` : `${label} (${unit})`;
}

function words(name: string, ending: RegExp | undefined): string {
  const stem = ending ? name.replace(ending, '') : name;
  const spaced = stem.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}

/** A number as people write it: four significant digits, and 1/12 where it is a whole number's reciprocal. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e7)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** A parameter's value for a facet's heading: `1/12` for the ratio 0.0833, otherwise as it is. */
export function formatParam(name: string, value: number | string | boolean | undefined): string {
  if (typeof value !== 'number') return String(value);
  const inverse = 1 / value;
  if (/ratio/i.test(name) && value > 0 && value < 1 && Math.abs(inverse - Math.round(inverse)) < 1e-6) {
    return `1/${Math.round(inverse)}`;
  }
  return formatNumber(value);
}

/** `SNR 10 dB`, `Ratio 1/12`, `awgn`: a parameter with its value, as a heading. */
export function paramHeading(name: string, value: number | string | boolean | undefined): string {
  const text = formatParam(name, value);
  if (typeof value === 'string') return text;
  const ending = UNIT_ENDINGS.find(([pattern]) => pattern.test(name));
  const label = name === 'ratio' ? 'Bandwidth ratio' : (KNOWN_NAMES[name] ?? words(name, ending?.[0]));
  return `${label} ${text}${ending ? ` ${ending[1]}` : ''}`;
}

/** The distinct values of a parameter: numbers in ascending order, others in order of appearance. */
export function distinctValues(rows: readonly Measurement[], name: string): (number | string | boolean)[] {
  const values = new Set<number | string | boolean>();
  for (const row of rows) {
    const value = fieldOf(row, name);
    if (value !== undefined) values.add(value);
  }
  const list = [...values];
  return list.every((value) => typeof value === 'number') ? list.sort((a, b) => a - b) : list;
}

/** All rows as a table: system, parameters, seed, and rate, accuracy and latency with interval and unit. */
export function rowsTable(rows: readonly Measurement[]): Table {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row.params)))];
  return {
    columns: [
      'system',
      ...keys,
      'seed',
      'rate',
      'rate unit',
      'accuracy',
      'ci95 low',
      'ci95 high',
      'accuracy unit',
      'metric',
      'latency',
      'latency unit',
    ],
    rows: rows.map((row) => [
      row.system,
      ...keys.map((key) => cell(row.params[key])),
      row.seed,
      row.rate.value,
      row.rate.unit,
      row.accuracy.value,
      row.accuracy.ci95?.[0] ?? null,
      row.accuracy.ci95?.[1] ?? null,
      row.accuracy.unit,
      row.accuracy.metric,
      row.latency.value,
      row.latency.unit,
    ]),
  };
}

function cell(value: number | string | boolean | undefined): string | number | null {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? String(value) : value;
}
