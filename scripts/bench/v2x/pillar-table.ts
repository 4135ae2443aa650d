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
  pillarAlone,
  pillarDetector,
  pillarEarly,
  pillarFeatures,
  pillarLate,
  pillarLately,
  type SharingStrategy,
} from '../../../lib/v2x/index.js';
import { framesOf, sharedBy } from './pillar-sharing.js';

/** What the pillar network reaches by each way to share, beside the training-free detector, on the same frames. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      every: { type: 'string', default: '3' },
      weights: { type: 'string' },
      least: { type: 'string', default: '0.3' },
    },
  });
  const seeds = values.seeds.split(',').map((seed) => requireInteger('seeds', Number(seed), 0, 1e6));
  const scenes = framesOf(seeds, requireInteger('every', Number(values.every), 1, 60));
  const least = values.least.split(',').map(Number);
  await useEngine('onnx', { threads: 1 });
  const detector = pillarDetector(values.weights === undefined ? {} : { weights: values.weights });
  const strategies: [string, () => SharingStrategy][] = [
    ['early', () => pillarEarly(detector)],
    ['none', () => pillarAlone(detector)],
    ...least.flatMap((leastShared): [string, () => SharingStrategy][] => [
      [`late, boxes from ${leastShared}`, () => pillarLate(detector, { leastShared })],
      [`lately, boxes from ${leastShared}`, () => pillarLately(detector, { leastShared })],
    ]),
    ['features, all cells', () => pillarFeatures(detector, { leastConfidence: 0 })],
    ['features, confidence from 0.05', () => pillarFeatures(detector)],
    ['features, confidence from 0.2', () => pillarFeatures(detector, { leastConfidence: 0.2 })],
    ['none, training-free', () => noSharing()],
    ['late, training-free', () => lateSharing()],
    ['early, training-free', () => earlySharing()],
  ];
  const early = sharedBy(strategies[0]![1], scenes);
  console.log('| sharing | AP@0.5 | AP@0.7 | over early, 95 % interval | bytes/frame |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, strategy] of strategies) {
    const { frames, bytesPerFrame } = sharedBy(strategy, scenes);
    const [half, most] = [0.5, 0.7].map((minIou) => averagePrecision(frames, { minIou }).toFixed(3));
    const whole = averagePrecision(early.frames, { minIou: 0.5 });
    const { value, ci95 } = averagePrecisionDifference(frames, early.frames, { minIou: 0.5 }, Rng.of(name));
    const ratio = [value, ...ci95].map((difference) => (1 + difference / whole).toFixed(3));
    console.log(
      `| ${name} | ${half} | ${most} | ${ratio[0]} (${ratio[1]} to ${ratio[2]}) | ${bytesPerFrame.toFixed(0)} |`,
    );
  }
  detector.dispose();
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
