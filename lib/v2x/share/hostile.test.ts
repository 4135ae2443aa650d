import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { withinSec } from '../../base/testing.js';
import { Rng } from '../../math/index.js';
import { bevCells } from '../bev/index.js';
import { runSharing } from '../experiment/index.js';
import {
  blocksSection,
  boxesSection,
  cellSections,
  decodeMessage,
  encodeMessage,
  headerOf,
  instancesSection,
  pointsSection,
  routeSection,
} from '../message/index.js';
import { crossing } from '../scene/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import {
  allCells,
  cellSharing,
  cosdh,
  earlySharing,
  instanceSharing,
  lateSharing,
  lcv2i,
  noSharing,
  select2drive,
  where2comm,
} from './index.js';

const frame = crossing({ rng: Rng.of('hostile'), seconds: 1, lidar: { beams: 8 } }).frame(3);
const [ego, sender] = frame.agents as [AgentState, AgentState];

const strategies: Record<string, () => SharingStrategy> = {
  late: () => lateSharing(),
  'late, tracks': () => lateSharing({ motion: 'tracks' }),
  'late, flow': () => lateSharing({ motion: 'flow' }),
  early: () => earlySharing(),
  'early, small points': () => earlySharing('centimetres'),
  'all cells': allCells,
  Where2comm: () => where2comm(),
  CoSDH: () => cosdh(),
  LCV2I: () => lcv2i(),
  Select2Drive: () => select2drive({ predict: true }),
  instances: () => instanceSharing(),
  'late, registered': () => lateSharing({ register: {} }),
  'late, registered far': () => lateSharing({ register: { xyMeters: 1 } }),
  'early, registered': () => earlySharing('float32', { register: {} }),
  'CoSDH, registered': () => cosdh({ register: { xyMeters: 1 } }),
  'instances, registered': () => instanceSharing({ register: {} }),
};

/** Sections of one kind until there are so many bytes: more boxes than any scene has, as many points and cells as a dense one. */
const [FLOOD, MUCH] = [200_000, 30_000];
function many(section: (rng: Rng) => Uint8Array, least = FLOOD): Uint8Array[] {
  const rng = Rng.of('sections');
  const first = section(rng.fork(0));
  const count = Math.ceil(least / first.length);
  return Array.from({ length: count }, (_, n) => (n === 0 ? first : section(rng.fork(n))));
}

const places = (rng: Rng, count: number, reach: number): [number, number][] =>
  Array.from({ length: count }, () => [rng.uniform(-reach, reach), rng.uniform(-reach, reach)]);
const boxes = (rng: Rng) =>
  places(rng, 1000, 50).map(([x, y]) => ({
    ...{ x, y, z: 0.8, length: 4, width: 2, height: 1.6 },
    ...{ yaw: x, score: rng.uniform(), velocity: [x, y] as const },
  }));
const points = (rng: Rng, reach: number) =>
  Float32Array.from(places(rng, 1000, reach).flatMap(([x, y]) => [x, y, rng.uniform(-1.8, 0), 0.5]));
const cells = (rng: Rng, reach: number) => {
  const some = bevCells(places(rng, 64, reach).flatMap(([x, y]) => [x, y, 1]));
  return cellSections(some, [...Array(some.size).keys()])[0]!;
};

const floods: Record<string, Uint8Array[]> = {
  boxes: many((rng) => boxesSection(boxes(rng))),
  'moving boxes': many((rng) => boxesSection(boxes(rng), true)),
  instances: many((rng) =>
    instancesSection(boxes(rng).map((box) => ({ ...box, deviation: [0, rng.uniform()] }))),
  ),
  points: many((rng) => pointsSection({ count: 1000, points: points(rng, 60) }, 'float32'), MUCH),
  'points far away': many(
    (rng) => pointsSection({ count: 1000, points: points(rng, 9000) }, 'float32'),
    MUCH,
  ),
  cells: many((rng) => cells(rng, 50), MUCH),
  'cells far away': many((rng) => cells(rng, 10_000), MUCH),
  blocks: many((rng) =>
    blocksSection({ side: 1, places: places(rng, 1000, 127).map(([x, y]) => [x | 0, y | 0]) }),
  ),
  routes: many((rng) => routeSection(places(rng, 255, 50))),
};

describe('a flood', () => {
  it.each(Object.entries(floods))(
    'of %s is dealt with, as what is told and as what is asked',
    (_, sections) => {
      const bytes = encodeMessage(headerOf(sender), sections);
      const message = { from: sender.id, bytes, arrivedSec: frame.timeSec };
      for (const make of Object.values(strategies)) {
        const strategy = make();
        for (const box of strategy.fuse(ego, [message]))
          expect(Object.values(box).flat().every(Number.isFinite)).toBe(true);
        strategy.share(sender, bytes);
      }
    },
    20_000,
  );
});

