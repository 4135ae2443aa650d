import { Rng } from '../../../lib/math/index.js';
import {
  disposeTree,
  readSafetensors,
  type Snapshot,
  snapshot,
  writeSafetensors,
} from '../../../lib/nn/index.js';
import type { Network } from './networks/index.js';

const weightPrefix = 'weights.';
const inputPrefix = 'inputs.';

/** What every contender starts from. */
export interface Sample {
  weights: Snapshot;
  inputs: Snapshot;
}

/** Draws weights and one batch and writes them as safetensors: `weights.NAME` and `inputs.NAME`. */
export async function writeSample(network: Network, path: string): Promise<void> {
  const rng = Rng.of(1);
  const tree = network.init(rng.fork('weights'));
  const tensors: Snapshot = new Map();
  for (const [name, values] of await snapshot(tree)) tensors.set(weightPrefix + name, values);
  disposeTree(tree);
  for (const [name, values] of Object.entries(network.batch(rng.fork('batch')))) {
    tensors.set(inputPrefix + name, values);
  }
  writeSafetensors(path, tensors);
}

export function readSample(path: string): Sample {
  const { tensors } = readSafetensors(path);
  const part = (prefix: string): Snapshot =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, values]) => [name.slice(prefix.length), values]),
    );
  return { weights: part(weightPrefix), inputs: part(inputPrefix) };
}
