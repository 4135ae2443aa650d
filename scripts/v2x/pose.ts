import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  addPoseNoise,
  allCells,
  cosdh,
  earlySharing,
  lateSharing,
  noSharing,
  type PosePrior,
  type SharingStrategy,
  where2comm,
} from 'semwave/v2x';
import { poseFigures } from './pose-figures.js';
import { sceneRng } from './scene-rng.js';
import { scenesOf, share, sharingParams, sharingRow } from './sharing-setup.js';

/** How wrong poses are thought to be by those who register: nobody knows sigma. */
const register: PosePrior = { xyMeters: 0.8, yawDeg: 0.8 };

const systems: Record<string, () => SharingStrategy> = {
  none: noSharing,
  late: lateSharing,
  early: () => earlySharing(),
  'all cells': allCells,
  Where2comm: () => where2comm({ share: 0.002 }),
  'CoSDH, hybrid': () => cosdh(),
  'late, registered': () => lateSharing({ register }),
  'early, registered': () => earlySharing('float32', { register }),
  'CoSDH, registered': () => cosdh({ register }),
};

export default defineExperiment({
  id: 'v2x/pose',
  title: 'What errors of the pose take away',
  paper: 'Xu et al. 2022 (V2X-ViT); Lu et al. 2023 (CoAlign)',
  purpose:
    'average precision over errors of position and heading that all agents have, poses as told or registered',
  params: {
    ...sharingParams,
    sigma: param.grid({
      from: 0,
      to: 0.6,
      step: 0.1,
      min: 0,
      max: 5,
      about: 'standard deviation of x and y in metres and of the heading in degrees',
    }),
    noise: param.choice(['gaussian', 'laplace'], {
      default: 'gaussian',
      about: 'distribution of the errors',
    }),
  },
  presets: {
    quick: { cost: '1 minute on two cores', scenes: 3, sigma: [0, 0.2, 0.4, 0.6] },
    paper: { cost: '3 minutes on two cores' },
  },

  points: ({ sigma }) =>
    Object.keys(systems).flatMap((system) => sigma.map((one) => ({ system, sigma: one }))),

  async *measure({ system, sigma }, { config, rng, seed }): AsyncGenerator<NewRow> {
    const noise = { xyMeters: sigma, yawDeg: sigma, distribution: config.noise };
    // The same errors for every system, in proportion to sigma.
    const noisy = scenesOf(config, seed).map(({ frames }, index) => ({
      frames: frames.map((frame) => addPoseNoise(frame, noise, sceneRng(seed, index).fork('pose noise'))),
    }));
    yield sharingRow(system, share(noisy, systems[system]!), { minIou: config.minIou, rng });
  },

  figures: (rows) => poseFigures(rows),
});
