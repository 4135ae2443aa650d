import { CORE_SCHEMA, load } from 'js-yaml';
import type { z } from 'zod';
import { InputError, requireSchema } from '../../base/index.js';

/** Longest text of one JSON or YAML value; lists of records are read record by record and may be longer. */
export const TEXT_LIMITS = { jsonBytes: 2 ** 20, yamlBytes: 2 ** 19, recordBytes: 2 ** 19 };

const MAX_DEPTH = 20;
const MAX_ALIASES = 500;
const [SPACE, QUOTE, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [32, 34, 91, 92, 93, 123, 125] as const;

/**
 * Parses a JSON text and checks it.
 * @param what names the file in errors
 * @throws InputError when it is too long, no JSON, or not as the schema says.
 */
export function parseJson<S extends z.ZodType>(bytes: Buffer, schema: S, what: string): z.output<S> {
  requireBytes(bytes, TEXT_LIMITS.jsonBytes, what);
  valueEnd(bytes, skipSpace(bytes, afterMark(bytes)), bytes.length, what);
  return requireSchema(what, schema, jsonValue(bytes.toString('utf8'), what));
}

/**
 * Parses a YAML text of one document and checks it. Depth and number of aliases are limited, tags beyond YAML's core refused.
 * @throws InputError when it is too long, no YAML, or not as the schema says.
 */
export function parseYaml<S extends z.ZodType>(bytes: Buffer, schema: S, what: string): z.output<S> {
  requireBytes(bytes, TEXT_LIMITS.yamlBytes, what);
  let value: unknown;
  try {
    value = load(bytes.toString('utf8'), {
      schema: CORE_SCHEMA,
      maxDepth: MAX_DEPTH,
      maxAliases: MAX_ALIASES,
    });
  } catch (error) {
    throw new InputError(`${what}: no YAML: ${firstLine(error)}`);
  }
  return requireSchema(what, schema, value);
}

/** The place after the object or list that starts at `from`; undefined when it is not closed before `limit`. */
export function valueEnd(bytes: Buffer, from: number, limit: number, place: string): number | undefined {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = stringEnd(bytes, at, limit);
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
    if (depth === 0) return at + 1;
    if (depth > MAX_DEPTH) throw new InputError(`${place}: nested deeper than ${MAX_DEPTH}`);
  }
  return undefined;
}

function stringEnd(bytes: Buffer, from: number, limit: number): number {
  let at = from + 1;
  while (at < limit && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Where the text starts: some editors put a byte order mark before it. */
export function afterMark(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] === SPACE || (bytes[at]! >= 9 && bytes[at]! <= 13))) at++;
  return at;
}

export function jsonValue(text: string, what: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    throw new InputError(`${what}: no JSON: ${firstLine(error)}`);
  }
}

function requireBytes(bytes: Buffer, most: number, what: string): void {
  if (bytes.length > most) throw new InputError(`${what}: ${bytes.length} bytes; allowed: up to ${most}`);
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]!.replace(/\s+/g, ' ').slice(0, 120);
}
