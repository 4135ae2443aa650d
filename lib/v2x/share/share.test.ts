import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { bevCells } from '../bev/index.js';
import { averagePrecision } from '../evaluate/index.js';
import { gainOver, pooled, runSharing, summarised } from '../experiment/index.js';
import { frameDelayLink, pipe } from '../link/index.js';
import { boxesSection, cellSections, decodeMessage, encodeMessage, headerOf } from '../message/index.js';
import { crossing } from '../scene/index.js';
import type { SharingStrategy } from '../types.js';
import { mostWorth } from './cells.js';
import {
  allCells,
  areaOfImportance,
  confidenceMap,
  cosdh,
  earlySharing,
  lateSharing,
  lcv2i,
  MAP,
  MAP_CELLS,
  noSharing,
  select2drive,
  where2comm,
} from './index.js';

const scene = crossing({ rng: Rng.of(101), seconds: 3 });
const frames = [...scene.frames()];
const frame = frames[5]!;
const [ego, sender] = [frame.agents[0]!, frame.agents[1]!];

const strategies: (() => SharingStrategy)[] = [
  noSharing,
  lateSharing,
  () => lateSharing({ motion: 'tracks' }),
  () => lateSharing({ motion: 'flow' }),
  earlySharing,
  () => earlySharing('centimetres'),
  allCells,
  where2comm,
  () => where2comm({ choice: 'confidence' }),
  () => where2comm({ choice: 'random', share: 0.01 }),
  () => where2comm({ choice: 'random occupied', share: 0.001 }),
  cosdh,
  () => cosdh({ hybrid: false }),
  lcv2i,
  () => lcv2i({ by: 'score' }),
  () => select2drive({ predict: true }),
];

describe('every strategy', () => {
  it('finds what the ego finds where nothing, or nothing but noise, arrives', () => {
    const alone = noSharing().fuse(ego, []);
    const noise = Uint8Array.from({ length: 200 }, (_, at) => (at * 37) % 256);
    for (const make of strategies) {
      const strategy = make();
      expect(strategy.fuse(ego, [])).toEqual(alone);
      expect(strategy.fuse(ego, [{ from: 'x', bytes: noise, arrivedSec: 0 }])).toEqual(alone);
      expect(strategy.share(sender, noise).length).toBeGreaterThanOrEqual(0);
    }
  });

  it('takes damaged messages without an error, and the same messages give the same', () => {
    for (const make of strategies.slice(1)) {
      const strategy = make();
      const bytes = strategy.share(sender, strategy.request?.(ego));
      const messages = [{ from: sender.id, bytes, arrivedSec: frame.timeSec }];
      expect(make().fuse(ego, messages)).toEqual(make().fuse(ego, messages));
      fc.assert(
        fc.property(fc.nat(bytes.length), fc.nat(255), (cut, value) => {
          const damaged = bytes.slice(0, cut);
          if (cut > 40) damaged[40 + (value % (cut - 40))] = value;
          strategy.fuse(ego, [{ from: sender.id, bytes: damaged, arrivedSec: 0 }]);
        }),
        { numRuns: 5, seed: 4 },
      );
    }
  });

  it('says its own time and believed pose', () => {
    const off = { ...sender, clockOffsetSec: 0.25, pose: { ...sender.pose, x: sender.pose.x + 3 } };
    const read = decodeMessage(lateSharing().share(off))!;
    expect(read.timeSec).toBeCloseTo(sender.timeSec + 0.25, 9);
    expect(read.pose.x).toBeCloseTo(sender.pose.x + 3, 2);
  });
});

describe('budgets', () => {
  it('are kept to the byte, and to the cell', () => {
    for (const maxBytes of [100, 333, 700, 1500]) {
      for (const make of [lateSharing, where2comm, cosdh, lcv2i, select2drive]) {
        const strategy = make({ maxBytes });
        expect(strategy.share(sender, strategy.request?.(ego)).length).toBeLessThanOrEqual(maxBytes);
      }
    }
    const { cells } = decodeMessage(where2comm({ choice: 'confidence', share: 0.001 }).share(sender))!;
    expect(cells.reduce((sum, { size }) => sum + size, 0)).toBe(Math.round(0.001 * MAP_CELLS));
  });

  it('a demand mask never sends more, and nothing where the ego sees all', () => {
    const masks = cosdh({ hybrid: false });
    const supplied = cosdh({ hybrid: false, demandPoints: false }).share(sender);
    expect(masks.share(sender, masks.request!(ego)).length).toBeLessThanOrEqual(supplied.length);
    const all = cosdh({ hybrid: false, demandPoints: 1 });
    // Who asks itself has everything.
    expect(all.share(ego, all.request!(ego))).toHaveLength(0);
  });

  it('options out of range are refused', () => {
    expect(() => where2comm({ share: 2 })).toThrow('share');
    expect(() => cosdh({ demandPoints: 0 })).toThrow('demandPoints');
    expect(() => select2drive({ radiusMeters: 0 })).toThrow('radiusMeters');
  });
});

