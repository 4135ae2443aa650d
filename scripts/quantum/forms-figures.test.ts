import { Rng } from 'semwave/math';
import { type Experiment, type Point, type Row, resolveConfig } from 'semwave/pipeline';
import { validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
import advantage from './advantage.js';
import bounds from './bounds.js';
import lossy from './lossy.js';
import { SYSTEMS } from './lossy-figures.js';
import purify from './purify.js';

/** All rows of an experiment, measured here, and its figures checked. */
async function run(experiment: Experiment, sets: string[]) {
  const config = resolveConfig(experiment, 'quick', sets);
  const rows: Row[] = [];
  for (const point of experiment.points(config)) {
    const context = { config, rng: Rng.of('figures').fork(JSON.stringify(point)) };
    for await (const row of experiment.measure(point, context as Parameters<typeof experiment.measure>[1])) {
      rows.push({ experiment: experiment.id, seed: 1, ...row, params: { ...scalars(point), ...row.params } });
    }
  }
  const figures = await experiment.figures(rows, { config } as Parameters<typeof experiment.figures>[1]);
  for (const figure of figures) validateFigure(figure);
  return { rows, names: figures.map(({ name }) => name) };
}

const scalars = (point: Point) =>
  Object.fromEntries(
    Object.entries(point).filter((entry): entry is [string, string | number] =>
      ['string', 'number'].includes(typeof entry[1]),
    ),
  );

describe('the figures of the closed forms', () => {
  it('quantum/bounds', async () => {
    const { rows, names } = await run(bounds, ['networks=20', 'lengthKm=100,200']);
    expect(names).toEqual(['rate-over-length', 'network-over-distance']);
    const of = (system: string) => rows.filter((row) => row.system === system);
    for (const [k, { rate }] of of('one path').entries()) {
      expect(rate.value).toBeLessThanOrEqual(of('all paths')[k]!.rate.value + 1e-12);
      expect(of('one path, lossy stations')[k]!.rate.value).toBeLessThanOrEqual(rate.value);
    }
  });

  it('quantum/purify', async () => {
    const { rows, names } = await run(purify, ['fidelity=0.8', 'pairs=20000']);
    expect(names).toContain('fidelity-by-round-gates-0-99');
    expect(names).toHaveLength(6);
    for (const simulated of rows.filter(({ system }) => system.endsWith(', simulated'))) {
      const closed = rows.find(
        ({ system, params }) =>
          simulated.system.startsWith(`${system},`) &&
          params.round === simulated.params.round &&
          params.gateFidelity === simulated.params.gateFidelity,
      );
      const [low, high] = simulated.accuracy.ci95!;
      // Twice the interval of 95 %: four standard errors.
      expect(Math.abs(simulated.accuracy.value - closed!.accuracy.value)).toBeLessThan(high - low);
    }
  });

  it('quantum/lossy, whose simulated rates lie below every bound', async () => {
    const { rows, names } = await run(lossy, ['deliveries=100', 'stations=0,1,7,31']);
    expect(names).toEqual(['saturation', 'simulated-rate', 'time-to-a-pair']);
    const simulated = rows.filter(({ rate }) => rate.ci95);
    expect(simulated).toHaveLength(27);
    for (const { rate, params } of simulated) {
      const limits = rows.filter(
        (row) =>
          (row.system === SYSTEMS.bound || row.system === SYSTEMS.limit) &&
          row.params.station === params.station &&
          row.params.stations === params.stations,
      );
      for (const limit of limits) expect(rate.ci95![1]).toBeLessThan(limit.rate.value);
    }
  });

  it('quantum/advantage', async () => {
    const { rows, names } = await run(advantage, ['games=500', 'distanceKm=20,300', 'storedSec=0,0.1']);
    expect(names).toEqual([
      'games-over-fidelity',
      'superdense-over-fidelity',
      'games-over-distance',
      'latency-over-distance',
      'communication-over-input',
    ]);
    for (const { accuracy } of rows) expect(accuracy.value).toBeLessThanOrEqual(1);
  });
});
