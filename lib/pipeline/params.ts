import { z } from 'zod';
import { InputError } from '../base/index.js';

/** One knob of an experiment: what values it takes, its unit, its default, and how it reads on the command line. */
export interface Param<T> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** Unit of the value, `''` where it has none. */
  readonly unit: string;
  /** One line on what it means. */
  readonly about: string;
  /** The values allowed, in words: `integer from 1 to 10`. Stands in the error and in `semwave list <id>`. */
  readonly range: string;
  /** Turns the text of `--set key=text` into a value for `schema`; what it cannot read it returns as it is. */
  readonly read: (text: string) => unknown;
  /** True for an axis of the sweep: its config value is a list, and a point holds one value of it. */
  readonly grid: boolean;
}

/** An axis of the sweep. In the config it is a list of values; each point holds one of them. */
export interface GridParam<T> extends Param<readonly T[]> {
  readonly grid: true;
}

type About = { unit?: string; about?: string };
/** What one value of a grid or choice can be. */
export type Scalar = string | number | boolean;

/** `'3'`, `'1e-3'` and `'1/12'` are numbers; anything else stays text, for the schema to refuse. */
function readNumber(text: string): unknown {
  const fraction = /^\s*([+-]?[\d.]+)\s*\/\s*([\d.]+)\s*$/.exec(text);
  const value = fraction
    ? Number(fraction[1]) / Number(fraction[2])
    : text.trim() === ''
      ? Number.NaN
      : Number(text);
  return Number.isFinite(value) ? value : text;
}

function readBoolean(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** `'0,5,10'` or `'-2:20:2'` (from:to:step) as a list, each item read by `item`. */
function readList(text: string, item: (text: string) => unknown): unknown {
  const [from, to, step, ...rest] = text.split(':').map(readNumber);
  if (typeof from === 'number' && typeof to === 'number' && typeof step === 'number' && rest.length === 0) {
    return step > 0 && (to - from) / step < 100_000 ? steps(from, to, step) : text;
  }
  return text.split(',').map((part) => item(part.trim()));
}

/** from, from+step, …, to; the last value is included in spite of rounding. */
function steps(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toPrecision(14)));
}

const withUnit = (text: string, unit = ''): string => (unit ? `${text} ${unit}` : text);
const showScalar = (value: Scalar): string =>
  typeof value === 'number' ? String(+value.toPrecision(6)) : String(value);

interface NumberOptions extends About {
  default: number;
  min?: number;
  max?: number;
}

function numberParam(what: string, base: z.ZodNumber, options: NumberOptions): Param<number> {
  const { default: initial, min = -Infinity, max = Infinity, unit = '', about = '' } = options;
  const limits = Number.isFinite(min) || Number.isFinite(max);
  return {
    schema: base.min(min).max(max),
    default: initial,
    unit,
    about,
    range: withUnit(limits ? `${what} from ${min} to ${max}` : what, unit),
    read: readNumber,
    grid: false,
  };
}

/** A real number within [min, max]. */
function number(options: NumberOptions): Param<number> {
  return numberParam('number', z.number(), options);
}

/** An integer within [min, max]. */
function integer(options: NumberOptions): Param<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return numberParam('integer', z.int(), { ...options, min, max });
}

/** How many of something, or `'all'` of it. */
function count(
  options: { default: number | 'all'; min?: number; max?: number } & About,
): Param<number | 'all'> {
  const { default: initial, min = 1, max = Number.MAX_SAFE_INTEGER, unit = '', about = '' } = options;
  return {
    schema: z.union([z.int().min(min).max(max), z.literal('all')]),
    default: initial,
    unit,
    about,
    range: withUnit(`integer from ${min} to ${max}, or all`, unit),
    read: readNumber,
    grid: false,
  };
}

/** true or false. `--name` is short for `--set name=true`. */
function boolean(options: { default: boolean } & About): Param<boolean> {
  const { default: initial, unit = '', about = '' } = options;
  return {
    schema: z.boolean(),
    default: initial,
    unit,
    about,
    range: 'true or false',
    read: readBoolean,
    grid: false,
  };
}

/** One line of text. */
function text(options: { default: string; maxLength?: number } & About): Param<string> {
  const { default: initial, maxLength = 1000, unit = '', about = '' } = options;
  const schema = z
    .string()
    .max(maxLength)
    .regex(/^[^\r\n]*$/);
  return {
    schema,
    default: initial,
    unit,
    about,
    range: `one line of text, at most ${maxLength} characters`,
    read: (value) => value,
    grid: false,
  };
}

/** One of the values listed; the first is the default unless another is named. */
function choice<const T extends Scalar>(
  values: readonly T[],
  options: { default?: NoInfer<T> } & About = {},
): Param<T> {
  const { unit = '', about = '' } = options;
  const initial = options.default ?? values[0];
  if (initial === undefined) throw new InputError('param.choice needs at least one value');
  return {
    schema: oneOf(values),
    default: initial,
    unit,
    about,
    range: withUnit(`one of ${values.map(showScalar).join(', ')}`, unit),
    read: readOneOf(values),
    grid: false,
  };
}

function oneOf<T extends Scalar>(values: readonly T[]): z.ZodType<T> {
  return z.custom<T>((value) => (values as readonly unknown[]).includes(value));
}

function readOneOf(values: readonly Scalar[]): (text: string) => unknown {
  return (given) => {
    const match = values.find((value) => String(value) === given);
    if (match !== undefined) return match;
    const asNumber = readNumber(given);
    return values.find((value) => value === asNumber) ?? given;
  };
}

interface StepOptions extends About {
  from: number;
  to: number;
  step: number;
  /** Smallest value that a user may set; `from` when left out. */
  min?: number;
  /** Largest value that a user may set; `to` when left out. */
  max?: number;
}

/**
 * An axis of the sweep. Either even steps, `param.grid({ unit: 'dB', from: -2, to: 20, step: 2 })`, or the
 * values themselves, `param.grid([1 / 12, 1 / 6, 1 / 3], { unit: '…' })`. In the config it is a list; on the
 * command line `--set snrDb=0,5,10` or `--set snrDb=-2:20:2`. Stepped values may lie anywhere within
 * [min, max]; listed values must be among those listed.
 */
function grid(options: StepOptions): GridParam<number>;
function grid(values: readonly number[], options?: About): GridParam<number>;
function grid<const T extends string | boolean>(values: readonly T[], options?: About): GridParam<T>;
function grid(first: StepOptions | readonly Scalar[], options: About = {}): GridParam<Scalar> {
  if (!('from' in first)) return listedGrid(first, options);
  const { from, to, step, min = from, max = to, unit = '', about = '' } = first;
  const values = z.array(z.number().min(min).max(max)).min(1).refine(distinct);
  return {
    schema: values,
    default: steps(from, to, step),
    unit,
    about,
    range: `distinct numbers ${withUnit(`from ${min} to ${max}`, unit)}, as 0,5,10 or from:to:step`,
    read: (given) => readList(given, readNumber),
    grid: true,
  };
}

function listedGrid(values: readonly Scalar[], { unit = '', about = '' }: About): GridParam<Scalar> {
  return {
    schema: z.array(oneOf(values)).min(1).refine(distinct),
    default: values,
    unit,
    about,
    range: `one or more, separated by commas, of ${withUnit(values.map(showScalar).join(', '), unit)}`,
    read: (given) => readList(given, readOneOf(values)),
    grid: true,
  };
}

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Makers of parameters: each gives a knob its type, unit, default, range and meaning. */
export const param = { number, integer, count, boolean, text, choice, grid };
