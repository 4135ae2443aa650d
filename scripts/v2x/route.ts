import { bootstrapInterval, type Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  corridorRecall,
  noSharing,
  type SharingResult,
  type SharingStrategy,
  select2drive,
  where2comm,
} from 'semwave/v2x';
import { routeFigures } from './route-figures.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

const systems: Record<string, (budget: number) => SharingStrategy> = {
  none: noSharing,
  'confidence only': (budget) => where2comm({ share: budget, choice: 'confidence' }),
  Where2comm: (budget) => where2comm({ share: budget }),
  Select2Drive: (budget) => select2drive({ share: budget, radiusMeters: 3 }),
};

export default defineExperiment({
  id: 'v2x/route',
  title: 'What matters to who drives where',
  paper: 'Select2Drive; Hu et al. 2022 (Where2comm)',
  purpose: 'recall along the planned route and average precision, over the share of cells sent',
  params: {
    ...sharingParams,
    budget: param.grid([0.0003, 0.0005, 0.001, 0.002, 0.004], {
      about: 'share of the map that a sender may send',
    }),
    turn: param.choice(['straight', 'left', 'right'], { default: 'straight', about: 'where the ego goes' }),
    corridor: param.number({ default: 6, min: 1, max: 50, unit: 'm', about: 'full width about the route' }),
  },
  presets: {
    quick: { cost: '40 seconds on two cores', scenes: 3 },
    paper: { cost: '1 minute on two cores' },
  },

  points: ({ budget }) =>
    Object.keys(systems).flatMap((system) => budget.map((one) => ({ system, budget: one }))),

  async *measure({ system, budget }, { config, rng, seed }): AsyncGenerator<NewRow> {
    const scenes = scenesOf(config, seed, { egoTurn: config.turn });
    const result = share(scenes, () => systems[system]!(budget));
    const row = sharingRow(system, result, { minIou: config.minIou, rng });
    yield { ...row, params: { of: 'everywhere' } };
    yield { ...row, params: { of: 'route' }, accuracy: recall(result, config, rng.fork('recall')) };
  },

  figures: (rows, { config, seed }) => routeFigures(rows, { ...config, seed }),
});

/** Recall in the corridor; the interval resamples frames. */
function recall(
  { frames }: SharingResult,
  { minIou, corridor }: { minIou: number; corridor: number },
  rng: Rng,
): NewRow['accuracy'] {
  const options = { minIou, widthMeters: corridor };
  const counts = frames.map((frame) => corridorRecall([frame], options));
  const statistic = (chosen: Float64Array) => {
    const of = (count: 'found' | 'truths') => chosen.reduce((total, at) => total + counts[at]![count], 0);
    return of('truths') > 0 ? of('found') / of('truths') : 0;
  };
  const all = Float64Array.from(frames.keys());
  return {
    value: statistic(all),
    unit: 'ratio',
    metric: `recall within ${corridor} m about the route`,
    ci95: bootstrapInterval(all, rng, { statistic, resamples: 1000 }),
  };
}
