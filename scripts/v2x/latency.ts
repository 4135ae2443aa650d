import { requireInteger } from 'semwave/base';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  earlySharing,
  frameDelayLink,
  lateSharing,
  noSharing,
  type SharingStrategy,
  select2drive,
} from 'semwave/v2x';
import { latencyFigures } from './latency-figures.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

const systems: Record<string, () => SharingStrategy> = {
  none: noSharing,
  late: lateSharing,
  'late, moved by tracks': () => lateSharing({ motion: 'tracks' }),
  'late, moved by scene flow': () => lateSharing({ motion: 'flow' }),
  early: () => earlySharing(),
  cells: () => select2drive({ radiusMeters: 20 }),
  'cells, moved on': () => select2drive({ radiusMeters: 20, predict: true }),
};

export default defineExperiment({
  id: 'v2x/latency',
  title: 'What latency takes away, and what motion gives back',
  paper: 'Dao et al. 2024 (Practical Collaborative Perception); Yu et al. 2022 (DAIR-V2X); Select2Drive',
  purpose: 'average precision over the age of messages, with and without compensation of motion',
  params: {
    ...sharingParams,
    delayMs: param.grid({
      unit: 'ms',
      from: 0,
      to: 400,
      step: 100,
      min: 0,
      max: 1000,
      about: 'of every message, in whole frames of 100 ms',
    }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', scenes: 3, delayMs: [0, 100, 200, 400] },
    paper: { cost: '3 minutes on two cores' },
  },

  points({ delayMs }) {
    for (const delay of delayMs) requireInteger(`delayMs of ${delay} in frames of 100 ms`, delay / 100, 0);
    return Object.keys(systems).flatMap((system) => delayMs.map((delay) => ({ system, delayMs: delay })));
  },

  async *measure({ system, delayMs }, { config, rng, seed }): AsyncGenerator<NewRow> {
    const link = () =>
      frameDelayLink({ model: { kind: 'constant', delaySec: delayMs / 1000 }, rng: rng.fork('delay') });
    const result = share(scenesOf(config, seed), systems[system]!, link);
    yield sharingRow(system, result, { minIou: config.minIou, rng });
  },

  figures: (rows) => latencyFigures(rows),
});
