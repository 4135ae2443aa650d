import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentState, Frame, Pose, SceneObject } from '../types.js';
import { openOpv2v } from './opv2v.js';
import { expectOneLine, scratch } from './testing.js';
import { writeOpv2v } from './write-opv2v.js';

const agent = (id: string, kind: AgentState['kind'], pose: Pose, velocity: [number, number]): AgentState => ({
  ...{ id, kind, truePose: pose, pose, timeSec: 0, clockOffsetSec: 0, velocity },
  cloud: { count: 2, points: Float32Array.of(1.5, -2.25, 0.1, 1, 3, 4, -5, 100 / 255) },
  route: [
    [1, 2],
    [3, -4],
  ],
});

const object = (id: string, x: number, yaw: number): SceneObject => ({
  ...{ id, kind: 'car', x, y: 7, z: 0.75, length: 4.5, width: 1.8, height: 1.5, yaw },
  velocity: [5 * Math.cos(yaw), 5 * Math.sin(yaw)],
});

describe('scenes written as OPV2V', () => {
  const yaw = 2.5;
  const poses = {
    first: { x: 10, y: -20, z: 1.9, roll: 0.02, pitch: -0.03, yaw },
    mast: { x: -8, y: 9, z: 5, roll: 0, pitch: 0.2, yaw: -1 },
  };
  const frame: Frame = {
    index: 0,
    timeSec: 0,
    agents: [
      agent('rsu', 'rsu', poses.mast, [0, 0]),
      agent('cav1', 'vehicle', poses.first, [3 * Math.cos(yaw), 3 * Math.sin(yaw)]),
      agent('cav0', 'vehicle', { ...poses.first, x: 30 }, [0, 0]),
    ],
    objects: [object('a', 3, 1), object('cav0', 30, yaw)],
  };

  it('come back: agents and objects by their numbers, places and points', () => {
    const folder = scratch();
    const numbers = writeOpv2v(folder, 'crossing', [frame, frame]);
    expect([...numbers]).toEqual([
      ['cav1', '1001'],
      ['cav0', '1002'],
      ['rsu', '-1'],
      ['a', '5001'],
    ]);
    const data = openOpv2v(folder);
    expect(data.scenarios).toEqual([{ name: 'crossing', first: 0, frames: 2 }]);
    const back = data.readFrame(1);
    expect(back.agents.map(({ id, kind }) => [id, kind])).toEqual([
      ['1001', 'vehicle'],
      ['1002', 'vehicle'],
      ['-1', 'rsu'],
    ]);
    const [ego, , mast] = back.agents as [AgentState, AgentState, AgentState];
    for (const [found, wanted] of [
      [ego.truePose, poses.first],
      [mast.truePose, poses.mast],
    ] as const) {
      for (const axis of ['x', 'y', 'z', 'roll', 'pitch', 'yaw'] as const)
        expect(found[axis]).toBeCloseTo(wanted[axis], 8);
    }
    expect(ego.velocity[0]).toBeCloseTo(3 * Math.cos(yaw), 8);
    expect(ego.velocity[1]).toBeCloseTo(3 * Math.sin(yaw), 8);
    expect([...ego.cloud.points]).toEqual([...frame.agents[0]!.cloud.points]);
    expect(ego.route).toEqual(frame.agents[0]!.route);
    const [other, seen] = ['1002', '5001'].map((id) => back.objects.find((one) => one.id === id)!);
    expect(seen).toMatchObject({ x: 3, y: -0 + 7, length: 4.5, width: 1.8, height: 1.5 });
    expect([seen!.z, seen!.yaw, ...seen!.velocity!]).toEqual(
      [0.75, 1, 5 * Math.cos(1), 5 * Math.sin(1)].map((v) => expect.closeTo(v, 8)),
    );
    expect(other!.x).toBe(30);
  });

  it('are refused for a scenario that is no name, and a folder that cannot be written', () => {
    const folder = scratch();
    expectOneLine(() => writeOpv2v(folder, '../up', [frame]), /scenario "..\/up"; allowed: letters/);
    writeFileSync(join(folder, 'file'), '');
    expectOneLine(
      () => writeOpv2v(join(folder, 'file'), 'crossing', [frame]),
      /cannot write .*a part of the path/,
    );
  });
});