describe('a hybrid', () => {
  const car = { z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: 0 };
  const [sure, doubtful] = [
    { ...car, x: 0, y: 70, score: 0.8 },
    { ...car, x: 20, y: 70, score: 0.2 },
  ];
  const scoresAt = (sections: Uint8Array[], hybrid = cosdh()) => {
    const bytes = encodeMessage({ ...headerOf(sender), pose: ego.pose }, sections);
    const found = hybrid.fuse(ego, [{ from: sender.id, bytes, arrivedSec: frame.timeSec }]);
    return found.filter(({ y }) => y > 60).map(({ score }) => score);
  };
  /** One cell is no car. */
  const cellIn = ({ x, y }: { x: number; y: number }) => cellSections(bevCells([x + 0.1, y + 0.1, 1]), [0]);

  it('of short messages says what late fusion says, and hears as much', () => {
    for (const maxBytes of [0, 50, 100, 333, 399]) {
      const [hybrid, late] = [cosdh({ maxBytes }), lateSharing({ maxBytes })];
      expect(hybrid.request!(ego)).toHaveLength(0);
      const bytes = late.share(sender);
      expect(hybrid.share(sender)).toEqual(bytes);
      const messages = [{ from: sender.id, bytes, arrivedSec: frame.timeSec }];
      expect(hybrid.fuse(ego, messages)).toEqual(late.fuse(ego, messages));
    }
  });

  it('zeroes and discounts boxes only where their cells came too', () => {
    const close = (scores: number[]) => scores.map((score) => expect.closeTo(score, 6));
    const boxes = boxesSection([sure, doubtful]);
    expect(scoresAt([boxes])).toEqual(close([0.8, 0.2]));
    expect(scoresAt([boxes, ...cellIn(doubtful)])).toEqual(close([0.8]));
    expect(scoresAt([boxes, ...cellIn(sure)])).toEqual(close([0.64, 0.2]));
    expect(scoresAt([boxes, ...cellIn(sure)], cosdh({ trust: 0.5 }))).toEqual(close([0.4, 0.2]));
  });

  it('does not send a doubtful box beside all of its cells', () => {
    const count = (strategy: SharingStrategy) => decodeMessage(strategy.share(sender))!.boxes;
    const [all, told] = [count(lateSharing()), count(cosdh())];
    expect(told).toEqual(all.filter(({ score }) => score >= 0.3));
    expect(told.length).toBeLessThan(all.length);
  });

  it('sends cars whole or not at all', () => {
    const cells = bevCells(Array.from({ length: 60 }, (_, at) => [at, 0.1, 1]).flat());
    const worths = fc.array(fc.nat(5), { minLength: cells.size, maxLength: cells.size });
    fc.assert(
      fc.property(worths, fc.nat(70), (worth, most) => {
        const taken = new Set(mostWorth(cells, worth, most, true));
        expect(taken.size).toBeLessThanOrEqual(most);
        for (const group of new Set(worth)) {
          const members = [...worth.keys()].filter((cell) => worth[cell] === group);
          const sent = members.filter((cell) => taken.has(cell)).length;
          expect([0, group > 0 ? members.length : 0]).toContain(sent);
        }
      }),
      { numRuns: 50, seed: 5 },
    );
    expect(mostWorth(cells, [3, 1, 3, 2, 2, 1], 3, true)).toEqual([0, 2]);
    expect(mostWorth(cells, [3, 1, 3, 2, 2], 3, true)).toEqual([0, 2, 1]);
  });
});

