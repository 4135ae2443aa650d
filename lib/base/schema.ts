import type { z } from 'zod';
import { InputError } from './errors.js';

/**
 * Returns `value` as a schema makes it.
 * @param what names the value in the error
 * @throws InputError with the place of the first fault, what was wrong and, where it can be shown in short, what was found.
 */
export function requireSchema<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path
    .map(String)
    .join('.')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, 100);
  const reason = (issue?.message ?? 'not as expected').replace(/\s+/g, ' ');
  const found = brief(valueAt(value, issue?.path ?? []));
  throw new InputError(`${what}: ${place ? `${place}: ` : ''}${reason}${found && `; found ${found}`}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Numbers and short texts only: a message stays one line. */
function brief(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.length <= 40 ? JSON.stringify(value) : '';
}
