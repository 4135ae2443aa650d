import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { allCells, cameraAssisted, lateSharing, lcv2i, noSharing, type SharingStrategy } from 'semwave/v2x';
import { lowLidarScene } from './low-lidar-cameras.js';
import { lowLidarFigures } from './low-lidar-figures.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

const lcv2iOf1600 = () => lcv2i({ maxBytes: 1600 });

/** Helped by its own cameras, or by whatever the road-side unit has, or by both. */
const helped: Record<string, () => SharingStrategy> = {
  alone: noSharing,
  'alone + camera, not corrected': () => cameraAssisted(noSharing(), { correction: 'none' }),
  'alone + camera': () => cameraAssisted(noSharing()),
  'boxes of the road-side unit': lateSharing,
  LCV2I: lcv2iOf1600,
  'LCV2I + camera': () => cameraAssisted(lcv2iOf1600()),
  'all cells of the road-side unit': allCells,
};

const limited: Record<string, (maxBytes: number) => SharingStrategy> = {
  'difference x score': (maxBytes) => lcv2i({ maxBytes }),
  score: (maxBytes) => lcv2i({ maxBytes, by: 'score' }),
};

export default defineExperiment({
  id: 'v2x/low-lidar',
  title: 'Cameras and a road-side unit help a vehicle with few beams',
  paper: 'LCV2I, an interpretation',
  purpose:
    'average precision over the beams of the ego, with and without stereo cameras, and over the bytes of a road-side unit',
  params: {
    ...sharingParams,
    egoBeams: param.grid([4, 8, 16, 32, 64], { about: 'beams of the ego' }),
    lowBeams: param.integer({ default: 16, min: 4, max: 64, about: 'beams of the ego where bytes vary' }),
    rsuBeams: param.integer({ default: 64, min: 4, max: 128, about: 'beams of the road-side unit' }),
    messageBytes: param.grid([400, 800, 1600, 2400, 4800], { unit: 'byte', about: 'longest message' }),
  },
  presets: {
    quick: { cost: '2 minutes on two cores', scenes: 3 },
    paper: { cost: '5 minutes on two cores' },
  },

  points: ({ egoBeams, messageBytes }) => [
    ...egoBeams.flatMap((beams) =>
      Object.keys(helped).map((system) => ({ helped: system, egoBeams: beams })),
    ),
    ...Object.keys(limited).flatMap((system) =>
      messageBytes.map((bytes) => ({ system, messageBytes: bytes })),
    ),
  ],

  async *measure(point, { config, rng, seed }): AsyncGenerator<NewRow> {
    const beams = 'helped' in point ? point.egoBeams : config.lowBeams;
    const scenes = scenesOf(config, seed, lowLidarScene(beams, config.rsuBeams));
    const [system, make] =
      'helped' in point
        ? [point.helped, helped[point.helped]!]
        : [point.system, () => limited[point.system]!(point.messageBytes)];
    yield sharingRow(system, share(scenes, make), { minIou: config.minIou, rng });
  },

  figures: (rows, { config, seed }) => lowLidarFigures(rows, { ...config, seed }),
});
