import type { Reference } from '../reference.js';

/** Makes the entries of a topic whose measurement is one number: a value, and the range it is allowed. */
export const entriesOf =
  (topic: string) =>
  (
    id: string,
    what: string,
    source: string,
    [value, low, high]: [number, number, number],
    measure: () => number,
  ): Reference => ({
    id: `${topic}/${id}`,
    what,
    source,
    value,
    allowed: [low, high],
    measure: () => ({ value: measure() }),
  });
