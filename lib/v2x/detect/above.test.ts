import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { averagePrecision, judgedFrame } from '../evaluate/index.js';
import { crossing } from '../scene/index.js';
import type { AgentState } from '../types.js';
import { detectAgent, detectCells, fromGround, looksDown, standingCells } from './index.js';

const frames = [0, 1, 2].flatMap((seed) => {
  const scene = crossing({
    rng: Rng.of(101 + seed),
    seconds: 1,
    rsu: { pitchDeg: 15 },
    uav: { altitudeMeters: 25 },
  });
  return [scene.frame(0), scene.frame(9)];
});

describe('what is seen from above', () => {
  it('is told by how steeply its sensor looks: a UAV down, vehicles and masts about', () => {
    for (const { agents } of frames)
      for (const agent of agents) expect(looksDown(standingCells(agent).cells)).toBe(agent.kind === 'uav');
  });

  it('has scores of its own, by which cars stand out more from what are none', () => {
    const asFromAside = (agent: AgentState) => {
      const { cells, ground } = standingCells(agent);
      return fromGround(detectCells(cells).detections, ground, agent.pose);
    };
    const precision = (find: (agent: AgentState) => ReturnType<typeof detectAgent>) =>
      averagePrecision(
        frames.map((frame) => {
          const uav = frame.agents.find(({ kind }) => kind === 'uav')!;
          return judgedFrame(frame, find({ ...uav, pose: uav.truePose }), uav);
        }),
        { minIou: 0.5 },
      );
    expect(precision(detectAgent)).toBeGreaterThan(precision(asFromAside) + 0.05);
  });
});
