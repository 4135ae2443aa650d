import { Rng } from '../../../lib/math/index.js';
import {
  allCells,
  averagePrecision,
  cosdh,
  crossing,
  earlySharing,
  lateSharing,
  lcv2i,
  noSharing,
  runSharing,
  type SharingStrategy,
  select2drive,
  where2comm,
} from '../../../lib/v2x/index.js';
import { type Section, table } from '../section.js';
import { processorMs } from './processor.js';

const strategies: (() => SharingStrategy)[] = [
  noSharing,
  () => lateSharing(),
  () => lateSharing({ motion: 'tracks' }),
  () => lateSharing({ motion: 'flow' }),
  () => earlySharing(),
  allCells,
  () => where2comm({ share: 0.002 }),
  () => cosdh(),
  () => lcv2i(),
  () => select2drive({ predict: true }),
];

/**
 * Every strategy over 60 frames from nothing: traffic, ray casting, messages, fusion, detection, average precision. Nothing is kept
 * from one strategy to the next. No peer runs these scenes.
 */
export const strategiesSection: Section = {
  title: 'a strategy over 60 frames (16 beams, 3 vehicles)',
  async run() {
    return table(
      ['strategy', 'seconds', 'processor seconds', 'AP@0.5', 'bytes a frame'],
      strategies.map(evaluated),
    );
  },
};

function evaluated(strategy: () => SharingStrategy): string[] {
  let row: string[] = [];
  const start = performance.now();
  const processorSec =
    processorMs(1, () => {
      const frames = [...crossing({ rng: Rng.of(1) }).frames()];
      const found = runSharing(frames, { strategy: strategy() });
      const accuracy = averagePrecision(found.frames, { minIou: 0.5 });
      const bytes = (found.requestBytes + found.sharedBytes) / found.frames.length;
      row = [found.name, accuracy.toFixed(3), bytes.toFixed(0)];
    }) / 1000;
  const [name, accuracy, bytes] = row as [string, string, string];
  return [name, ((performance.now() - start) / 1000).toFixed(1), processorSec.toFixed(1), accuracy, bytes];
}
