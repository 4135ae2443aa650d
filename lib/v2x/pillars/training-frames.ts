import { requireInteger } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { crossing } from '../scene/index.js';
import type { Box, Detection, Frame, Pose } from '../types.js';
import type { PillarDetector } from './detector.js';
import { gridAbout } from './grid.js';
import { type MapPoints, standingPoints } from './points.js';

/** One agent of a training frame. */
export interface TrainingAgent {
  readonly id: string;
  readonly pose: Pose;
  readonly points: MapPoints;
  /** Points it has of each of the frame's objects. */
  readonly echoes: Uint16Array;
  /** What a trained network found in its cloud alone, in the map frame, if one has looked. */
  readonly found?: readonly Detection[];
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

/** Frames to train on, by number. */
export interface TrainingFrames {
  readonly count: number;
  frame(index: number): TrainingFrame;
}

/**
 * Training frames of simulated crossings of 16 beams, four a scene, each made when it is first asked for, then kept.
 * @param detector looks at each agent's cloud, so that the boxes that are shared are those of a network; else they are imagined
 */
export function trainingFrames(scenes: number, detector?: PillarDetector): TrainingFrames {
  requireInteger('scenes', scenes, 1, 100_000);
  const kept: TrainingFrame[] = [];
  const make = (scene: number) => {
    for (const [n, frame] of sceneFrames(scene).entries())
      kept[n * scenes + scene] = detector ? lookedAt(frame, detector) : frame;
  };
  return {
    count: scenes * FRAMES_OF_SCENE.length,
    frame(index) {
      if (!kept[index]) make(index % scenes);
      return kept[index]!;
    },
  };
}

function lookedAt({ agents, objects }: TrainingFrame, detector: PillarDetector): TrainingFrame {
  const looked = agents.map((agent) => {
    const { detections } = detector.find({ origin: gridAbout(agent.pose), clouds: [agent.points] });
    return { ...agent, found: detections };
  });
  return { agents: looked, objects };
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
