import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  allCells,
  cosdh,
  earlySharing,
  lateSharing,
  noSharing,
  type SharingStrategy,
  where2comm,
} from 'semwave/v2x';
import { bandwidthFigures } from './bandwidth-figures.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

/** Systems that send what they send. */
const fixed: Record<string, () => SharingStrategy> = {
  none: noSharing,
  late: lateSharing,
  'all cells': allCells,
  early: () => earlySharing(),
  'early, 7 bytes a point': () => earlySharing('centimetres'),
};

/** Systems that fill the bytes they are given. */
const limited: Record<string, (maxBytes: number) => SharingStrategy> = {
  Where2comm: (maxBytes) => where2comm({ maxBytes }),
  'confidence only': (maxBytes) => where2comm({ maxBytes, choice: 'confidence' }),
  'random occupied cells': (maxBytes) => where2comm({ maxBytes, choice: 'random occupied' }),
  'CoSDH, masks only': (maxBytes) => cosdh({ maxBytes, hybrid: false }),
  'CoSDH, hybrid': (maxBytes) => cosdh({ maxBytes }),
};

export default defineExperiment({
  id: 'v2x/bandwidth',
  title: 'How much accuracy a byte buys',
  paper: 'Hu et al. 2022 (Where2comm); Xu et al. 2025 (CoSDH)',
  purpose: 'average precision over bytes of a frame: none, late, early, Where2comm, CoSDH',
  params: {
    ...sharingParams,
    messageBytes: param.grid([200, 350, 400, 800, 1200, 1600, 2400, 4800], {
      unit: 'byte',
      about: 'longest message of a sender',
    }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', scenes: 3, messageBytes: [200, 350, 400, 800, 1600, 2400, 4800] },
    paper: { cost: '2 minutes on two cores' },
  },

  points: ({ messageBytes }) => [
    ...Object.keys(fixed).map((unlimited) => ({ unlimited })),
    ...Object.keys(limited).flatMap((system) =>
      messageBytes.map((bytes) => ({ system, messageBytes: bytes })),
    ),
  ],

  async *measure(point, { config, rng, seed }): AsyncGenerator<NewRow> {
    const [system, make] =
      'unlimited' in point
        ? [point.unlimited, fixed[point.unlimited]!]
        : [point.system, () => limited[point.system]!(point.messageBytes)];
    yield sharingRow(system, share(scenesOf(config, seed), make), { minIou: config.minIou, rng });
  },

  figures: (rows, { config, seed }) => bandwidthFigures(rows, { ...config, seed }),
});
