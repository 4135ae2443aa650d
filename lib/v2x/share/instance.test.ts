import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { averagePrecision } from '../evaluate/index.js';
import { runSharing } from '../experiment/index.js';
import { decodeMessage, INSTANCE_BYTES } from '../message/index.js';
import { crossing } from '../scene/index.js';
import { instanceSharing, lateSharing, noSharing } from './index.js';

const frames = [
  ...crossing({ rng: Rng.of(101), seconds: 1.5, cavs: 1, uav: { altitudeMeters: 25 } }).frames(),
];
const [ego, uav] = frames[5]!.agents;

describe('instance sharing', () => {
  it('tells of each thing in 18 bytes, and comes back as sent', () => {
    const bytes = instanceSharing().share(uav!);
    const { instances } = decodeMessage(bytes)!;
    expect(instances.length).toBeGreaterThan(5);
    const empty = instanceSharing().share({ ...uav!, cloud: { count: 0, points: new Float32Array(0) } });
    expect(bytes.length - empty.length).toBe(INSTANCE_BYTES * instances.length);
    for (const { deviation, velocity } of instances) {
      // No better known than the place of the UAV: 0.125 m at 25 m, in steps of 2 cm.
      expect(Math.min(...deviation)).toBeGreaterThan(0.12);
      expect(Math.hypot(...velocity)).toBeLessThan(30);
    }
  });

  it('knows a UAV by its height above the ground, wherever that lies', () => {
    const onHill = { ...uav!, pose: { ...uav!.pose, z: uav!.pose.z + 300 } };
    const [here, there] = [uav!, onHill].map(
      (agent) => decodeMessage(instanceSharing().share(agent))!.instances,
    );
    expect(there).toEqual(here);
  });

  it('finds more than the ego alone, and no less than boxes do', () => {
    const precision = (strategy: Parameters<typeof runSharing>[1]['strategy']) =>
      averagePrecision(runSharing(frames, { strategy, warmUpFrames: 5 }).frames, { minIou: 0.5 });
    const instance = precision(instanceSharing());
    expect(instance).toBeGreaterThan(precision(noSharing()) + 0.1);
    expect(instance).toBeGreaterThan(precision(lateSharing()) - 0.02);
  });

  it('lets what others saw replace the ego’s least sure when its slots are full', () => {
    const strategy = instanceSharing({ slots: 4 });
    const message = { from: 'uav', bytes: strategy.share(uav!), arrivedSec: 0.5 };
    expect(strategy.fuse(ego!, [message]).length).toBeLessThanOrEqual(4);
    expect(() => instanceSharing({ slots: 0 })).toThrow(/slots/);
  });

  it('reads what arrived of a message, and ignores what is none', () => {
    const strategy = instanceSharing();
    const bytes = strategy.share(uav!);
    const { instances } = decodeMessage(bytes.subarray(0, bytes.length - 2 * INSTANCE_BYTES))!;
    expect(instances).toHaveLength(decodeMessage(bytes)!.instances.length - 2);
    const alone = strategy.fuse(ego!, []);
    const junk = { from: 'uav', bytes: Uint8Array.from([1, 2, 3]), arrivedSec: 0.5 };
    expect(strategy.fuse(ego!, [junk])).toEqual(alone);
  });
});
