import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireInteger, requireRange, writeFileAtomic } from '../../lib/base/index.js';
import { useEngine } from '../../lib/engine/index.js';
import { encodeSafetensors, snapshot } from '../../lib/nn/index.js';
import {
  detectorOf,
  loadPillars,
  type PillarParameters,
  startPillars,
  trainingFrames,
  trainPillars,
} from '../../lib/v2x/index.js';

/**
 * Trains the pillar network as the weights that ship were trained: `npx tsx --conditions=@semwave/source
 * scripts/v2x/train-pillars.ts`. First from scratch, with imagined boxes as what others share; then on with the boxes that
 * the network of the first stage finds. Goes on from its checkpoints when interrupted. About 40 minutes on one core that does nothing else.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'runs/pillars' },
      scenes: { type: 'string', default: '400' },
      steps: { type: 'string', default: '2500' },
      polish: { type: 'string', default: '4500' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: '1' },
    },
  });
  const number = (name: 'scenes' | 'steps' | 'polish' | 'seed' | 'threads', least: number) =>
    requireInteger(name, Number(values[name]), least, 1e6);
  const [scenes, steps, polish, seed] = [
    number('scenes', 1),
    number('steps', 2),
    number('polish', 2),
    number('seed', 0),
  ];
  requireRange('threads', number('threads', 1), 1, 256);
  await useEngine('onnx', { threads: number('threads', 1) });
  mkdirSync(values.out, { recursive: true });
  const watch = (stage: string) => ({
    progress: stage,
    checkpoint: { path: join(values.out, `${stage}.checkpoint.safetensors`), everySteps: 50, resume: true },
  });
  const params = startPillars(seed);
  const first = { seed, steps, learningRate: 2.5e-3, batch: 2, frames: trainingFrames(scenes) };
  await trainPillars(params, first, watch('imagined'));
  const bytes = await fileOf(params, { stage: 'imagined', seed, steps });
  const looker = detectorOf(loadPillars(bytes));
  const frames = trainingFrames(scenes, looker);
  const second = { seed: seed + 1, steps: polish, learningRate: 2e-3, batch: 2, frames };
  await trainPillars(params, second, watch('found'));
  looker.dispose();
  const path = join(values.out, 'pillars.safetensors');
  writeFileAtomic(path, await fileOf(params, { stage: 'found', seed, steps: steps + polish }));
  console.log(path);
}

async function fileOf(
  params: PillarParameters,
  { stage, seed, steps }: { stage: string; seed: number; steps: number },
): Promise<Uint8Array> {
  const metadata = { model: 'pillars', stage, seed: String(seed), steps: String(steps) };
  return encodeSafetensors(await snapshot(params), { dtype: 'F16', metadata });
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
