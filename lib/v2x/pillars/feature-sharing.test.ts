import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { decodeMessage, encodeMessage } from '../message/index.js';
import { crossing } from '../scene/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { cellAt, cellWorth, enoughPoints, mostWorth } from './cell-choice.js';
import { detectorOf, type PillarDetector } from './detector.js';
import { readFeatures } from './feature-bytes.js';
import { featureMap, sameCell } from './feature-map.js';
import { pillarCosdh, pillarFeatures, pillarWhere2comm } from './feature-sharing.js';
import { gridAbout, PILLARS } from './grid.js';
import { type Knowledge, knowledgeSection, readKnowledge } from './knowledge.js';
import { initPillars } from './network.js';
import type { FeaturePerception } from './perception.js';
import { standingPoints } from './points.js';

const { channels, featureCells } = PILLARS;
const cells = featureCells ** 2;
const header = {
  sender: 'cav0',
  timeSec: 1,
  pose: { x: 3, y: -2, z: 1.9, roll: 0, pitch: 0, yaw: 1 },
};

function drawn(seed: number): Float32Array {
  const values = new Float32Array(cells);
  Rng.of(seed).fillUniform(values, -0.5, 1);
  return values.map((value) => Math.max(0, value));
}

describe('knowledge', () => {
  const known: Knowledge = { origin: { x: 4, y: -8 }, values: drawn(1) };
  const message = encodeMessage(header, [knowledgeSection(known)]);

  it('comes back to a thirtieth, at two bytes a cell', () => {
    const back = readKnowledge(message)!;
    expect(back.origin).toEqual(known.origin);
    const levels = known.values.filter((value) => Math.round(15 * value) > 0).length;
    expect(message.length).toBe(28 + 4 + 19 + 2 * levels);
    for (let cell = 0; cell < cells; cell++)
      expect(Math.abs(back.values[cell]! - known.values[cell]!)).toBeLessThan(1 / 29.9);
  });

  it('that is damaged or cut gives nothing or sound values, never an error', () => {
    for (let at = 0; at < 400; at++) {
      const damaged = message.slice();
      damaged[at]! ^= 0xff;
      for (const bytes of [damaged, message.subarray(0, at)]) {
        const read = readKnowledge(bytes);
        expect(read?.values.every((value) => value >= 0 && value <= 1) ?? true).toBe(true);
      }
    }
  });
});

describe('the worth of cells', () => {
  const origin = { x: 0, y: 0 };
  const map = featureMap(origin, new Float32Array(cells * channels));
  const own = { map, confidence: drawn(2) } as FeaturePerception;

  it('is the widened confidence, less what the ego knows, and nothing outside of its grid', () => {
    const about = { x: 20, y: -12 };
    const known = { origin: about, values: drawn(3) };
    const supply = cellWorth(own);
    const worth = cellWorth(own, known);
    let outside = 0;
    for (let cell = 0; cell < cells; cell++) {
      const there = sameCell(about, origin, cell);
      if (there < 0) outside++;
      const doubt = there < 0 ? 0 : 1 - known.values[there]!;
      expect(worth[cell]).toBeCloseTo(doubt > 0 ? supply[cell]! * doubt : -1, 5);
      expect(supply[cell]).toBeGreaterThanOrEqual(own.confidence[cell]!);
    }
    expect(outside).toBe(50 * 50 - 40 * 44);
  });

  it('of an ego that knows nothing is the same, and of one that knows all is none', () => {
    const nothing = { origin, values: new Float32Array(cells) };
    expect(cellWorth(own, nothing)).toEqual(cellWorth(own));
    const all = { origin, values: new Float32Array(cells).fill(1) };
    expect(mostWorth(cellWorth(own, all), 0)).toEqual([]);
  });

  it('knows points enough by cell', () => {
    const values = Float32Array.from([
      ...[0.5, 0.5, 1, 0, 1.5, 1.5, 1, 0, 0.1, 1.9, 1, 0],
      ...[-0.5, 0.5, 1, 0, 70, 0, 1, 0],
    ]);
    const enough = enoughPoints(origin, { count: 5, values }, 3);
    expect(enough.reduce((sum, value) => sum + value, 0)).toBe(1);
    expect(enough[cellAt(origin, { x: 1, y: 1 })]).toBe(1);
    expect(cellAt(origin, { x: 70, y: 0 })).toBe(-1);
    expect(cellAt(origin, { x: 0, y: -50.1 })).toBe(-1);
  });
});

