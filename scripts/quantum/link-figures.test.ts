import { Rng } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { linkModel } from 'semwave/quantum';
import { validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
import link from './link.js';
import { closedForm, linkOf, schemes, simulated } from './link-cases.js';
import { linkFigures } from './link-figures.js';

const hardware = {
  emission: 0.75,
  rawFidelity: 0.99,
  resetHz: 1e5,
  t2Sec: 0.05,
  detection: 0.8,
  darkCountHz: 100,
  windowSec: 1e-8,
  overlap: 0.95,
  brightPopulation: 0.1,
};

describe('quantum/link', () => {
  it('has simulated rows whose intervals lie about the closed form, and draws them', async () => {
    const rows: Row[] = [];
    const add = (row: Awaited<ReturnType<typeof simulated>>, params: Row['params']) =>
      rows.push({ experiment: link.id, seed: 1, ...row!, params: { ...row!.params, ...params } });
    for (const scheme of schemes) {
      for (const lengthKm of [10, 60]) {
        const config = linkOf(hardware, scheme, lengthKm);
        const exact = closedForm(scheme, linkModel(config), 1);
        const counted = await simulated(scheme, config, {
          memories: 1,
          rng: Rng.of('figures').fork(scheme).fork(lengthKm),
          pairs: 300,
          attempts: 1e5,
          signal: new AbortController().signal,
          progress() {},
        });
        const [low, high] = counted!.rate.ci95!;
        // Twice the width: one in twenty lies outside of it.
        expect(Math.abs(exact.rate.value - (low + high) / 2)).toBeLessThan(high - low);
        add(exact, { scheme, lengthKm });
        add(counted, { scheme, lengthKm });
        add(counted, { scheme, memories: lengthKm });
      }
    }
    const figures = linkFigures(
      rows.filter(({ params }) => !params.memories || params.scheme === 'Barrett-Kok'),
    );
    expect(figures.map(({ name }) => name)).toEqual(['pair-rate', 'ebits-per-use', 'fidelity', 'memories']);
    for (const figure of figures) validateFigure(figure);
    expect(linkFigures([])).toEqual([]);
  });
});
