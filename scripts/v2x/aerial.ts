import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  crossing,
  earlySharing,
  type Frame,
  frameDelayLink,
  instanceSharing,
  lateSharing,
  meanCentreAveragePrecision,
  noSharing,
  type PosePrior,
  pooled,
  runSharing,
  type SharingStrategy,
} from 'semwave/v2x';
import { aerialFigures } from './aerial-figures.js';
import { precisionOf } from './precision.js';
import { sceneRng } from './scene-rng.js';

/** Frames at the start of a scene in which delayed messages fill the way and velocities settle. */
const WARM_UP = 8;

/** The car does not know how high the UAV flies, nor how wrong that makes it: 0.3 m and 0.3 degrees. */
const register: PosePrior = { xyMeters: 0.3, yawDeg: 0.3 };

const strategies: Record<string, () => SharingStrategy> = {
  none: noSharing,
  late: () => lateSharing({ register }),
  'late, moved on': () => lateSharing({ motion: 'tracks', register, name: 'late, moved on' }),
  instance: () => instanceSharing({ register }),
  early: () => earlySharing('float32', { register }),
  'early, as told': () => earlySharing('float32', { name: 'early, as told' }),
};

export default defineExperiment({
  id: 'v2x/aerial',
  title: 'A drone tells a car what it sees',
  paper: 'Griffin: Aerial-Ground Cooperative Detection and Tracking Dataset and Benchmark (AGILE)',
  purpose: 'AP of a car alone and with a UAV, which sends boxes, instances or points, by altitude and delay',
  params: {
    altitude: param.grid([25, 40, 55], { unit: 'm', about: 'of the UAV' }),
    delay: param.grid([0, 0.1, 0.2, 0.3, 0.4], { unit: 's', about: 'of messages' }),
    overlap: param.grid([0.5, 0.7], { about: 'least overlap of a hit' }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'drawn by the seed' }),
    frames: param.integer({ default: 60, min: 10, max: 600, about: 'of each scene' }),
    beams: param.integer({ default: 16, min: 1, max: 256, about: 'of the car' }),
    uavBeams: param.integer({ default: 64, min: 1, max: 256, about: 'of the UAV' }),
  },
  presets: {
    quick: { cost: '30 seconds on two cores', delay: [0, 0.2, 0.4], frames: 40 },
    paper: { cost: '2 minutes on two cores' },
  },

  points({ altitude, delay }) {
    const lowest = Math.min(...altitude);
    return [
      ...altitude.map((metres) => ({ altitude: metres, delay: 0 })),
      ...delay.filter((sec) => sec > 0).map((sec) => ({ altitude: lowest, delay: sec })),
    ];
  },

  async *measure(point, { config, seed }): AsyncGenerator<NewRow> {
    const scenes = Array.from({ length: config.scenes }, (_, scene) =>
      sceneOf(sceneRng(seed, scene), { ...config, ...point }),
    );
    for (const [system, strategy] of Object.entries(strategies)) {
      const result = pooled(
        scenes.map((frames, scene) => {
          const model = { kind: 'constant', delaySec: point.delay } as const;
          const link = frameDelayLink({ model, rng: sceneRng(seed, scene).fork('delay') });
          return runSharing(frames, { strategy: strategy(), link, warmUpFrames: WARM_UP });
        }),
      );
      const centreAp = meanCentreAveragePrecision(result.frames);
      for (const overlap of config.overlap) {
        yield {
          system,
          params: { overlap, centreAp },
          rate: {
            value: result.sharedBytes / 1000 / result.frames.length,
            unit: 'KB/frame',
            metric: 'bytes of the UAV',
          },
          accuracy: precisionOf(result.frames, overlap),
          latency: { value: point.delay, unit: 's', metric: 'age of what arrives' },
        };
      }
    }
  },

  figures: (rows) => aerialFigures(rows),
});

function sceneOf(
  rng: Rng,
  {
    altitude,
    frames,
    beams,
    uavBeams,
  }: { altitude: number; frames: number; beams: number; uavBeams: number },
): Frame[] {
  const uav = { altitudeMeters: altitude, beams: uavBeams };
  return [...crossing({ rng, seconds: frames / 10, cavs: 1, lidar: { beams }, uav }).frames()];
}
