import { readFileSync } from 'node:fs';
import type { Reference } from '../reference.js';

/** What `closed_forms.py` printed: density matrices, sums and roots instead of closed forms, 12 digits. */
export const CLOSED_FORMS = JSON.parse(
  readFileSync(new URL('closed-forms.json', import.meta.url), 'utf8'),
) as Record<string, number>;

/**
 * A closed form of ours, held to 1e-6 of a value that was found by other means.
 * @param name of the value in `closed-forms.json`, which also names the entry
 */
export function closedForm(name: string, what: string, means: string, ours: () => number): Reference {
  const value = CLOSED_FORMS[name];
  if (value === undefined) throw new Error(`closed-forms.json has no ${name}`);
  return {
    id: name,
    what,
    source: `${means}, 12 digits (closed_forms.py)`,
    value,
    allowed: [value * (1 - 1e-6), value * (1 + 1e-6)],
    measure: () => ({ value: ours() }),
  };
}
