import { type Measurement, requireMeasurement } from 'semwave/link';
import { Rng } from 'semwave/math';
import { type Experiment, type MeasureContext, type Params, resolveConfig } from 'semwave/pipeline';
import { plobBits } from 'semwave/quantum';
import { type Figure, validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
import memory from './memory-qkd.js';
import qkd from './qkd.js';
import teleport from './teleport-143km.js';

type Context = MeasureContext<never>;

/** Runs the points of a small sweep as a run would, and draws its figures. */
async function played<P extends Params>(
  experiment: unknown,
  sets: readonly string[],
): Promise<{ rows: Measurement[]; figures: readonly Figure[] }> {
  const one = experiment as Experiment<P>;
  const config = resolveConfig(one as unknown as Experiment, 'quick', sets) as never;
  const rows: Measurement[] = [];
  for (const [k, point] of one.points(config).entries()) {
    const context = { config, rng: Rng.of(k), progress: () => {} } as unknown as Context;
    for await (const { params, ...row } of one.measure(point, context)) {
      rows.push(requireMeasurement({ ...row, params: { ...point, ...params }, experiment: one.id, seed: k }));
    }
  }
  const figures = await one.figures(rows, { config } as unknown as Context);
  for (const figure of figures) validateFigure(figure);
  return { rows, figures };
}

const names = (figures: readonly Figure[]) => figures.map(({ name }) => name);

describe('experiments of quantum keys', () => {
  it('draw keys over fibre and from a satellite, all below the repeaterless bound; none of short blocks', async () => {
    const { rows, figures } = await played(qkd, [
      'distanceKm=40,80,120',
      'simulatedKm=50',
      'armLossDb=0,3',
      'elevationDeg=40,90',
      'detections=150000',
      'trials=20000',
    ]);
    expect(names(figures)).toEqual([
      'key-over-distance',
      'error-over-distance',
      'mdi-announced',
      'mdi-errors',
      'pass-loss',
      'pass-key-rate',
      'pass-key',
    ]);
    for (const { system, rate, params } of rows) {
      if (params.distanceKm === undefined || system.startsWith('repeaterless')) continue;
      expect(rate.value).toBeLessThan(plobBits(10 ** (-0.02 * Number(params.distanceKm))));
    }
  });

  it('draw what a memory gains', async () => {
    const { figures } = await played(memory, [
      'slots=4,12,60',
      'photonsPerSlot=0.02',
      'distanceKm=50,100,150',
      'slotsPlayed=100000',
    ]);
    expect(names(figures)).toEqual(['gain-over-slots', 'secret-gain-over-slots', 'key-over-distance']);
  });

  it('draw the swapping experiment', async () => {
    const { rows, figures } = await played(teleport, [
      'channelLossDb=24,30,36',
      'hours=1,2',
      'structureConstant=1e-17,1e-16',
      'hoursPerBasis=1',
      'repeats=20',
    ]);
    expect(names(figures)).toEqual([
      'witness-over-loss',
      'chsh-over-loss',
      'teleportation-over-loss',
      'significance-over-time',
      'loss-over-turbulence',
    ]);
    expect(rows.some(({ system }) => system === 'witness, bias')).toBe(true);
  });
});
