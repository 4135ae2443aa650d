import { createHash } from 'node:crypto';

/** What JSON can hold. A point, a resolved config and a manifest are made of nothing else. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON text that depends on the value only: keys sorted, no spaces, `-0` written as `0`. Two equal
 * points therefore name the same random stream and the same file, whatever order their keys were written in.
 * @throws TypeError when the value holds something that JSON cannot (NaN, a function, undefined in a list).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new TypeError(`a point or config holds ${value}, which JSON cannot write`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  throw new TypeError(`a point or config holds a ${typeof value}, which JSON cannot write`);
}

/** SHA-256 of bytes or text, as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
