import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireInteger, writeFileAtomic } from '../../lib/base/index.js';
import { useEngine } from '../../lib/engine/index.js';
import { encodeSafetensors, snapshot } from '../../lib/nn/index.js';
import { loadPillars, mapPairs, pillarDetector, startAir, trainAir } from '../../lib/v2x/index.js';

/**
 * Trains the codec of feature maps as the weights that ship were trained: `npx tsx --conditions=@semwave/source
 * scripts/v2x/train-air.ts`. It belongs to the features of one detector: train it again when that changes. Goes on from its
 * checkpoint when interrupted. About 4 minutes on one core.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'runs/air' },
      detector: { type: 'string' },
      uses: { type: 'string', default: '2500' },
      scenes: { type: 'string', default: '100' },
      steps: { type: 'string', default: '6000' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: '1' },
    },
  });
  const number = (name: 'uses' | 'scenes' | 'steps' | 'seed' | 'threads', least: number) =>
    requireInteger(name, Number(values[name]), least, 1e6);
  const [uses, steps, seed] = [number('uses', 1), number('steps', 2), number('seed', 0)];
  await useEngine('onnx', { threads: number('threads', 1) });
  mkdirSync(values.out, { recursive: true });
  const detector = pillarDetector(values.detector ? { weights: values.detector } : {});
  const training = {
    ...{ seed, steps, uses, learningRate: 2e-3, batch: 4, snrDb: [-15, 20] as const },
    pairs: mapPairs(number('scenes', 1), detector),
    detector: loadPillars(values.detector),
  };
  const parameters = startAir(seed, uses, training);
  const name = `air-${uses}`;
  await trainAir(parameters, training, {
    progress: name,
    checkpoint: { path: join(values.out, `${name}.checkpoint.safetensors`), everySteps: 100, resume: true },
  });
  const path = join(values.out, `${name}.safetensors`);
  const metadata = { model: 'air', uses: String(uses), seed: String(seed), steps: String(steps) };
  writeFileAtomic(path, encodeSafetensors(await snapshot(parameters), { dtype: 'F16', metadata }));
  console.log(path);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
