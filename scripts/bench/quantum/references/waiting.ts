/** Waits for links, and what storage takes meanwhile. */
import { mean, type Rng, standardError } from '../../../../lib/math/index.js';
import { drawLastSlot, drawSlot, expectedSlots, storedCoherence } from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';
import { closedForm } from '../closed-forms.js';

const draws = 200_000;

const means = [0.01, 0.1, 0.5].flatMap((p) =>
  [2, 3, 4, 8].map((links) =>
    closedForm(
      `wait/${p}/${links}`,
      `mean slots until ${links} links have succeeded, each with probability ${p} a slot`,
      'sum over slots with 40 digits',
      () => expectedSlots(links, p),
    ),
  ),
);

const coherence = closedForm(
  'dephasing/0.1/50',
  'mean coherence of the earlier of two links when the later is there, p 0.1, memory of 50 slots',
  'double sum over both links with 40 digits',
  () => storedCoherence(0.1, 50),
);

/** A simulated mean within 4 standard errors of its closed form; `spread` is the standard deviation of one draw. */
function simulated(
  id: string,
  what: string,
  value: number,
  { spread, draw }: { spread: number; draw: (rng: Rng) => number },
): Reference {
  return {
    id,
    what: `${what}, ${draws} draws`,
    source: 'closed form; 4 standard errors',
    value,
    allowed: within(value, (4 * spread) / Math.sqrt(draws)),
    measure: (rng) => {
      const values = Float64Array.from({ length: draws }, () => draw(rng));
      return { value: mean(values), ci95: within(mean(values), 1.96 * standardError(values)) };
    },
  };
}

/** Standard deviation of the larger of two geometric numbers and of the stored coherence, from their distributions. */
function spreads(p: number, memorySlots: number) {
  let square = 0;
  for (let slot = 1; slot < 60 / p; slot++) {
    const within2 = (slots: number) => (1 - (1 - p) ** slots) ** 2;
    square += slot * slot * (within2(slot) - within2(slot - 1));
  }
  // Twice the rate of decay squares the coherence.
  const squareCoherence = storedCoherence(p, memorySlots / 2);
  return {
    wait: Math.sqrt(square - expectedSlots(2, p) ** 2),
    coherence: Math.sqrt(squareCoherence - storedCoherence(p, memorySlots) ** 2),
  };
}

const { wait, coherence: coherenceSpread } = spreads(0.1, 50);

export const references: Reference[] = [
  ...means,
  coherence,
  simulated('wait/simulated', 'mean slots until two links have succeeded, p 0.1', expectedSlots(2, 0.1), {
    spread: wait,
    draw: (rng) => drawLastSlot(rng, 2, 0.1),
  }),
  simulated(
    'dephasing/simulated',
    'mean coherence of the earlier of two links, p 0.1, memory of 50 slots',
    storedCoherence(0.1, 50),
    {
      spread: coherenceSpread,
      draw: (rng) => Math.exp(-Math.abs(drawSlot(rng, 0.1) - drawSlot(rng, 0.1)) / 50),
    },
  ),
];