it('as many cells as there is room for cost no more than a busy frame', () => {
  const { cells: parts } = decodeMessage(
    encodeMessage(
      headerOf(sender),
      many((rng) => cells(rng, 200)),
    ),
  )!;
  expect(parts.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(4096);
  const sections = many((rng) => cells(rng, 50), 300_000);
  const message = { from: sender.id, bytes: encodeMessage(headerOf(sender), sections), arrivedSec: 1 };
  const strategy = allCells();
  strategy.fuse(ego, [message]);
  // 0.1 s on an idle core.
  withinSec(1, () => strategy.fuse(ego, [message]));
});

it('a flood of instances pushes out nothing that the ego found, nor what others tell', () => {
  const alone = instanceSharing().fuse(ego, []);
  const sure = (rng: Rng) => boxes(rng).map((box) => ({ ...box, score: 1, deviation: [9, 9] as const }));
  const beside = alone.flatMap((box) =>
    [0.3, -0.3].map((off) => ({ ...box, x: box.x + off, y: box.y + off })),
  );
  const over = beside.map((box) => ({
    ...box,
    score: 1,
    velocity: [0, 0] as const,
    deviation: [9, 9] as const,
  }));
  for (const told of [sure(Rng.of(1)), over]) {
    const header = { ...headerOf(sender), pose: ego.pose };
    const bytes = encodeMessage(header, [instancesSection(told)]);
    const flood = { from: sender.id, bytes, arrivedSec: frame.timeSec };
    const found = instanceSharing().fuse(ego, [flood]);
    // Of two that disagree the surer stays, so a box may move, by its own size at most.
    const near = (list: typeof alone) => (box: (typeof alone)[number]) =>
      list.some(({ x, y }) => Math.hypot(x - box.x, y - box.y) <= Math.hypot(box.length, box.width));
    expect(alone.filter(near(found))).toHaveLength(alone.length);
    expect(found.length).toBeLessThanOrEqual(100);
    const few = instanceSharing({ slots: 8 });
    const kept = few.fuse(ego, [flood, { ...flood, from: 'another' }]);
    expect(kept.length).toBeLessThanOrEqual(8);
    expect(alone.slice(0, 6).every(near(kept))).toBe(true);
  }
});

describe('a header', () => {
  const [far, later] = [21_000_000, 1e300];
  it.each([
    [
      'at the other end of the world',
      { ...headerOf(sender), pose: { ...sender.pose, x: far, y: -far, z: far } },
    ],
    ['upside down', { ...headerOf(sender), pose: { ...sender.pose, roll: Math.PI, pitch: 1.5 } }],
    ['of the end of time', { ...headerOf(sender), timeSec: later }],
    ['of the beginning of time', { ...headerOf(sender), timeSec: -later }],
  ])('%s does no harm', (_, header) => {
    const own = headerOf(sender);
    for (const make of Object.values(strategies)) {
      const strategy = make();
      const sound = strategy.share(sender, strategy.request?.(ego));
      const bytes = encodeMessage(header, [sound.subarray(encodeMessage(own, []).length)]);
      const found = strategy.fuse(ego, [{ from: sender.id, bytes, arrivedSec: frame.timeSec }]);
      for (const box of found) expect(Object.values(box).flat().every(Number.isFinite)).toBe(true);
      strategy.share(sender, bytes);
    }
  });
});

it('instances whose place is said to be exact are not believed to be', () => {
  const at = { ...headerOf(sender), pose: ego.pose };
  const told = noSharing()
    .fuse(ego, [])
    .map((box) => ({ ...box, velocity: [0, 0] as const, deviation: [0, 0] as const }));
  const bytes = encodeMessage(at, [instancesSection(told)]);
  const found = instanceSharing().fuse(ego, [{ from: sender.id, bytes, arrivedSec: frame.timeSec }]);
  expect(found.length).toBeGreaterThan(3);
  for (const box of found) expect(Object.values(box).flat().every(Number.isFinite)).toBe(true);
});

describe('an option out of range', () => {
  const wrong = 'wrong' as never;
  const refused: Record<string, () => unknown> = {
    'late, motion': () => lateSharing({ motion: wrong }),
    'late, bytes': () => lateSharing({ maxBytes: -1 }),
    'early, format': () => earlySharing(wrong),
    'Where2comm, choice': () => where2comm({ choice: wrong }),
    'Where2comm, share': () => where2comm({ share: 1.1 }),
    'Where2comm, bytes': () => where2comm({ maxBytes: Number.NaN }),
    'CoSDH, confidence': () => cosdh({ leastConfidence: -0.1 }),
    'CoSDH, points': () => cosdh({ demandPoints: 0 }),
    'CoSDH, side': () => cosdh({ demandSide: 17 }),
    'CoSDH, trust': () => cosdh({ trust: Number.NaN }),
    'CoSDH, bytes': () => cosdh({ maxBytes: -5 }),
    'LCV2I, by': () => lcv2i({ by: wrong }),
    'LCV2I, bytes': () => lcv2i({ maxBytes: wrong }),
    'Select2Drive, share': () => select2drive({ share: Number.NaN }),
    'Select2Drive, radius': () => select2drive({ radiusMeters: 0 }),
    'instances, motion': () => instanceSharing({ motion: wrong }),
    'instances, slots': () => instanceSharing({ slots: 0 }),
    'cells, number': () => cellSharing({ name: 'x', worth: () => [], maxCells: -1 }),
    'cells, late': () => cellSharing({ name: 'x', worth: () => [], late: { leastScore: 2, trust: 1 } }),
    'run, warm-up': () => runSharing([frame], { strategy: lateSharing(), warmUpFrames: 0.5 }),
    'run, patience': () => runSharing([frame], { strategy: lateSharing(), patienceSec: -1 }),
    'run, no agent': () => runSharing([{ ...frame, agents: [] }], { strategy: lateSharing() }),
  };
  it.each(Object.entries(refused))('%s is refused in one line', (_, make) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(/^[^\n]*allowed: [^\n]*$/);
  });
});
