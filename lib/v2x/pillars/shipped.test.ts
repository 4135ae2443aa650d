import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { disposeTree, encodeSafetensors, shippedWeights, snapshot } from '../../nn/index.js';
import { averagePrecision, type JudgedFrame, judgedFrame } from '../evaluate/index.js';
import { crossing } from '../scene/index.js';
import { earlySharing } from '../share/index.js';
import type { Frame, SharingStrategy } from '../types.js';
import { loadPillars, type PillarDetector, pillarDetector } from './detector.js';
import { pillarFeatures } from './feature-sharing.js';
import { initPillars } from './network.js';
import { pillarAlone, pillarEarly, pillarLate, pillarLately } from './sharing.js';
import { withinPillarRange } from './views.js';

const path = shippedWeights('pillars');
const absent = !existsSync(path);

describe.skipIf(absent)(
  `shipped weights of the pillar network${absent ? `: skipped, no ${path}` : ''}`,
  () => {
    let detector: PillarDetector;
    let frames: Frame[];
    beforeAll(async () => {
      await useEngine('onnx', { threads: 1 });
      detector = pillarDetector();
      frames = [104, 105, 106, 107].flatMap((seed) => {
        const scene = crossing({ rng: Rng.of(seed) });
        return [10, 40].map((index) => scene.frame(index));
      });
    });

    function precision(strategy: SharingStrategy): number {
      const judged = frames.map((frame): JudgedFrame => {
        const [ego, ...others] = frame.agents;
        const messages = others.map((sender) => {
          return { from: sender.id, bytes: strategy.share(sender), arrivedSec: frame.timeSec };
        });
        return withinPillarRange(judgedFrame(frame, strategy.fuse(ego!, messages)), ego!);
      });
      return averagePrecision(judged, { minIou: 0.5 });
    }

    it('find more in merged clouds than the detector without training does', () => {
      const merged = precision(pillarEarly(detector));
      expect(merged).toBeGreaterThan(0.88);
      expect(merged).toBeGreaterThan(precision(earlySharing()));
    });

    it('gain by boxes of others, and as points nearly what whole clouds give', () => {
      const alone = precision(pillarAlone(detector));
      const merged = precision(pillarEarly(detector));
      for (const strategy of [pillarLate(detector), pillarLately(detector)]) {
        const shared = precision(strategy);
        expect(shared, strategy.name).toBeGreaterThan(alone + 0.15);
        expect(shared, strategy.name).toBeGreaterThan(0.9 * merged);
      }
    });

    it('gain as much by features, fused either way', () => {
      const alone = precision(pillarAlone(detector));
      const merged = precision(pillarEarly(detector));
      for (const fusion of ['maximum', 'attention'] as const) {
        const shared = precision(pillarFeatures(detector, { fusion }));
        expect(shared, fusion).toBeGreaterThan(alone + 0.15);
        expect(shared, fusion).toBeGreaterThan(0.9 * merged);
      }
    });
  },
);

describe('weights of the pillar network', () => {
  beforeAll(() => useEngine('wasm'));

  it('come back from bytes', async () => {
    const params = initPillars(Rng.of(4));
    const values = await snapshot(params);
    const loaded = loadPillars(encodeSafetensors(values));
    expect(await snapshot(loaded)).toEqual(values);
    disposeTree(params);
    disposeTree(loaded);
  });

  it('that are of another network, cut or no file give one line', async () => {
    const params = initPillars(Rng.of(4));
    const values = await snapshot(params);
    disposeTree(params);
    const sound = encodeSafetensors(values);
    const renamed = new Map([...values].map(([name, data]) => [name.replace('neck', 'nose'), data]));
    const [first, one] = [...values][0]!;
    const broken = new Map(values).set(first, { ...one, data: one.data.map(() => Number.NaN) });
    const hostile: [string | Uint8Array, RegExp][] = [
      [encodeSafetensors(broken), /value 0 of .* is NaN; allowed: finite numbers/],
      [encodeSafetensors(renamed), /no tensor neck\.weight/],
      [sound.subarray(0, sound.length - 1), /pillars/],
      [new Uint8Array(9), /pillars: the header claims 0 bytes/],
      ['/nowhere/pillars.safetensors', /nowhere/],
    ];
    for (const [source, message] of hostile) {
      const error = (() => {
        try {
          return void loadPillars(source);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).not.toContain('\n');
    }
  });

  it.skipIf(absent)('take under 200 kB', () => {
    expect(readFileSync(path).length).toBeLessThan(2e5);
  });
});
