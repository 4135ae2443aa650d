import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { encodeMessage } from '../message/index.js';
import { crossing } from '../scene/index.js';
import type { AgentState, Detection, Frame, ReceivedMessage, SharingStrategy } from '../types.js';
import { readOutputs } from './boxes.js';
import { mostWorth, widened } from './cell-choice.js';
import type { PillarDetector } from './detector.js';
import { FEATURE_CELL_BYTES, featureSection, readFeatures } from './feature-bytes.js';
import { featureMap } from './feature-map.js';
import { PILLARS } from './grid.js';
import { BOX_VALUES } from './network.js';
import type { PillarInput } from './pillars.js';
import { pillarAlone, pillarEarly, pillarLate, pillarLately } from './sharing.js';

const cells = PILLARS.featureCells ** 2;
const unit: Detection = {
  ...{ x: 12, y: 3, z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: 0.2, score: 0.8 },
};

/** A detector that finds one given box wherever it has any point, and writes down what it was given. */
function scripted(asked: PillarInput[]): PillarDetector {
  const nothing = readOutputs({ x: 0, y: 0 }, new Float32Array(cells * (1 + BOX_VALUES)).fill(-9), 0.5);
  return {
    features: ({ origin }) => featureMap(origin, new Float32Array(cells * PILLARS.channels)),
    detect: () => nothing,
    find(input) {
      asked.push(input);
      return { ...nothing, detections: [unit] };
    },
    detectAgent: () => [],
    dispose() {},
  };
}

const { agents } = crossing({ rng: Rng.of(11) }).frame(0);
const [ego, ...others] = agents as [AgentState, ...AgentState[]];
const messagesOf = (strategy: SharingStrategy): ReceivedMessage[] =>
  others.map((sender) => ({ from: sender.id, bytes: strategy.share(sender), arrivedSec: 0 }));

/** Points that the second agent has of an object. */
const hitsOf = ({ agents: all }: Frame, object: number) =>
  all[1]!.cloud.hits!.filter((hit) => hit === object).length;