describe('maps', () => {
  const box = { x: 10, y: -4, z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: 0.6, score: 0.8 };

  it('confidence is the score within a box, times what the kernel adds up to, and nothing far away', () => {
    const map = confidenceMap([box]);
    const at = (x: number, y: number) =>
      map[(Math.floor(y / 0.4) + MAP.rows / 2) * MAP.columns + Math.floor(x / 0.4) + MAP.columns / 2]!;
    let kernel = 0;
    for (let i = -2; i <= 2; i++)
      for (let j = -2; j <= 2; j++) kernel += Math.exp(-(i * i + j * j) / 2) / (2 * Math.PI);
    expect(at(10, -4)).toBeCloseTo(0.8 * kernel, 5);
    expect(at(10, -9)).toBe(0);
    const total = map.reduce((sum, value) => sum + value, 0) * 0.4 ** 2;
    expect(total / (0.8 * kernel)).toBeGreaterThan(0.9 * (4.5 + 0.8) * (1.9 + 0.8));
    expect(total / (0.8 * kernel)).toBeLessThan(1.1 * (4.5 + 0.8) * (1.9 + 0.8));
  });

  it('the area of importance is clipped as stated, saturates on the route and is level without one', () => {
    const area = areaOfImportance(
      [
        [10, 0],
        [12, 0],
      ],
      3,
    );
    const { least, most } = area.reduce(
      (ends, value) => ({ least: Math.min(ends.least, value), most: Math.max(ends.most, value) }),
      { least: 1, most: 0 },
    );
    expect(least).toBeCloseTo(1e-4, 9);
    expect(most).toBeCloseTo(1 - 1e-4, 6);
    // g falls to a fifth where 5 g / max g reaches 1: at sigma sqrt(2 ln 5), sigma = 6.4 / 6.
    const reach = (6.4 / 6) * Math.sqrt(2 * Math.log(5));
    const above = (y: number) => area[(Math.floor(y / 0.4) + 128) * 256 + Math.floor(12 / 0.4) + 128]!;
    expect(above(reach - 0.5)).toBeGreaterThan(0.99);
    expect(above(reach + 0.7)).toBeLessThan(0.9);
    expect(new Set(areaOfImportance([], 3)).size).toBe(1);
  });
});

describe('over a link', () => {
  const drive = (strategy: SharingStrategy, delaySec = 0) =>
    runSharing(frames, {
      strategy,
      link: frameDelayLink({ model: { kind: 'constant', delaySec }, rng: Rng.of(1) }),
      warmUpFrames: 10,
    });

  it('sharing helps much, latency hurts, and motion mends most of it', () => {
    const [none, late] = [drive(noSharing()), drive(lateSharing())];
    const gain = gainOver(late, none, Rng.of('test'));
    expect(gain.value).toBeGreaterThan(0.15);
    expect(gain.ci95[0]).toBeGreaterThan(0.1);
    const precision = (result: typeof none) => averagePrecision(result.frames, { minIou: 0.5 });
    const stale = precision(drive(lateSharing(), 0.4));
    expect(stale).toBeLessThan(0.6 * precision(late));
    for (const motion of ['tracks', 'flow'] as const)
      expect(precision(drive(lateSharing({ motion }), 0.4))).toBeGreaterThan(0.85 * precision(late));
    expect(precision(drive(select2drive({ radiusMeters: 20, predict: true }), 0.4))).toBeGreaterThan(
      stale + 0.3,
    );
  });

  it('bytes are those of the messages, and latency that of the link', () => {
    const strategy = where2comm({ share: 0.001 });
    const result = runSharing(frames.slice(0, 3), {
      strategy,
      link: pipe({ rateMbps: 10 }),
      patienceSec: 0.09,
    });
    const expected = frames.slice(0, 3).map(({ agents: [first, ...others] }) => {
      const request = strategy.request!(first!);
      return [request.length, ...others.map((one) => strategy.share(one, request).length)];
    });
    expect(result.requestBytes).toBe(expected.reduce((sum, [request]) => sum + request!, 0));
    expect(result.sharedBytes + result.requestBytes).toBe(
      expected.flat().reduce((sum, bytes) => sum + bytes, 0),
    );
    const summary = summarised(result, Rng.of('test'));
    expect(summary.latencySec).toBeCloseTo((8 * result.sharedBytes) / 1e7 / result.arrivals, 9);
    expect(summary.bytesPerFrame).toBeCloseTo((result.requestBytes + result.sharedBytes) / 3, 9);
    expect(pooled([result, result]).frames).toHaveLength(6);
    expect(() => pooled([])).toThrow('no result');
  });
});

describe('thresholds', () => {
  const cellsIn = (bytes: Uint8Array) => decodeMessage(bytes)!.cells.reduce((sum, { size }) => sum + size, 0);

  it('of supply: the lower, the more cells', () => {
    const counts = [0, 0.0101, 0.3].map((leastConfidence) =>
      cellsIn(cosdh({ leastConfidence, hybrid: false, demandPoints: false }).share(sender)),
    );
    for (const [n, count] of counts.slice(1).entries()) expect(count).toBeLessThan(counts[n]!);
  });

  it('of Where2comm at 0: every occupied cell where all fit, and the same first ones where they do not', () => {
    const request = where2comm().request!(ego);
    const share = (options: object) => where2comm(options).share(sender, request);
    expect(cellsIn(share({ leastConfidence: 0 }))).toBe(cellsIn(allCells().share(sender)));
    expect(cellsIn(share({}))).toBeLessThan(cellsIn(share({ leastConfidence: 0 })));
    expect(share({ leastConfidence: 0, maxBytes: 800 })).toEqual(share({ maxBytes: 800 }));
    expect(() => where2comm({ leastConfidence: 2 })).toThrow(
      'leastConfidence is 2; allowed: a number from 0 to 1',
    );
  });
});
