/** Six agents at the crossing, scenes 1 to 3: learned, random and full communication graphs of late fusion. */
import { Rng } from '../../../../lib/math/index.js';
import {
  averagePrecision,
  type CommunicationGraph,
  crossing,
  type Frame,
  frameEvidence,
  fullGraph,
  lateSharing,
  learnGraph,
  randomGraph,
  runGraph,
} from '../../../../lib/v2x/index.js';
import type { Reference } from '../../reference.js';

interface Scene {
  readonly learned: CommunicationGraph;
  readonly measured: readonly Frame[];
}

let made: Scene[] | undefined;

/** The first half is learned from, with its truth; the second is measured on. */
function scenes(): Scene[] {
  made ??= [1, 2, 3].map((seed) => {
    const scene = crossing({ rng: Rng.of(seed), cavs: 4, lidar: { beams: 32 }, rsu: { beams: 64 }, uav: {} });
    const frames = Array.from({ length: scene.frameCount / 2 }, (_, place) => scene.frame(2 * place));
    const half = frames.length / 2;
    const evidence = frames.slice(0, half).map(frameEvidence);
    const { graph } = learnGraph(evidence, { rng: Rng.of(seed).fork('graph') });
    return { learned: graph, measured: frames.slice(half) };
  });
  return made;
}

function precision(graphAt: (scene: Scene, frame: Frame) => CommunicationGraph): number {
  const frames = scenes().flatMap(
    (scene) => runGraph(scene.measured, lateSharing(), (frame) => graphAt(scene, frame)).frames,
  );
  return averagePrecision(frames, { minIou: 0.5 });
}

const learned = () => precision(({ learned: graph }) => graph);

export const references: Reference[] = [
  {
    id: 'graph/full',
    what:
      'AP@0.5 of six agents that listen to two each by a graph learned from the truth of the first half of a scene and judged on ' +
      'the second, as a share of that of listening to all five',
    source: 'acceptance: 0.98 or more',
    value: 0.98,
    allowed: [0.98, 1.1],
    measure: () => ({ value: learned() / precision(() => fullGraph(6)) }),
  },
  {
    id: 'graph/random',
    what: 'AP@0.5 with the learned graph minus that with random ones of as many senders',
    source: 'acceptance: above 0',
    value: 0,
    allowed: [0, 1],
    measure: () => ({ value: learned() - precision((_, { index }) => randomGraph(6, 2, Rng.of(index))) }),
  },
];
