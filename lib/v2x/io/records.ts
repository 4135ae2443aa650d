import type { z } from 'zod';
import { InputError, requireSchema } from '../../base/index.js';
import { type DataFolder, type OpenFile, openInside } from './folder.js';
import { afterMark, jsonValue, skipSpace, TEXT_LIMITS, valueEnd } from './parse.js';

const [COMMA, OPEN_LIST, CLOSE_LIST, OPEN] = [44, 91, 93, 123] as const;
/** Bytes read at once. */
const CHUNK = 2 ** 20;

/**
 * The records of a file that is a JSON list of objects, one at a time: memory is that of a few records, however long the list.
 * @param path as of `openInside`
 * @throws InputError for what is no such list, a record that is too long, or one that is not as the schema says.
 */
export function* jsonRecords<S extends z.ZodType>(
  folder: DataFolder,
  path: string,
  maxBytes: number,
  schema: S,
): Generator<z.output<S>> {
  const file = openInside(folder, path, maxBytes);
  try {
    yield* recordsOf(file, schema);
  } finally {
    file.close();
  }
}

function* recordsOf<S extends z.ZodType>(file: OpenFile, schema: S): Generator<z.output<S>> {
  const { what } = file;
  const window = slidingWindow(file);
  window.skip(afterMark(window.ahead(3)));
  if (window.next() !== OPEN_LIST) throw new InputError(`${what}: not a JSON list`);
  window.skip(1);
  for (let index = 0; window.next() !== CLOSE_LIST || index > 0; index++) {
    const place = `${what}: record ${index}`;
    if (window.next() !== OPEN)
      throw new InputError(`${place}: no JSON object; the list is damaged or cut off`);
    const bytes = window.ahead(TEXT_LIMITS.recordBytes);
    const end = valueEnd(bytes, 0, Math.min(bytes.length, TEXT_LIMITS.recordBytes), place);
    if (end === undefined)
      throw new InputError(`${place}: cut off, or longer than ${TEXT_LIMITS.recordBytes} bytes`);
    yield requireSchema(place, schema, jsonValue(bytes.toString('utf8', 0, end), place));
    window.skip(end);
    const after = window.next();
    if (after === CLOSE_LIST) break;
    if (after !== COMMA)
      throw new InputError(`${place}: neither , nor ] after it; the list is damaged or cut off`);
    window.skip(1);
  }
  window.skip(1);
  if (window.next() !== undefined) throw new InputError(`${what}: something stands after the JSON list`);
}

/** A file from front to back, of which a part is in memory. */
function slidingWindow({ what, read }: OpenFile) {
  let held = read(CHUNK);
  let at = 0;
  let ended = false;
  /** What follows, with at least so many bytes unless the file ends before. */
  const ahead = (bytes: number): Buffer => {
    while (!ended && held.length - at < bytes) {
      const more = read(CHUNK);
      ended = more.length === 0;
      if (ended) break;
      held = Buffer.concat([held.subarray(at), more]);
      at = 0;
    }
    return held.subarray(at);
  };
  return {
    ahead,
    skip(bytes: number): void {
      at += bytes;
    },
    /** The next byte that is no white space, which stays; undefined at the end. */
    next(): number | undefined {
      for (let blank = 0; blank <= TEXT_LIMITS.recordBytes; ) {
        const from = at;
        at = skipSpace(held, at);
        blank += at - from;
        if (at < held.length || ahead(1).length === 0) return held[at];
      }
      throw new InputError(`${what}: white space of over ${TEXT_LIMITS.recordBytes} bytes`);
    },
  };
}
