import { parseArgs } from 'node:util';
import { requireInteger } from '../../../lib/base/index.js';
import { useEngine } from '../../../lib/engine/index.js';
import { Rng } from '../../../lib/math/index.js';
import {
  averagePrecision,
  averagePrecisionDifference,
  earlySharing,
  lateSharing,
  noSharing,
  type PillarDetector,
  pillarAlone,
  pillarCosdh,
  pillarDetector,
  pillarEarly,
  pillarFeatures,
  pillarLate,
  pillarLately,
  pillarWhere2comm,
  type SharingStrategy,
} from '../../../lib/v2x/index.js';
import { framesOf, type Shared, sharedBy } from './pillar-sharing.js';

type Rows = readonly (readonly [name: string, strategy: () => SharingStrategy])[];

/** A second, until messages arrive and tracks have grown. */
const WARM_UP_FRAMES = 10;

/** What the pillar network reaches by each way to share, beside the training-free detector, on the same frames. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      every: { type: 'string', default: '3' },
      weights: { type: 'string' },
      least: { type: 'string', default: '0.3' },
      budgets: { type: 'string', default: '500,1000,2000,4000' },
      ages: { type: 'string', default: '0,100,200,400' },
    },
  });
  const whole = (name: 'seeds' | 'budgets' | 'ages') =>
    (values[name] === '' ? [] : values[name].split(',')).map((text) =>
      requireInteger(name, Number(text), 0, 1e6),
    );
  await useEngine('onnx', { threads: 1 });
  const detector = pillarDetector(values.weights === undefined ? {} : { weights: values.weights });
  const scenes = framesOf(whole('seeds'), requireInteger('every', Number(values.every), 1, 60));
  shareTable([...waysToShare(detector, values.least.split(',').map(Number)), ...trainingFree], scenes);
  if (whole('budgets').length > 0) budgetTable(detector, whole('budgets'), scenes);
  if (whole('ages').length > 0) ageTable(detector, whole('ages'), framesOf(whole('seeds'), 1));
  detector.dispose();
}

function waysToShare(detector: PillarDetector, least: readonly number[]): Rows {
  return [
    ['early', () => pillarEarly(detector)],
    ['none', () => pillarAlone(detector)],
    ...least.flatMap(
      (leastShared): Rows => [
        [`late, boxes from ${leastShared}`, () => pillarLate(detector, { leastShared })],
        [`lately, boxes from ${leastShared}`, () => pillarLately(detector, { leastShared })],
      ],
    ),
    ...(['maximum', 'attention'] as const).flatMap(
      (fusion): Rows => [
        [`features, all cells, ${fusion}`, () => pillarFeatures(detector, { fusion, leastConfidence: 0 })],
        ...[0.05, 0.2].flatMap(
          (leastConfidence): Rows => [
            [
              `features, confidence from ${leastConfidence}, ${fusion}`,
              () => pillarFeatures(detector, { fusion, leastConfidence }),
            ],
            [
              `Where2comm with its request, from ${leastConfidence}, ${fusion}`,
              () => pillarWhere2comm(detector, { fusion, leastConfidence }),
            ],
          ],
        ),
      ],
    ),
    ['supply and demand masks, from 0.05, maximum', () => pillarFeatures(detector, { request: 'points' })],
    ['CoSDH: masks and boxes, maximum', () => pillarCosdh(detector, { fusion: 'maximum' })],
    ['CoSDH: masks and boxes, attention', () => pillarCosdh(detector)],
  ];
}

const trainingFree: Rows = [
  ['none, training-free', () => noSharing()],
  ['late, training-free', () => lateSharing()],
  ['early, training-free', () => earlySharing()],
];

function shareTable(rows: Rows, scenes: Parameters<typeof sharedBy>[1]): void {
  let early: Shared | undefined;
  print(['sharing', 'AP@0.5', 'AP@0.7', 'over early, 95 % interval', 'bytes/frame'], true);
  for (const [name, strategy] of rows) {
    const shared = sharedBy(strategy, scenes);
    early ??= shared;
    const { frames, bytesPerFrame } = shared;
    const [half, most] = [0.5, 0.7].map((minIou) => averagePrecision(frames, { minIou }).toFixed(3));
    const whole = averagePrecision(early.frames, { minIou: 0.5 });
    const { value, ci95 } = averagePrecisionDifference(frames, early.frames, { minIou: 0.5 }, Rng.of(name));
    const ratio = [value, ...ci95].map((difference) => (1 + difference / whole).toFixed(3));
    print([name, half!, most!, `${ratio[0]} (${ratio[1]} to ${ratio[2]})`, bytesPerFrame.toFixed(0)]);
  }
}

/** AP@0.5 (and bytes of a frame) where every message has at most so many bytes. */
function budgetTable(
  detector: PillarDetector,
  budgets: readonly number[],
  scenes: Parameters<typeof sharedBy>[1],
): void {
  const least = { leastConfidence: 0.01 };
  const rows: [string, (maxBytes: number) => SharingStrategy][] = [
    ['features by confidence', (maxBytes) => pillarFeatures(detector, { ...least, maxBytes })],
    ['Where2comm with its request', (maxBytes) => pillarWhere2comm(detector, { ...least, maxBytes })],
    [
      'supply and demand masks, attention',
      (maxBytes) => pillarFeatures(detector, { ...least, fusion: 'attention', maxBytes, request: 'points' }),
    ],
    ['CoSDH: masks and boxes, attention', (maxBytes) => pillarCosdh(detector, { ...least, maxBytes })],
  ];
  print(['at most so many bytes a message', ...budgets.map(String)], true);
  for (const [name, strategy] of rows) {
    const cells = budgets.map((maxBytes) => {
      const { frames, bytesPerFrame } = sharedBy(() => strategy(maxBytes), scenes);
      return `${averagePrecision(frames, { minIou: 0.5 }).toFixed(3)} (${bytesPerFrame.toFixed(0)})`;
    });
    print([name, ...cells]);
  }
}

/** AP@0.5 by the age of messages, on all frames of the scenes but the first second. */
function ageTable(
  detector: PillarDetector,
  agesMs: readonly number[],
  scenes: Parameters<typeof sharedBy>[1],
): void {
  const rows: Rows = [
    ['early', () => pillarEarly(detector)],
    ['late', () => pillarLate(detector)],
    ['late, moved by flow', () => pillarLate(detector, { motion: 'flow' })],
    ['lately', () => pillarLately(detector)],
    ['lately, moved by tracks', () => pillarLately(detector, { motion: 'tracks' })],
    ['lately, moved by flow', () => pillarLately(detector, { motion: 'flow' })],
  ];
  print(['age of messages', ...agesMs.map((age) => `${age} ms`), 'bytes/frame'], true);
  for (const [name, strategy] of rows) {
    const shared = agesMs.map((age) =>
      sharedBy(strategy, scenes, { delaySec: age / 1000, warmUpFrames: WARM_UP_FRAMES }),
    );
    const found = shared.map(({ frames }) => averagePrecision(frames, { minIou: 0.5 }).toFixed(3));
    print([name, ...found, shared[0]!.bytesPerFrame.toFixed(0)]);
  }
}

function print(cells: readonly string[], head = false): void {
  if (head) console.log('');
  console.log(`| ${cells.join(' | ')} |`);
  if (head) console.log(`| --- |${' ---: |'.repeat(cells.length - 1)}`);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
