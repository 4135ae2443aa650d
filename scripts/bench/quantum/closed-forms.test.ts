import { expect, it } from 'vitest';
import { check } from '../check.js';
import { CLOSED_FORMS } from './closed-forms.js';
import { references as advantage } from './references/advantage.js';
import { references as bounds } from './references/bounds.js';
import { references as herald } from './references/herald.js';
import { references as states } from './references/states.js';
import { references as waiting } from './references/waiting.js';

it('all values that other means gave are ours to 1e-6', async () => {
  const references = [...advantage, ...bounds, ...herald, ...states, ...waiting].filter(
    ({ id }) => id in CLOSED_FORMS,
  );
  expect(new Set(references.map(({ id }) => id))).toEqual(new Set(Object.keys(CLOSED_FORMS)));
  for (const reference of references) {
    const { ours } = await check(reference);
    expect(ours.value / reference.value, reference.id).toBeCloseTo(1, 6);
  }
});
