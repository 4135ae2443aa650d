import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import type { Detection } from '../types.js';
import { tracker, velocityAlong } from './tracker.js';

const at = (x: number, y: number): Detection => ({
  ...{ x, y, z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: 0, score: 0.9 },
});

describe('velocities of tracks', () => {
  it('are exact without noise but for what is drawn to nothing', () => {
    const sightings = [0, 1, 2, 3, 4].map((n) => ({ timeSec: n / 10, x: n, y: -n / 2 }));
    const [vx, vy] = velocityAlong(sightings);
    // v^2 / (v^2 + s^2) with s = 0.25 m / sqrt(sum of squared times).
    const share = 125 / (125 + 0.25 ** 2 / 0.1);
    expect(vx).toBeCloseTo(10 * share, 9);
    expect(vy).toBeCloseTo(-5 * share, 9);
    expect(velocityAlong([{ timeSec: 1, x: 3, y: 4 }])).toEqual([0, 0]);
  });

  it('follow cars that pass each other, and leave parked ones still', () => {
    const rng = Rng.of('tracker');
    const follow = tracker();
    let last: readonly Detection[] = [];
    for (let n = 0; n < 8; n++) {
      const noise = () => rng.normal(0, 0.1);
      const cars = [at(n, noise()), at(8 - n, 3.5 + noise()), at(4 + noise(), 8 + noise())];
      last = follow(n / 10, cars);
    }
    expect(last[0]!.velocity![0]).toBeGreaterThan(8.5);
    expect(last[1]!.velocity![0]).toBeLessThan(-8.5);
    expect(Math.hypot(...last[2]!.velocity!)).toBeLessThan(0.8);
  });

  it('are unknown at first sight, and the same when asked again', () => {
    const follow = tracker();
    expect(follow(0, [at(0, 0)])[0]!.velocity).toBeUndefined();
    const second = follow(0.1, [at(1, 0), at(30, 30)]);
    expect(second[0]!.velocity).toBeDefined();
    expect(second[1]!.velocity).toBeUndefined();
    expect(follow(0.1, [])).toBe(second);
  });
});
