import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { allCells, lateSharing, lcv2i, noSharing, type SharingStrategy } from 'semwave/v2x';
import { lowLidarFigures } from './low-lidar-figures.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

/** Helped by whatever the road-side unit has. */
const helped: Record<string, () => SharingStrategy> = {
  alone: noSharing,
  'boxes of the road-side unit': lateSharing,
  LCV2I: () => lcv2i({ maxBytes: 1600 }),
  'all cells of the road-side unit': allCells,
};

const limited: Record<string, (maxBytes: number) => SharingStrategy> = {
  'difference x score': (maxBytes) => lcv2i({ maxBytes }),
  score: (maxBytes) => lcv2i({ maxBytes, by: 'score' }),
};

export default defineExperiment({
  id: 'v2x/low-lidar',
  title: 'A road-side unit helps a vehicle with few beams',
  paper: 'LCV2I, an interpretation',
  purpose: 'average precision over the beams of the ego and the bytes of a road-side unit with 64 beams',
  params: {
    ...sharingParams,
    egoBeams: param.grid([8, 16, 32, 64], { about: 'beams of the ego' }),
    lowBeams: param.integer({ default: 16, min: 4, max: 64, about: 'beams of the ego where bytes vary' }),
    rsuBeams: param.integer({ default: 64, min: 4, max: 128, about: 'beams of the road-side unit' }),
    messageBytes: param.grid([400, 800, 1600, 2400, 4800], { unit: 'byte', about: 'longest message' }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', scenes: 3 },
    paper: { cost: '4 minutes on two cores' },
  },

  points: ({ egoBeams, messageBytes }) => [
    ...Object.keys(helped).flatMap((system) =>
      egoBeams.map((beams) => ({ helped: system, egoBeams: beams })),
    ),
    ...Object.keys(limited).flatMap((system) =>
      messageBytes.map((bytes) => ({ system, messageBytes: bytes })),
    ),
  ],

  async *measure(point, { config, rng, seed }): AsyncGenerator<NewRow> {
    const beams = 'helped' in point ? point.egoBeams : config.lowBeams;
    const scenes = scenesOf(config, seed, { cavs: 1, egoBeams: beams, rsu: { beams: config.rsuBeams } });
    const [system, make] =
      'helped' in point
        ? [point.helped, helped[point.helped]!]
        : [point.system, () => limited[point.system]!(point.messageBytes)];
    yield sharingRow(system, share(scenes, make), { minIou: config.minIou, rng });
  },

  figures: (rows, { config, seed }) => lowLidarFigures(rows, { ...config, seed }),
});
