import { InputError } from '../../base/index.js';

/** One field of a point as a PCD header declares it. */
export interface PcdField {
  readonly name: string;
  readonly type: 'F' | 'I' | 'U';
  /** Bytes of one value. */
  readonly size: number;
  /** Values of the field in one point. */
  readonly count: number;
  /** Bytes and values of a point before this field. */
  readonly offset: number;
  readonly column: number;
}

export const PCD_ENCODINGS = ['ascii', 'binary', 'binary_compressed'] as const;
export type PcdEncoding = (typeof PCD_ENCODINGS)[number];

export interface PcdHeader {
  readonly fields: readonly PcdField[];
  readonly points: number;
  /** Bytes and values of a point. */
  readonly pointBytes: number;
  readonly columns: number;
  readonly encoding: PcdEncoding;
  /** Where the data starts in the file. */
  readonly dataAt: number;
}

/** What a PCD file may hold at most; the clouds of today's data sets have about 100,000 points. */
export const PCD_LIMITS = {
  fileBytes: 64 * 2 ** 20,
  points: 2_000_000,
  /** Of all points together: what a small packed file may unpack to. */
  dataBytes: 2 ** 27,
  headerBytes: 8192,
  fields: 64,
  pointBytes: 1024,
};

const SIZES: Readonly<Record<PcdField['type'], readonly number[]>> = {
  F: [4, 8],
  I: [1, 2, 4, 8],
  U: [1, 2, 4, 8],
};

/**
 * Reads the header of a PCD file (version 0.7 and before).
 * @throws InputError for a line that is missing or wrong, with what was found.
 */
export function parsePcdHeader(bytes: Buffer, what: string): PcdHeader {
  const { lines, dataAt } = headerLines(bytes, what);
  const names = lines.get('FIELDS') ?? lines.get('COLUMNS') ?? [];
  if (names.length === 0 || names.length > PCD_LIMITS.fields) {
    throw new InputError(`${what}: ${names.length} FIELDS; allowed: 1 to ${PCD_LIMITS.fields}`);
  }
  const list = (key: string, otherwise?: string) => {
    const values = lines.get(key) ?? (otherwise === undefined ? [] : names.map(() => otherwise));
    if (values.length !== names.length) {
      throw new InputError(`${what}: ${values.length} values of ${key} for ${names.length} FIELDS`);
    }
    return values;
  };
  const [sizes, types, counts] = [list('SIZE'), list('TYPE'), list('COUNT', '1')];
  const fields = layOut(names.map((name, i) => fieldOf(name, types[i]!, sizes[i]!, counts[i]!, what)));
  const last = fields.at(-1)!;
  const pointBytes = last.offset + last.size * last.count;
  if (pointBytes > PCD_LIMITS.pointBytes) {
    throw new InputError(`${what}: ${pointBytes} bytes a point; allowed: up to ${PCD_LIMITS.pointBytes}`);
  }
  const encoding = encodingOf(lines.get('DATA') ?? [], what);
  const points = pointsOf(lines, what);
  if (points * pointBytes > PCD_LIMITS.dataBytes) {
    throw new InputError(
      `${what}: ${points} points of ${pointBytes} bytes; allowed: up to ${PCD_LIMITS.dataBytes} bytes together`,
    );
  }
  return {
    fields,
    points,
    pointBytes,
    columns: last.column + last.count,
    encoding,
    dataAt,
  };
}

function headerLines(bytes: Buffer, what: string): { lines: Map<string, string[]>; dataAt: number } {
  const text = bytes.toString('latin1', 0, PCD_LIMITS.headerBytes);
  const lines = new Map<string, string[]>();
  let at = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    const [key = '', ...values] = text.slice(at, end).trim().split(/\s+/);
    at = end + 1;
    if (key === '' || key.startsWith('#')) continue;
    if (!/^[A-Z]{4,12}$/.test(key))
      throw new InputError(`${what}: not a PCD file: line ${shown(key)} in its header`);
    if (lines.has(key)) throw new InputError(`${what}: ${key} stands twice in the header`);
    lines.set(key, values);
    if (key === 'DATA') return { lines, dataAt: at };
  }
  throw new InputError(`${what}: not a PCD file: no DATA line in its first ${text.length} bytes`);
}

function fieldOf(
  name: string,
  type: string,
  size: string,
  count: string,
  what: string,
): Omit<PcdField, 'offset' | 'column'> {
  if (type !== 'F' && type !== 'I' && type !== 'U') {
    throw new InputError(`${what}: field ${shown(name)} of TYPE ${shown(type)}; allowed: F, I, U`);
  }
  if (!SIZES[type].includes(Number(size))) {
    throw new InputError(
      `${what}: field ${shown(name)} of SIZE ${shown(size)}; allowed: ${SIZES[type].join(', ')}`,
    );
  }
  const values = wholeNumber(`COUNT of field ${shown(name)}`, count, PCD_LIMITS.pointBytes, what);
  if (values === 0) throw new InputError(`${what}: field ${shown(name)} of COUNT 0; allowed: at least 1`);
  return { name, type, size: Number(size), count: values };
}

function layOut(fields: readonly Omit<PcdField, 'offset' | 'column'>[]): PcdField[] {
  let offset = 0;
  let column = 0;
  return fields.map((field) => {
    const placed = { ...field, offset, column };
    offset += field.size * field.count;
    column += field.count;
    return placed;
  });
}

function pointsOf(lines: ReadonlyMap<string, readonly string[]>, what: string): number {
  const one = (key: string) => {
    const values = lines.get(key);
    return values && wholeNumber(key, values.join(' '), PCD_LIMITS.points, what);
  };
  const [width, height = 1, points] = [one('WIDTH'), one('HEIGHT'), one('POINTS')];
  const product = width === undefined ? points : width * height;
  if (product === undefined) throw new InputError(`${what}: neither POINTS nor WIDTH in the header`);
  if (points !== undefined && points !== product) {
    throw new InputError(`${what}: POINTS ${points}, but WIDTH ${width} times HEIGHT ${height}`);
  }
  if (product > PCD_LIMITS.points) {
    throw new InputError(`${what}: ${product} points; allowed: up to ${PCD_LIMITS.points}`);
  }
  return product;
}

function encodingOf(values: readonly string[], what: string): PcdEncoding {
  const found = PCD_ENCODINGS.find((encoding) => encoding === values.join(' '));
  if (!found)
    throw new InputError(`${what}: DATA ${shown(values.join(' '))}; allowed: ${PCD_ENCODINGS.join(', ')}`);
  return found;
}

function wholeNumber(key: string, text: string, most: number, what: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most))
    throw new InputError(`${what}: ${key} ${shown(text)}; allowed: a whole number up to ${most}`);
  return value;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