describe('sharing of features', () => {
  const { agents } = crossing({ rng: Rng.of(11) }).frame(0);
  const [ego, sender] = agents as [AgentState, AgentState];
  let detector: PillarDetector;
  beforeAll(async () => {
    await useEngine('onnx', { threads: 1 });
    const untrained = detectorOf(initPillars(Rng.of(3)), 0.9);
    // Two boxes about wherever it looks, as nothing was learned.
    detector = {
      ...untrained,
      detect: (map) => ({
        confidence: untrained.detect(map).confidence,
        detections: [10, 20].map((ahead) => ({
          ...{ x: map.origin.x + ahead, y: map.origin.y, z: 0.8, length: 4.5, width: 1.9, height: 1.6 },
          ...{ yaw: 0.2, score: 0.8 },
        })),
      }),
    };
  });

  const sent = (strategy: SharingStrategy) => strategy.share(sender, strategy.request?.(ego));
  const cellsOf = (bytes: Uint8Array) => readFeatures(bytes)?.map?.known?.reduce((sum, n) => sum + n, 0) ?? 0;

  it('asked by points sends no cell that the ego has points enough of, nor one outside of its grid', () => {
    const strategy = pillarCosdh(detector, { leastConfidence: 0 });
    const { map } = readFeatures(sent(strategy))!;
    const origin = gridAbout(ego.pose);
    const enough = enoughPoints(origin, standingPoints(ego), 4);
    let count = 0;
    for (let cell = 0; cell < cells; cell++) {
      const there = sameCell(origin, map!.origin, cell);
      const wanted = there >= 0 && enough[there] === 0;
      expect(map!.known![cell]).toBe(wanted ? 1 : 0);
      if (wanted) count++;
    }
    expect(count).toBeLessThan(cells);
    expect(enough.some((value) => value === 1)).toBe(true);
  });

  it('asked by confidence sends less than without', () => {
    const leastConfidence = 0.009;
    const without = cellsOf(sent(pillarFeatures(detector, { leastConfidence })));
    const asked = cellsOf(sent(pillarWhere2comm(detector, { leastConfidence })));
    expect(asked).toBeLessThan(without);
  });

  it('keeps to its bytes, boxes first, and asks for nothing where that is not worth it', () => {
    const late = { leastScore: 0, trust: 0.9 };
    for (const maxBytes of [0, 34, 60, 200, 1000, 5000]) {
      const strategy = pillarCosdh(detector, { leastConfidence: 0, late, maxBytes });
      const bytes = sent(strategy);
      expect(bytes.length).toBeLessThanOrEqual(maxBytes);
      if (maxBytes <= 200) expect(strategy.request!(ego).length).toBe(0);
      if (maxBytes === 34) expect(bytes.length).toBe(0);
      if (maxBytes === 60) expect(decodeMessage(bytes)!.boxes.length).toBe(2);
      if (maxBytes === 5000) expect(cellsOf(bytes)).toBeGreaterThan(20);
      if (maxBytes > 60) expect(decodeMessage(bytes)!.boxes.length).toBe(2);
    }
  });

  it('by attention or maximum of nothing else is what the ego finds alone; damage is left out', () => {
    for (const fusion of ['maximum', 'attention'] as const) {
      const strategy = pillarFeatures(detector, { fusion });
      const alone = strategy.fuse(ego, []);
      const cut = { from: sender.id, bytes: sent(strategy).subarray(0, 45), arrivedSec: 0 };
      expect(strategy.fuse(ego, [cut])).toEqual(alone);
    }
  });

  it('trusts boxes less whose features came too', () => {
    const late = { leastScore: 0, trust: 0.5 };
    const scoresOf = (leastConfidence: number) => {
      const strategy = pillarFeatures(detector, { leastConfidence, late });
      const silent = { ...detector, detect: () => ({ detections: [], confidence: new Float32Array(cells) }) };
      const hearing = pillarFeatures(silent, { leastConfidence, late });
      const found = hearing.fuse(ego, [{ from: sender.id, bytes: sent(strategy), arrivedSec: 0 }]);
      return found.map(({ score }) => score);
    };
    const [plain, less] = [scoresOf(1), scoresOf(0)];
    expect(plain.length).toBeGreaterThan(0);
    expect(less.length).toBe(plain.length);
    for (const [n, score] of less.entries()) expect(score).toBeCloseTo(plain[n]! / 2, 5);
  });

  it('of long ago is left out', () => {
    const late = { leastScore: 0, trust: 0.5 };
    const strategy = pillarFeatures(detector, { leastConfidence: 0, late });
    const silent = { ...detector, detect: () => ({ detections: [], confidence: new Float32Array(cells) }) };
    const hearing = pillarFeatures(silent, { leastConfidence: 0, late });
    const message = { from: sender.id, bytes: sent(strategy), arrivedSec: 0 };
    const foundAfter = (seconds: number) =>
      hearing.fuse({ ...ego, timeSec: sender.timeSec + seconds }, [message]).length;
    expect(foundAfter(1.9)).toBe(2);
    expect(foundAfter(2.1)).toBe(0);
  });

  it('of options out of range gives one line', () => {
    expect(() => pillarFeatures(detector, { late: { leastScore: 2, trust: 1 } })).toThrow(/late.leastScore/);
    expect(() => pillarCosdh(detector, { late: { leastScore: 0, trust: -1 } })).toThrow(/late.trust/);
    expect(() => pillarFeatures(detector, { leastConfidence: 2 })).toThrow(/leastConfidence/);
    expect(() => pillarFeatures(detector, { maxBytes: -1 })).toThrow(/maxBytes/);
    expect(() => pillarCosdh(detector, { enoughPoints: 0 })).toThrow(/enoughPoints/);
    expect(() => pillarFeatures(detector, { fusion: 'mean' as 'maximum' })).toThrow(/fusion/);
  });
});
