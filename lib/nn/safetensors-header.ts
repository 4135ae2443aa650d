import { InputError } from '../base/index.js';
import { brief } from './brief.js';
import { reservedNames } from './parameters.js';

/** How a tensor is stored. `F16` and `BF16` widen to float32 when read. */
export type StoredType = 'F32' | 'F16' | 'BF16';

/** Bytes of one value. */
export const bytesPerValue: Readonly<Record<StoredType, number>> = { F32: 4, F16: 2, BF16: 2 };

/** One tensor of a header: its type, shape, and bytes [begin, end) of the data. */
export interface HeaderEntry {
  name: string;
  dtype: StoredType;
  shape: number[];
  begin: number;
  end: number;
}

/** A checked header: the tensors in the order of their data, and the text metadata. */
export interface Header {
  entries: HeaderEntry[];
  metadata: Record<string, string>;
}

/** Headers beyond this are refused; 16 MiB name about 150 000 tensors. */
export const largestHeader = 16 * 2 ** 20;
const deepestNesting = 4;
const largestRank = 6;

/**
 * Parses and checks a header against the number of data bytes: every type known, every shape as large as
 * its bytes, the tensors covering the data exactly once, no name twice.
 * @throws InputError saying which of these fails; never any other error.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, what: string): Header {
  const root = requireObject(parseJson(bytes, what), `${what}: the header`);
  const entries: HeaderEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(root)) {
    if (name === '__metadata__') metadata = parseMetadata(value, what);
    else entries.push(parseEntry(name, value, what));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  requireCover(entries, dataBytes, what);
  return { entries, metadata };
}

function parseJson(bytes: Uint8Array, what: string): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${what}: the header is not JSON; allowed: a safetensors file`);
  }
  requireSoundKeys(text, what);
  return value;
}

/**
 * Walks text that is known to be JSON and refuses a key that stands twice in one object (a parser would
 * keep the last, another tool perhaps the first), reserved keys, and deep nesting. A plain loop: a regular
 * expression could exhaust its stack on a hostile string of megabytes.
 */
function requireSoundKeys(text: string, what: string): void {
  const seen: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') seen.push(new Set());
    else if (character === '}' || character === ']') seen.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      if (followedByColon(text, end)) addKey(seen.at(-1), text.slice(at, end), what);
      at = end - 1;
    }
    if (seen.length > deepestNesting) {
      throw new InputError(`${what}: the header nests deeper than ${deepestNesting} levels`);
    }
  }
}

/** The index after the closing quote of the JSON string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function followedByColon(text: string, start: number): boolean {
  let at = start;
  while (' \t\r\n'.includes(text[at] ?? '.')) at++;
  return text[at] === ':';
}

function addKey(keys: Set<string> | undefined, quoted: string, what: string): void {
  const key = JSON.parse(quoted) as string;
  if (reservedNames.has(key)) throw new InputError(`${what}: the name ${quoted} is reserved`);
  if (keys?.has(key)) throw new InputError(`${what}: the name ${brief(key)} stands twice in the header`);
  keys?.add(key);
}

function requireObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${what} is ${brief(value)}; allowed: an object`);
  }
  return value as Record<string, unknown>;
}

function parseMetadata(value: unknown, what: string): Record<string, string> {
  const metadata = requireObject(value, `${what}: __metadata__`);
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== 'string')
      throw new InputError(`${what}: metadata ${brief(key)} is ${brief(text)}; allowed: text`);
  }
  return metadata as Record<string, string>;
}

function parseEntry(name: string, value: unknown, what: string): HeaderEntry {
  const label = `${what}: tensor ${brief(name)}`;
  const { dtype, shape, data_offsets: offsets } = requireObject(value, label);
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerValue, dtype)) {
    throw new InputError(
      `${label} has dtype ${brief(dtype)}; allowed: ${Object.keys(bytesPerValue).join(', ')}`,
    );
  }
  if (!isCounts(shape) || shape.length > largestRank) {
    throw new InputError(`${label} has shape ${brief(shape)}; allowed: up to ${largestRank} counts`);
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new InputError(`${label} has data_offsets ${brief(offsets)}; allowed: [begin, end]`);
  }
  const entry = { name, dtype: dtype as StoredType, shape, begin: offsets[0]!, end: offsets[1]! };
  const bytes = shape.reduce((product, side) => product * side, bytesPerValue[entry.dtype]);
  if (bytes !== entry.end - entry.begin) {
    throw new InputError(
      `${label} has ${entry.end - entry.begin} bytes; its shape [${shape}] of ${dtype} needs ${bytes}`,
    );
  }
  return entry;
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((count) => Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0))
  );
}

function requireCover(entries: readonly HeaderEntry[], dataBytes: number, what: string): void {
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      throw new InputError(
        `${what}: tensor ${brief(name)} begins at byte ${begin} of the data; allowed: ${reached}, where the one before ends`,
      );
    }
    reached = end;
  }
  if (reached !== dataBytes) {
    throw new InputError(
      `${what}: the tensors take ${reached} bytes and the file holds ${dataBytes}; allowed: the same`,
    );
  }
}
