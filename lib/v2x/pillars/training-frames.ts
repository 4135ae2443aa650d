import { Rng } from '../../math/index.js';
import { crossing } from '../scene/index.js';
import type { Box, Detection, Frame, Pose } from '../types.js';
import { type MapPoints, standingPoints } from './points.js';

/** One agent of a training frame. */
export interface TrainingAgent {
  readonly id: string;
  readonly pose: Pose;
  readonly points: MapPoints;
  /** Points it has of each of the frame's objects. */
  readonly echoes: Uint16Array;
  /** What the network found in its cloud alone, in the map frame, once a trained one has looked. */
  found?: readonly Detection[];
}

/** A frame reduced to what training needs. */
export interface TrainingFrame {
  readonly agents: readonly TrainingAgent[];
  readonly objects: readonly Box[];
}

/** Scenes of these seeds on are for training alone. */
export const TRAINING_SEEDS = 1000;
const FRAMES_OF_SCENE = [2, 17, 32, 47];
const ROAD_SIDE_UNITS = 0.2;

/** Where the training frames come from: simulated crossings of 16 beams, each made when it is first asked for, then kept. */
export function trainingFrames(scenes: number): { count: number; frame(index: number): TrainingFrame } {
  const kept: TrainingFrame[] = [];
  const count = scenes * FRAMES_OF_SCENE.length;
  return {
    count,
    frame(index) {
      if (!kept[index]) {
        const scene = index % scenes;
        const made = sceneFrames(scene);
        for (const [n, frame] of made.entries()) kept[n * scenes + scene] = frame;
      }
      return kept[index]!;
    },
  };
}

function sceneFrames(scene: number): TrainingFrame[] {
  const rng = Rng.of(TRAINING_SEEDS + scene);
  const withUnit = rng.fork('pillars').uniform() < ROAD_SIDE_UNITS;
  const { frame } = crossing({ rng, ...(withUnit && { rsu: {} }) });
  return FRAMES_OF_SCENE.map((index) => reduced(frame(index)));
}

/** A frame with nothing but what training needs, by the agents' true poses. */
export function reduced({ agents, objects }: Frame): TrainingFrame {
  return {
    objects,
    agents: agents.map(({ id, cloud, truePose: pose }) => {
      const { count, values, sources } = standingPoints({ cloud, pose });
      const echoes = new Uint16Array(objects.length);
      for (const source of sources) {
        const hit = cloud.hits?.[source] ?? -1;
        if (hit >= 0) echoes[hit]!++;
      }
      return { id, pose, points: { count, values }, echoes };
    }),
  };
}
