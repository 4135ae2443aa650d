import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  type CommunicationGraph,
  crossing,
  type Frame,
  frameEvidence,
  fullGraph,
  type JudgedFrame,
  lateSharing,
  learnGraph,
  randomGraph,
  runGraph,
} from 'semwave/v2x';
import { graphFigures } from './graph-figures.js';
import { precisionOf } from './precision.js';
import { sceneRng } from './scene-rng.js';

const AGENTS = 6;
/** Half seconds of a scene are learned from and measured on in turn. */
const BLOCK = 5;

export default defineExperiment({
  id: 'v2x/graph',
  title: 'Whom to listen to',
  paper: 'CommFormer: Learning Multi-Agent Communication from Graph Modeling Perspective (Hu et al. 2024)',
  purpose: 'AP and bytes of six agents that each listen to a learned, a random or every other agent',
  params: {
    senders: param.grid([0, 1, 2, 3, 4, 5], { about: 'whom each agent listens to' }),
    scenes: param.integer({ default: 3, min: 1, max: 100, about: 'drawn by the seed' }),
    frames: param.integer({ default: 60, min: 10, max: 600, about: 'of each scene' }),
    every: param.integer({ default: 1, min: 1, max: 5, about: 'one of so many frames is looked at' }),
    beams: param.integer({ default: 32, min: 1, max: 256, about: 'of the vehicles' }),
    rsuBeams: param.integer({ default: 64, min: 1, max: 256, about: 'of the road-side unit' }),
    steps: param.integer({ default: 200, min: 1, max: 1e6, about: 'updates of the graph' }),
  },
  presets: {
    quick: { cost: '30 seconds on two cores', senders: [0, 1, 2, 3, 5], every: 3 },
    paper: { cost: '2 minutes on two cores' },
  },

  points: ({ senders }) => senders.map((count) => ({ senders: count })),

  async *measure({ senders }, { config, seed }): AsyncGenerator<NewRow> {
    const sums = new Map<string, { frames: JudgedFrame[]; bytes: number; count: number }>();
    for (let scene = 0; scene < config.scenes; scene++) {
      const sceneStream = sceneRng(seed, scene);
      const { learning, measured } = sceneOf(sceneStream, config);
      for (const [system, graphAt] of Object.entries(
        graphs(senders, learning, sceneStream.fork('graph'), config.steps),
      )) {
        const { frames, bytes } = runGraph(measured, lateSharing(), graphAt);
        const sum = sums.get(system) ?? { frames: [], bytes: 0, count: 0 };
        sums.set(system, {
          frames: [...sum.frames, ...frames],
          bytes: sum.bytes + bytes,
          count: sum.count + measured.length,
        });
      }
    }
    for (const [system, { frames, bytes, count }] of sums) {
      yield {
        system,
        rate: { value: bytes / 1000 / count, unit: 'KB/frame', metric: 'bytes over all edges' },
        accuracy: precisionOf(frames),
        latency: { value: 0, unit: 's', metric: 'none: at once' },
      };
    }
  },

  figures: (rows) => graphFigures(rows),
});

interface SceneSetting {
  readonly frames: number;
  readonly every: number;
  readonly beams: number;
  readonly rsuBeams: number;
}

/** Four vehicles, a road-side unit and a UAV; late fusion. */
function sceneOf(rng: Rng, { frames, every, beams, rsuBeams }: SceneSetting) {
  const scene = crossing({
    rng,
    seconds: frames / 10,
    cavs: 4,
    lidar: { beams },
    rsu: { beams: rsuBeams },
    uav: {},
  });
  const indices = Array.from({ length: scene.frameCount }, (_, index) => index).filter(
    (index) => (index % BLOCK) % every === 0,
  );
  const half = (odd: number) =>
    indices.filter((index) => Math.floor(index / BLOCK) % 2 === odd).map((index) => scene.frame(index));
  return { learning: half(0), measured: half(1) };
}

type GraphAt = (frame: Frame) => CommunicationGraph;

function graphs(
  senders: number,
  learning: readonly Frame[],
  rng: Rng,
  steps: number,
): Record<string, GraphAt> {
  const nobody = fullGraph(AGENTS).map(() => []);
  if (senders === 0) return { learned: () => nobody, random: () => nobody };
  if (senders === AGENTS - 1) return { learned: () => fullGraph(AGENTS), random: () => fullGraph(AGENTS) };
  const { graph } = learnGraph(learning.map(frameEvidence), { rng, senders, steps });
  return {
    learned: () => graph,
    random: ({ index }) => randomGraph(AGENTS, senders, rng.fork(index)),
  };
}
