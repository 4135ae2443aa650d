import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { readCsiNpz } from './esp32.js';
import { crossDeviceMotion, fitMotionThreshold, type MotionFeature, motionFeatures } from './motion.js';
import { sharedCsi } from './testing.js';

/** Amplitudes 10 + noise of the given deviation, times a gain. */
function recording(deviation: number, gain: (packet: number) => number, seed: number) {
  const rng = Rng.of(seed);
  const values = new Float32Array(2 * 400 * 16);
  for (let packet = 0; packet < 400; packet++) {
    for (let k = 0; k < 16; k++) {
      values[2 * (packet * 16 + k)] = gain(packet) * (10 + rng.normal(0, deviation));
    }
  }
  return { packets: 400, links: 1, subcarriers: 16, values };
}

describe('motion features', () => {
  it('are the deviation of the amplitude over time', () => {
    const features = motionFeatures(
      recording(0.5, () => 1, 1),
      'raw',
    );
    expect(features.length).toBe(4);
    // 16 deviations of 100 samples: standard error 0.5 / sqrt(2 · 100 · 16) = 0.009.
    for (const feature of features) expect(Math.abs(feature - 0.5)).toBeLessThan(0.035);
  });

  it('normalised do not depend on a gain that jumps, raw ones do', () => {
    const jumps = (packet: number) => (packet % 2 ? 1 : 3);
    const [steady, jumping] = [recording(0.5, () => 1, 1), recording(0.5, jumps, 1)];
    const by = (feature: MotionFeature) =>
      motionFeatures(jumping, feature)[0]! / motionFeatures(steady, feature)[0]!;
    expect(by('gain-normalised')).toBeCloseTo(1, 5);
    expect(by('raw')).toBeGreaterThan(10);
  });

  it('a threshold separates what can be separated, and devices are judged by the others', () => {
    const window = (device: string, moving: boolean, feature: number) => ({ device, moving, feature });
    const a = [window('a', false, 1), window('a', false, 2), window('a', true, 4), window('a', true, 5)];
    expect(fitMotionThreshold(a)).toBe(3);
    const b = a.map(({ moving, feature }) => window('b', moving, feature + 2));
    expect(crossDeviceMotion([...a, ...b])).toEqual([
      { device: 'a', correct: 2, windows: 4 },
      { device: 'b', correct: 3, windows: 4 },
    ]);
    expect(() => fitMotionThreshold([])).toThrow('0 windows');
    expect(() => crossDeviceMotion(a)).toThrow('windows of 1 devices; allowed: 2 or more');
  });
});

const folder = sharedCsi('espectre_npz');
describe.skipIf(!folder)('motion across five chips (skipped where ../shared/data is absent)', () => {
  it.each([
    ['raw', [0.98, 0.89, 0.755, 0.51, 0.935]],
    ['gain-normalised', [0.9, 0.91, 0.62, 0.95, 0.7]],
  ] as const)('%s: accuracy on each chip by a threshold of the others', (feature, expected) => {
    const names = readdirSync(folder!).filter((name) => /^(baseline|movement)_.*npz$/.test(name));
    const windows = names.flatMap((name) =>
      motionFeatures(readCsiNpz(join(folder!, name)), feature).map((value) => ({
        device: name.split('_')[1]!,
        moving: name.startsWith('movement'),
        feature: value,
      })),
    );
    expect(windows.length).toBe(226);
    crossDeviceMotion(windows).forEach(({ correct, windows: count }, index) => {
      expect(Math.abs(correct / count - expected[index]!)).toBeLessThan(0.006);
    });
  });
});