describe('features as bytes', () => {
  const values = new Float32Array(cells * PILLARS.channels);
  Rng.of(1).fillUniform(values, 0, 3);
  const map = featureMap({ x: 400_004, y: -8 }, values);
  const header = { sender: 'cav1', timeSec: 2, pose: ego.pose };
  const message = encodeMessage(header, [featureSection(map, [7, 2499, 40])]);

  it('come back to a 510th of the largest, 0 where none were sent; cut short, the first come back', () => {
    expect(message.length).toBe(28 + 4 + 23 + 3 * FEATURE_CELL_BYTES);
    const back = readFeatures(message)!;
    expect(back.message.sender).toBe('cav1');
    expect(back.map!.origin).toEqual(map.origin);
    for (let at = 0; at < values.length; at++) {
      const cell = Math.floor(at / PILLARS.channels);
      const wanted = [7, 2499, 40].includes(cell) ? values[at]! : 0;
      expect(Math.abs(back.map!.values[at]! - wanted)).toBeLessThan(3 / 509);
    }
    const cut = readFeatures(message.subarray(0, message.length - 1))!.map!.values;
    expect(cut[40 * PILLARS.channels]).toBe(0);
    expect(cut[2499 * PILLARS.channels]).toBeGreaterThan(0);
  });

  it('that are damaged give nothing or a sound map, never an error', () => {
    for (let at = 0; at < message.length; at++) {
      const damaged = message.slice();
      damaged[at]! ^= 0xff;
      const read = readFeatures(damaged);
      if (read?.map)
        expect(read.map.values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      readFeatures(message.subarray(0, at));
    }
  });

  it('are chosen about confident cells, best first', () => {
    const confidence = new Float32Array(cells);
    confidence[0] = 0.3;
    confidence[1275] = 0.9;
    const chosen = mostWorth(widened(confidence), 0.2);
    expect(chosen.length).toBe(9 + 4);
    expect(chosen.slice(9)).toEqual([0, 1, 50, 51]);
    expect(mostWorth(widened(confidence), 0).length).toBe(cells);
  });
});

describe('sharing by the pillar network', () => {
  beforeAll(() => useEngine('wasm'));

  it('lately and late send the same bytes: a header, 3 bytes, 12 a box', () => {
    const detector = scripted([]);
    for (const strategy of [pillarLately(detector), pillarLate(detector)])
      for (const { from, bytes } of messagesOf(strategy))
        expect(bytes.length).toBe(28 + from.length + 3 + 12);
    const early = pillarEarly(detector);
    for (const [n, { from, bytes }] of messagesOf(early).entries())
      expect(bytes.length).toBe(28 + from.length + 5 + 16 * others[n]!.cloud.count);
    const silent = pillarLately(detector, { leastShared: 0.9 });
    for (const { from, bytes } of messagesOf(silent)) expect(bytes.length).toBe(28 + from.length + 3);
  });

  it('lately puts the boxes of others into the input, once each, where they were seen', () => {
    const asked: PillarInput[] = [];
    const lately = pillarLately(scripted(asked));
    lately.fuse(ego, messagesOf(lately));
    const { boxes, clouds } = asked.at(-1)!;
    expect(clouds.length).toBe(1);
    expect(boxes!.length).toBe(1);
    // Places are sent in centimetres, headings in 16 bits, sizes in 5 cm.
    for (const key of ['x', 'y', 'z'] as const) expect(boxes![0]![key]).toBeCloseTo(unit[key], 1);
    expect(Math.cos(boxes![0]!.yaw - unit.yaw)).toBeCloseTo(1, 6);
    expect(boxes![0]!.length).toBe(4.5);
  });

  it('lately moves boxes on by what the points in them did, for as long as a message is old', () => {
    const scene = crossing({ rng: Rng.of(11) });
    const [before, now, later] = [scene.frame(0), scene.frame(2), scene.frame(6)];
    const moving = now.objects.findIndex(
      ({ id, x, y, velocity = [0, 0] }, place) =>
        now.agents.every((agent) => agent.id !== id) &&
        Math.hypot(...velocity) > 6 &&
        Math.hypot(x, y) < 40 &&
        hitsOf(now, place) > 6 &&
        hitsOf(before, place) > 6,
    );
    const truth = now.objects[moving]!;
    const asked: PillarInput[] = [];
    const finding = {
      ...scripted(asked),
      find: (input: PillarInput) => {
        asked.push(input);
        return { detections: [{ ...truth, score: 0.9 }], confidence: new Float32Array(cells) };
      },
    };
    const senderOf = ({ agents: all }: Frame) => all[1]!;
    for (const motion of ['flow', 'none'] as const) {
      const lately = pillarLately(finding, { motion });
      lately.share(senderOf(before));
      const bytes = lately.share(senderOf(now));
      expect(bytes.length).toBe(28 + senderOf(now).id.length + 3 + (motion === 'none' ? 12 : 16));
      lately.fuse(later.agents[0]!, [{ from: senderOf(now).id, bytes, arrivedSec: later.timeSec }]);
      const [box] = asked.at(-1)!.boxes!;
      const there = later.objects.find(({ id }) => id === truth.id)!;
      const miss = Math.hypot(box!.x - there.x, box!.y - there.y);
      if (motion === 'none') expect(miss).toBeGreaterThan(2);
      else expect(miss).toBeLessThan(0.8);
    }
  });

  it('early merges the clouds of all, whose points stand where they did', () => {
    const asked: PillarInput[] = [];
    const early = pillarEarly(scripted(asked));
    early.fuse(ego, messagesOf(early));
    const merged = asked.at(-1)!.clouds;
    expect(merged.length).toBe(agents.length);
    const alone: PillarInput[] = [];
    const own = pillarAlone(scripted(alone));
    own.fuse(others[0]!, []);
    const theirs = alone[0]!.clouds[0]!;
    expect(merged[1]!.count).toBe(theirs.count);
    for (let at = 0; at < 40; at++)
      expect(Math.abs(merged[1]!.values[at]! - theirs.values[at]!)).toBeLessThan(0.03);
  });

  it('messages of over two seconds ago count for nothing', () => {
    const asked: PillarInput[] = [];
    const detector = scripted(asked);
    for (const strategy of [pillarEarly(detector), pillarLately(detector)]) {
      const messages = messagesOf(strategy);
      strategy.fuse({ ...ego, timeSec: ego.timeSec + 1.9 }, messages);
      expect(asked.at(-1)!.clouds.length + (asked.at(-1)!.boxes?.length ?? 0)).toBeGreaterThan(1);
      strategy.fuse({ ...ego, timeSec: ego.timeSec + 2.1 }, messages);
      expect(asked.at(-1)!.clouds.length + (asked.at(-1)!.boxes?.length ?? 0)).toBe(1);
    }
  });

  it('boxes come out in the frame of the ego, and damaged messages count for nothing', () => {
    const detector = scripted([]);
    const alone = pillarAlone(detector).fuse(ego, []);
    const c = Math.cos(ego.pose.yaw);
    const s = Math.sin(ego.pose.yaw);
    const [dx, dy] = [unit.x - ego.pose.x, unit.y - ego.pose.y];
    expect(alone[0]!.x).toBeCloseTo(c * dx + s * dy, 3);
    expect(alone[0]!.y).toBeCloseTo(c * dy - s * dx, 3);
    for (const strategy of [pillarLate(detector), pillarLately(detector), pillarEarly(detector)]) {
      const cut = messagesOf(strategy).map((message) => ({
        ...message,
        bytes: message.bytes.subarray(0, 20),
      }));
      const found = strategy.fuse(ego, [...cut, { from: 'x', bytes: Uint8Array.of(1, 2, 3), arrivedSec: 0 }]);
      expect(found[0]!.x).toBeCloseTo(alone[0]!.x, 6);
    }
  });
});
